"""Values from type to type, and what is lost: every line of conversions.txt, and columns as a whole."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import fields
from fields import FIELD_TYPES

FILE = Path(__file__).parent / "conversions.txt"


@dataclass(frozen=True, slots=True)
class Case:
    place: int
    source: tuple[str, Any]
    target: tuple[str, Any]
    value: Any
    answer: Any
    loss: str


def read_cases() -> Iterator[Case]:
    sides: dict[str, tuple[str, Any]] = {}
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1):
        if opening := re.fullmatch(r"(from|to) (\w+) ?(.*)", line):
            sides[opening[1]] = (opening[2], json.loads(opening[3] or "null"))
        elif line and not line.startswith("#"):
            value, answer, loss = line.split(" | ")
            yield Case(number, sides["from"], sides["to"], json.loads(value), json.loads(answer), loss)


def converted(case: Case) -> fields.Converted:
    (from_type, from_options), (to_type, to_options) = case.source, case.target
    return fields.convert(case.value, from_type, to_type, from_options=from_options, to_options=to_options)


CASES = list(read_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.place}-{case.source[0]}-{case.target[0]}")
def test_a_value_becomes_what_the_table_says(case: Case) -> None:
    answer = converted(case)

    assert (answer.value, answer.loss) == (case.answer, case.loss)
    assert bool(answer.problems) is (case.loss == "impossible")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.place}-{case.source[0]}-{case.target[0]}")
def test_what_a_value_becomes_can_be_read_by_the_new_type(case: Case) -> None:
    answer = converted(case)
    if answer.value is None:
        return

    again = fields.typecast(case.target[0], answer.value, case.target[1])

    assert (again.problems, again.value) == ((), answer.value)


def test_the_zone_and_the_locale_of_the_asker_matter() -> None:
    day = fields.convert(
        "2022-09-05T02:00:00.000Z", "dateTime", "date", time_zone="America/New_York", locale="de"
    )
    number = fields.convert("1.234,5", "singleLineText", "number", locale="de")

    assert day.value == "2022-09-04"
    assert (number.value, number.loss) == (1234.5, "lossless")


def test_a_column_is_previewed_with_counts_and_the_values_that_lose() -> None:
    preview = fields.convert_column(["1", "2 apples", "x", None], "singleLineText", "number")

    assert [made.value for made in preview.converted] == [1, 2, None, None]
    assert preview.counts == {"lossless": 2, "lossy": 1, "impossible": 1}
    assert preview.loss == "impossible"
    assert [(index, made.loss) for index, made in preview.losses()] == [(1, "lossy"), (2, "impossible")]


def test_a_column_without_losses_is_lossless() -> None:
    assert fields.convert_column(["1"], "singleLineText", "number").loss == "lossless"
    assert fields.convert_column([], "singleLineText", "number").loss == "lossless"


@pytest.mark.parametrize(
    ("to_type", "new"),
    [("multipleSelects", ("Todo", "New, too")), ("singleSelect", ('Todo, "New, too"', "Done"))],
)
def test_a_column_tells_the_choices_that_a_select_would_gain(to_type: str, new: tuple[str, ...]) -> None:
    options = {"choices": [{"name": "Done"}]} if to_type == "multipleSelects" else None

    preview = fields.convert_column(
        ['Todo, "New, too"', "Done", "Done"], "singleLineText", to_type, to_options=options
    )

    assert preview.new_choices == new


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=15),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "name", "text", "url", "filename"]), inner, max_size=3)
    ),
    max_leaves=5,
)
TYPES = st.sampled_from([*FIELD_TYPES, "quokka"])


@given(VALUES, TYPES, TYPES)
@example([None], "multipleAttachments", "singleLineText")
@settings(max_examples=500, deadline=None)
def test_any_value_is_converted_or_refused(value: Any, from_type: str, to_type: str) -> None:
    answer = fields.convert(value, from_type, to_type)

    assert bool(answer.problems) is (answer.loss == "impossible")
    json.dumps([answer.value, answer.text], allow_nan=False)


@given(st.integers(-(10**9), 10**9), st.sampled_from(["singleLineText", "percent", "duration", "barcode"]))
@settings(max_examples=100, deadline=None)
def test_a_lossless_number_comes_back_from_the_other_type(number: int, to_type: str) -> None:
    there = fields.convert(number, "number", to_type)
    back = fields.convert(there.value, to_type, "number")

    assert there.loss != "lossless" or number in {0, back.value}
