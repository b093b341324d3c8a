"""The examples that came with the task: every one of them, as `check_case` answers it."""

import json
from pathlib import Path
from typing import Any

import pytest

import fields

LINES = (Path(__file__).parent / "examples.jsonl").read_text(encoding="utf-8").splitlines()
EXAMPLES = [json.loads(line) for line in LINES]


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case["id"])
def test_the_answer_to_an_example_is_its_own(case: dict[str, Any]) -> None:
    answer = fields.check_case(case)

    assert (answer.ok, answer.value) == (case["valid"], case["normalized"])
