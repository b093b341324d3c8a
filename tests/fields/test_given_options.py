"""Options that come with a value are judged as well: what a field could not have is told at its path."""

from typing import Any

import pytest

import fields

BAD: list[tuple[str, Any, Any, tuple[str | int, ...]]] = [
    ("number", 5, {"precision": "x"}, ("options", "precision")),
    ("number", 5, {"precision": 9}, ("options", "precision")),
    ("number", 5, "precision", ("options",)),
    ("currency", 5, {"precision": 2, "symbol": 5}, ("options", "symbol")),
    ("currency", 5, {"currency": 5}, ("options", "currency")),
    ("rating", 5, {"max": 11}, ("options", "max")),
    ("rating", 5, {"max": True}, ("options", "max")),
    ("duration", 5, {"durationFormat": "mm:ss"}, ("options", "durationFormat")),
    ("date", "2026-01-01", {"dateFormat": {"name": "quokka"}}, ("options", "dateFormat", "name")),
    ("date", "2026-01-01", {"dateFormat": "iso"}, ("options", "dateFormat")),
    ("dateTime", "2026-01-01T00:00:00Z", {"timeZone": "Mars/Olympus"}, ("options", "timeZone")),
    ("singleSelect", "a", {"choices": {"name": "a"}}, ("options", "choices")),
    ("singleSelect", "a", {"choices": [{"name": 5}]}, ("options", "choices", 0, "name")),
    ("multipleRecordLinks", [], {"linkedTableId": 5}, ("options", "linkedTableId")),
    ("phoneNumber", "+14155552671", {"default_region": 5}, ("options", "default_region")),
    ("phoneNumber", "+14155552671", {"format": "e164"}, ("options", "format")),
    ("phoneNumber", "+14155552671", {"allowed_types": ["CELL"]}, ("options", "allowed_types", 0)),
    ("url", "https://example.com/", {"allowed_schemes": "https"}, ("options", "allowed_schemes")),
    ("email", "a@example.com", {"allow_smtputf8": "no"}, ("options", "allow_smtputf8")),
    ("barcode", {"text": "1"}, {"symbology": 5}, ("options", "symbology")),
    ("multipleAttachments", [], {"max_count": -1}, ("options", "max_count")),
]


@pytest.mark.parametrize(("type", "value", "options", "path"), BAD)
@pytest.mark.parametrize("mode", ["airtable", "strict"])
def test_an_option_that_no_field_has_is_a_problem_at_its_path(
    type: str, value: Any, options: Any, path: tuple[str | int, ...], mode: Any
) -> None:
    answer = fields.check(type, value, options, mode=mode)

    assert [(problem.code, problem.path) for problem in answer.problems] == [("bad_option", path)]


@pytest.mark.parametrize(("type", "value", "options", "path"), BAD)
def test_in_a_record_the_path_goes_through_the_field(
    type: str, value: Any, options: Any, path: tuple[str | int, ...]
) -> None:
    table = {"fields": [{"id": "fldA", "name": "A", "type": type, "options": options}]}

    answer = fields.check_record(table, {"A": value})

    assert [problem.path for problem in answer.problems] == [("A", *path)]


@pytest.mark.parametrize(
    ("type", "value", "options", "path"),
    [
        ("phoneNumber", "+14155552671", {"default_region": "ZZ"}, ("options", "default_region")),
        ("currency", 5, {"currency": "QQQ"}, ("options", "currency")),
        ("barcode", {"text": "1"}, {"symbology": "quokka"}, ("options", "symbology")),
    ],
)
def test_what_strict_rules_alone_know_to_be_wrong_is_told_by_them(
    type: str, value: Any, options: Any, path: tuple[str, ...]
) -> None:
    assert [problem.path for problem in fields.check(type, value, options).problems] == [path]


def test_a_mistyped_option_is_answered_with_the_nearest_one() -> None:
    [currency] = fields.check("currency", 5, {"currency": " eur"}).problems
    [zone] = fields.check("dateTime", "2026-01-01T00:00Z", {"timeZone": "Europe/Pariss"}).problems

    assert currency.suggestion == "EUR"
    assert zone.suggestion == "Europe/Paris"


@pytest.mark.parametrize(
    ("type", "value", "options"),
    [
        ("number", 5, {"precision": None}),
        ("number", 5, {"quokka": 1}),
        ("phoneNumber", "+14155552671", {"default_region": None}),
        ("dateTime", "2026-01-01T00:00:00Z", {"timeZone": "client"}),
        ("dateTime", "2026-01-01T00:00:00Z", {"timeZone": "Europe/Paris"}),
        ("singleSelect", "a", {"choices": [{"id": "sel1", "name": "a", "color": "redBright"}]}),
        (
            "multipleRecordLinks",
            ["recA1"],
            {"linkedTableId": "tblA1", "isReversed": False, "prefersSingleRecordLink": True},
        ),
    ],
)
def test_options_as_they_are_read_pass_with_what_is_absent_or_unknown(
    type: str, value: Any, options: Any
) -> None:
    assert fields.check(type, value, options).ok


def test_a_conversion_tells_which_sides_options_are_wrong() -> None:
    source = fields.convert(5, "number", "singleLineText", from_options={"precision": "x"})
    target = fields.convert("5", "singleLineText", "number", to_options={"precision": "x"})

    assert [problem.path for problem in source.problems] == [("from_options", "precision")]
    assert [problem.path for problem in target.problems] == [("to_options", "precision")]


def test_options_to_make_a_field_with_are_judged_to_the_end_though_some_are_missing() -> None:
    codes = [
        (problem.code, problem.path)
        for problem in fields.check_options("dateTime", {"timeZone": "Mars/Olympus"}).problems
    ]

    assert codes == [
        ("missing_option", ("dateFormat",)),
        ("missing_option", ("timeFormat",)),
        ("bad_option", ("timeZone",)),
    ]
