"""The far ends: texts too long, numbers too large, keys that are no names."""

from typing import Any

import pytest

import fields
import moments

ENORMOUS = 10**5000  # more digits than Python will write out, so the cases name it


def test_a_text_of_a_hundred_thousand_characters_fits_and_one_more_does_not() -> None:
    assert fields.check("multilineText", "x" * 100_000).ok

    [problem] = fields.check("multilineText", "x" * 100_001).problems

    assert problem.code == "too_long"
    assert "100,000" in problem.message
    assert "100,001" in problem.message


@pytest.mark.parametrize("type", ["number", "percent", "currency", "duration", "rating"])
@pytest.mark.parametrize("number", [10**400, -(10**400), float("inf"), float("nan")])
def test_a_number_beyond_doubles_is_out_of_range_however_it_comes(type: str, number: Any) -> None:
    assert [problem.code for problem in fields.check(type, number).problems] == ["out_of_range"]
    assert [problem.code for problem in fields.typecast(type, number).problems] == ["out_of_range"]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        pytest.param(ENORMOUS, "Infinity", id="enormous"),
        pytest.param(-ENORMOUS, "-Infinity", id="minus-enormous"),
        (2**80, "1.2089258196146292e+24"),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        (1e-7, "1e-7"),
        (3.0, "3"),
    ],
)
def test_any_number_has_a_text_where_numbers_do_not_belong(number: Any, text: str) -> None:
    assert fields.text("singleLineText", number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [pytest.param(ENORMOUS, "Infinity", id="enormous"), (float("nan"), "NaN"), (1e300, "1" + "0" * 300)],
)
def test_any_number_has_a_text_at_a_precision(number: Any, text: str) -> None:
    assert fields.text("number", number, {"precision": 0}) == text


def test_a_value_that_is_no_json_still_has_a_text() -> None:
    assert fields.text("singleLineText", b"x") == "b'x'"


def test_a_key_that_is_no_name_is_an_unknown_field() -> None:
    keys: Any = {5: "x"}

    [problem] = fields.check_record(
        {"fields": [{"id": "fldA", "name": "A", "type": "number"}]}, keys
    ).problems

    assert (problem.code, problem.path) == ("unknown_field", ("5",))


def test_a_date_format_without_a_name_shows_by_its_pattern() -> None:
    assert fields.text("date", "2022-09-05", {"dateFormat": {"format": "YYYY"}}) == "2022"


def test_a_moment_that_has_no_date_in_the_zone_shows_as_it_is() -> None:
    first = "0001-01-01T00:00:00.000Z"

    assert fields.text("dateTime", first, {"timeZone": "America/Los_Angeles"}) == first


def test_a_type_that_is_no_name_is_an_unknown_type() -> None:
    number: Any = 5

    assert [problem.code for problem in fields.check(number, "x").problems] == ["unknown_type"]


def test_prose_is_no_date() -> None:
    assert [problem.code for problem in fields.typecast("date", "2022 " * 40).problems] == ["bad_date"]


def test_a_zone_of_the_caller_that_does_not_exist_is_an_error_of_the_caller() -> None:
    with pytest.raises(moments.UnknownZone):
        fields.text("dateTime", "2026-11-23T09:30:00.000Z", time_zone="Mars/Olympus")
    with pytest.raises(moments.UnknownZone):
        fields.typecast("dateTime", "2026-11-23T09:30", time_zone="Mars/Olympus")


def test_a_long_list_of_choices_is_told_in_part() -> None:
    options = {"choices": [{"name": f"choice {number}"} for number in range(50)]}

    [problem] = fields.check("singleSelect", "quokka", options).problems

    assert "choice 19 and 30 more" in problem.message
    assert "choice 20" not in problem.message
