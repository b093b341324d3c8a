import json
from pathlib import Path
from typing import Any

import pytest

import formula

_HERE = Path(__file__).parent


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_HERE / name).read_text(encoding="utf-8").splitlines()]


def _result(example: dict[str, Any]) -> Any:
    types = example.get("field_types")
    if example.get("mode") == "filter":
        return int(formula.matches(example["formula"], example["fields"], field_types=types))
    return formula.to_rest(formula.evaluate(example["formula"], example["fields"], field_types=types))


@pytest.mark.parametrize("example", _lines("examples.jsonl"), ids=lambda example: example["id"])
def test_an_example_from_the_documentation_and_the_peers_gives_its_value(example: dict[str, Any]) -> None:
    assert _result(example) == example["expected"]


@pytest.mark.parametrize("wild", _lines("wild.jsonl"), ids=lambda wild: wild["formula"][:40])
def test_a_formula_from_the_wild_parses_checks_and_keeps_its_tree_when_rendered(wild: dict[str, Any]) -> None:
    tree = formula.parse(wild["formula"])

    assert formula.parse(formula.render(tree)) == tree
    assert formula.check(wild["formula"]).problems == ()
