"""Which type a column was meant to be: every line of columns.txt, and promises for any column."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fields

LINES = (Path(__file__).parent / "columns.txt").read_text(encoding="utf-8").splitlines()
COLUMNS = [line.split(" | ") for line in LINES if line and not line.startswith("#")]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: f"{column[1]}-{column[0][:30]}")
def test_a_column_is_of_the_type_in_the_table(column: list[str]) -> None:
    values, type, options, confidence, exceptions = column

    answer = fields.infer(json.loads(values))

    assert (answer.type, answer.options) == (type, json.loads(options))
    assert (answer.confidence, list(answer.exceptions)) == (float(confidence), json.loads(exceptions))


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: f"{column[1]}-{column[0][:30]}")
def test_a_field_of_the_inferred_type_can_be_made_and_takes_the_values(column: list[str]) -> None:
    values = json.loads(column[0])
    answer = fields.infer(values)

    assert fields.check_options(answer.type, answer.options).problems == ()
    for value in values:
        if value not in answer.exceptions:
            assert fields.typecast(answer.type, value, answer.options).ok


WORDS = ["1", "2.5", "$5", "yes", "2022-09-05", "9/5/2022", "1:30", "a@x.com", "+14155552671", "5%", "a, b"]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=12) | st.none() | st.floats(), max_size=12))
@settings(max_examples=300, deadline=None)
def test_any_column_has_a_type_that_can_be_made(values: list[Any]) -> None:
    answer = fields.infer(values)

    assert fields.check_options(answer.type, answer.options).problems == ()
    assert 0 <= answer.confidence <= 1
    assert all(any(value is other for other in values) for value in answer.exceptions)
