from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

import formula

NOON = datetime(2024, 5, 10, 12, 0, tzinfo=UTC)


def test_a_compiled_formula_runs_over_one_record_and_over_many() -> None:
    compiled = formula.compile("{n} * 2", {"n": "number"})

    assert compiled.one({"n": 4}) == 8
    assert compiled.map([{"n": 1}, {}, {"n": 2.5}]) == [2, 0, 5]
    assert compiled.result_type == "number"
    assert compiled.depends_on == ("n",)


def test_each_row_has_its_record() -> None:
    compiled = formula.compile("RECORD_ID() & YEAR(CREATED_TIME())")
    records: list[dict[str, Any]] = [
        {"id": "rec1", "created_time": "2020-01-01T00:00:00.000Z"},
        {"id": "rec2", "created_time": NOON},
    ]

    assert compiled.map([{}, {}], records=records) == ["rec12020", "rec22024"]


def test_a_row_without_a_record_is_refused() -> None:
    compiled = formula.compile("RECORD_ID()")

    with pytest.raises(ValueError, match="shorter"):
        compiled.map([{}, {}], records=[{"id": "rec1"}])


def test_times_of_change_are_found_by_name_or_by_id() -> None:
    compiled = formula.compile(
        "DAY(LAST_MODIFIED_TIME({A}, {B}))", {"A": "text", "B": "text"}, field_names={"fldB": "B"}
    )
    times = {"A": "2024-01-02T00:00:00.000Z", "fldB": "2024-01-03T00:00:00.000Z"}

    assert compiled.one({}, record={"field_modified_times": times}) == 3


def test_all_rows_of_a_batch_share_one_now() -> None:
    values = formula.compile("NOW()").map([{}] * 1000)

    assert len(set(map(formula.to_rest, values))) == 1


def test_without_a_now_the_clock_is_read() -> None:
    before = datetime.now(UTC)

    value = formula.evaluate("NOW()")

    assert isinstance(value, formula.DateValue)
    assert before - timedelta(milliseconds=1) < value.instant <= datetime.now(UTC)


def test_a_now_of_another_zone_is_taken_as_the_instant_that_it_is() -> None:
    tokyo = datetime(2024, 5, 10, 21, 0, tzinfo=timezone(timedelta(hours=9)))

    assert formula.to_rest(formula.evaluate("NOW()", now=tokyo)) == "2024-05-10T12:00:00.000Z"


def test_the_zone_decides_what_day_it_is_and_how_text_is_read() -> None:
    late = datetime(2024, 5, 10, 23, 0, tzinfo=UTC)

    assert formula.to_rest(formula.evaluate("TODAY()", now=late, time_zone="Asia/Tokyo")) == "2024-05-11"
    assert formula.evaluate('HOUR("2024-01-01T12:00Z")', time_zone="Asia/Tokyo") == 21
    read = formula.evaluate('DATEADD("2024-01-01 12:00", 0, "h")', time_zone="Asia/Tokyo")
    assert formula.to_rest(read) == "2024-01-01T03:00:00.000Z"


def test_a_calendar_day_is_the_same_day_in_every_zone() -> None:
    value = formula.evaluate(
        "DAY({d})", {"d": "2024-01-15"}, field_types={"d": "date"}, time_zone="America/Lima"
    )

    assert value == 15


def test_the_locale_writes_dates() -> None:
    assert formula.evaluate('DATETIME_FORMAT("2024-01-15", "MMMM")', locale="fr") == "janvier"


@pytest.mark.parametrize(
    ("text", "fields", "kept"),
    [
        ("1", {}, True),
        ("0", {}, False),
        ('""', {}, False),
        ("BLANK()", {}, False),
        ("0/0", {}, False),
        ("1/0", {}, True),
        ("ERROR()", {}, False),
        ("{a}", {"a": []}, False),
        ("{a}", {"a": ["x"]}, True),
        ('"false"', {}, True),
        ("TODAY()", {}, True),
        ("AND({n} > 5, FIND('x', {t}))", {"n": 6, "t": "axe"}, True),
        ("AND({n} > 5, FIND('x', {t}))", {"n": 6, "t": "ape"}, False),
    ],
)
def test_a_filter_keeps_a_record_unless_its_value_is_empty_zero_or_an_error(
    text: str, fields: dict[str, Any], *, kept: bool
) -> None:
    assert formula.matches(text, fields) is kept
    assert formula.compile(text).matches(fields) is kept


def test_a_field_that_is_in_neither_mapping_is_unknown_only_when_types_are_given() -> None:
    assert formula.evaluate("{Gone}", {}) is None
    assert formula.evaluate("{n}", {"n": 1}, field_types={}) == 1
    with pytest.raises(formula.FormulaCheckError):
        formula.evaluate("{Gone}", {}, field_types={})


def test_a_value_that_does_not_fit_its_type_is_coerced_or_fails() -> None:
    types = {"n": "number", "d": "date", "t": "singleLineText", "c": "checkbox", "a": "multipleSelects"}

    assert formula.evaluate("{n} + 1", {"n": "2"}, field_types=types) == 3
    assert formula.evaluate("{n} + 1", {"n": "two"}, field_types=types) == formula.ErrorValue()
    assert formula.evaluate("{d}", {"d": "soon"}, field_types=types) == formula.ErrorValue()
    assert formula.evaluate("{t} & 1", {"t": 5}, field_types=types) == "51"
    assert formula.evaluate("{c} + 1", {"c": "yes"}, field_types=types) == 2
    assert formula.evaluate("COUNTA({a})", {"a": "x"}, field_types=types) == 1


def test_numbers_are_doubles_however_they_arrive() -> None:
    assert formula.evaluate("{n} + 1", {"n": 2**53}) == 2.0**53
    assert formula.to_rest(formula.evaluate("{n}", {"n": 10**400})) == {"specialValue": "Infinity"}
    assert formula.to_rest(formula.evaluate("{n} - {n}", {"n": 2**60})) == 0


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(ValueError, match="dialect"):
        formula.compile("1", dialect="excel")  # type: ignore[arg-type] # that is the point


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (True, 1),
        (3.0, 3),
        (2.5, 2.5),
        (-0.0, 0),
        (1e300, 1e300),
        (float("nan"), {"specialValue": "NaN"}),
        (float("-inf"), {"specialValue": "-Infinity"}),
        (formula.ErrorValue(), {"error": "#ERROR!"}),
        ([1.0, "a", None], [1, "a", None]),
        (formula.DateValue(NOON), "2024-05-10T12:00:00.000Z"),
        (formula.DateValue(NOON, date_only=True), "2024-05-10"),
    ],
)
def test_a_value_has_the_form_of_the_rest_api(value: formula.Value, shown: object) -> None:
    assert formula.to_rest(value) == shown
    assert type(formula.to_rest(value)) is type(shown)


@pytest.mark.parametrize(
    ("setting", "nearest"), [({"time_zone": "Europe/Pariss"}, "Europe/Paris"), ({"locale": "jaa"}, "ja?")]
)
def test_an_unknown_zone_or_locale_is_refused_before_anything_runs(
    setting: dict[str, Any], nearest: str
) -> None:
    (value,) = setting.values()

    for run in (formula.evaluate, formula.compile, formula.matches):
        with pytest.raises(formula.UnknownSetting, match=value) as refused:
            run("1 + 1", **setting)
        assert nearest in str(refused.value)


def test_columns_give_the_values_that_rows_give() -> None:
    compiled = formula.compile('{n} & {t} & LEN({gone} & "")', {"n": "number", "t": "text", "gone": "text"})
    columns = {"n": [*range(5_000)], "t": ["x", None] * 2_500}

    values = compiled.map_columns(columns)

    rows = [{"n": number, "t": None if number % 2 else "x"} for number in range(5_000)]
    assert values == compiled.map(rows)


def test_a_cell_of_a_column_that_cannot_be_read_fails_alone() -> None:
    compiled = formula.compile("{n} + 1", {"n": "number"})

    values = compiled.map_columns({"n": [1] * 99 + [{"error": "#ERROR!"}]})

    assert values == [2.0] * 99 + [formula.ErrorValue()]


def test_columns_of_different_lengths_are_refused() -> None:
    compiled = formula.compile("{a} & {b}")

    with pytest.raises(ValueError, match="lengths: 1, 2"):
        compiled.map_columns({"a": [1, 2], "b": [1]})
    assert compiled.map_columns({}) == []


def test_records_stand_beside_columns() -> None:
    compiled = formula.compile("RECORD_ID() & {a}")
    records = [{"id": f"rec{number}"} for number in range(100)]

    assert compiled.map_columns({}, records=records) == [record["id"] for record in records]
    assert compiled.map_columns({"a": ["x"]}, records=records[:1]) == ["rec0x"]
    with pytest.raises(ValueError, match="lengths"):
        compiled.map_columns({"a": ["x"]}, records=records)


@pytest.mark.parametrize("value", [None, 0, False, "", float("nan"), [], formula.ErrorValue()])
def test_a_filter_keeps_no_record_of_such_a_value(value: formula.Value) -> None:
    assert not formula.holds(value)
    assert formula.holds(1)
