"""The filter of an upsert is passed by every record with the values of a row, whatever they are."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import formula
from airtable_gateway import FieldSchema, TableSchema, matching_formula

TYPES = ("singleLineText", "multilineText", "singleSelect", "number", "date", "dateTime", "multipleSelects")
TABLE = TableSchema(
    id="tblMatched0000001",
    name="Matched",
    primary_field_id="fldA",
    fields=tuple(FieldSchema(f"fld{type}", f"A {type} }}", type) for type in TYPES),
)
FIELD_TYPES = {field.name: field.type for field in TABLE.fields}
NAMES = {field.id: field.name for field in TABLE.fields}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
VALUES = {
    **dict.fromkeys(("singleLineText", "multilineText", "singleSelect"), TEXTS | TEXTS.map(lambda t: t * 90)),
    "number": st.floats(-1e14, 1e14) | st.integers(-(10**14), 10**14),
    "date": st.dates().map(str),
    "dateTime": st.datetimes().map(lambda at: at.isoformat(timespec="milliseconds") + "Z"),
    "multipleSelects": st.lists(TEXTS, min_size=1, max_size=3),
}


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """Values for one to three fields."""
    types = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True))
    return {f"A {type} }}": draw(VALUES[type]) for type in types}


@given(st.lists(rows(), min_size=1, max_size=3), st.data())
@settings(deadline=None)
def test_a_record_that_equals_a_row_is_found(given_rows: list[dict[str, Any]], data: st.DataObject) -> None:
    names = list(given_rows[0])
    wanted = [row for row in given_rows if row.keys() >= set(names)]
    record = data.draw(st.sampled_from(wanted))

    told = matching_formula(TABLE, wanted, names)

    assert told is not None
    assert formula.matches(told, record, field_types=FIELD_TYPES, field_names=NAMES)


@pytest.mark.parametrize("ending", ["", "\n"])
@pytest.mark.parametrize("given_ending", ["", "\n"])
def test_a_line_end_more_or_less_is_no_other_text(ending: str, given_ending: str) -> None:
    told = matching_formula(TABLE, [{"A multilineText }": f"🦊 a{given_ending}"}], ["A multilineText }"])

    record = {"A multilineText }": f"🦊 a{ending}"}
    assert formula.matches(told or "", record, field_types=FIELD_TYPES, field_names=NAMES)


@pytest.mark.parametrize("value", [None, "words", 10**400, 1e300, math.nan])
def test_what_no_number_can_equal_leaves_the_formula_untold(value: Any) -> None:
    assert matching_formula(TABLE, [{"A number }": value}], ["A number }"]) is None
