"""What a person says of a date, as a filter over records of which one has none."""

import pytest

import formula
from local_twins.gemini.demo.conditions import formula_of
from local_twins.gemini.demo.places import Place

PLACE = Place("appWork0000000001", "Work", "Tasks", {"Name": "singleLineText", "Due": "date"}, "Name")
DAYS = ["2026-01-01", "2026-01-02", "2026-01-03", None]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("Due = 2026-01-02", ["2026-01-02"]),
        ("Due != 2026-01-02", ["2026-01-01", "2026-01-03", None]),
        ("Due < 2026-01-02", ["2026-01-01"]),
        ("Due > 2026-01-02", ["2026-01-03"]),
        ("Due <= 2026-01-02", ["2026-01-01", "2026-01-02"]),
        ("Due >= 2026-01-02", ["2026-01-02", "2026-01-03"]),
    ],
)
def test_a_record_without_a_date_is_on_no_side_of_a_day(condition, kept):
    text = formula_of(PLACE, condition)

    found = [day for day in DAYS if formula.matches(text, {"Due": day}, field_types={"Due": "date"})]

    assert found == kept
