from dataclasses import fields, replace
from typing import Any, cast, get_args

import pytest

import formula

_CHOICES: list[tuple[str, str, str, Any]] = [
    ("ampersand", "below_plus", '"1/" & 2 + 1', "1/3"),
    ("ampersand", "with_plus", '"a" & 2 + "b"', "a2b"),
    ("mid_start", "one", 'MID("quick brown fox", 6, 5)', " brow"),
    ("mid_start", "zero", 'MID("quick brown fox", 6, 5)', "brown"),
    ("even_of_negatives", "away_from_zero", "EVEN(-0.1)", -2),
    ("even_of_negatives", "up", "EVEN(-0.1)", 0),
    ("mod_sign", "divisor", "MOD(-5, 3)", 1),
    ("mod_sign", "dividend", "MOD(-5, 3)", -2),
    ("search_case", "insensitive", 'SEARCH("B", "abc")', 2),
    ("search_case", "sensitive", 'SEARCH("B", "abc")', None),
    ("round_ties", "decimal", "ROUND(65.115, 2)", 65.12),
    ("round_ties", "binary", "ROUND(1.005, 2)", 1),
    ("extract_without_match", "error", 'REGEX_EXTRACT("a", "b")', {"error": "#ERROR!"}),
    ("extract_without_match", "blank", 'REGEX_EXTRACT("a", "b")', None),
    ("numeric_text", "counted", 'SUM(1, "5", "x")', 6),
    ("numeric_text", "skipped", 'SUM(1, "5", "x")', 1),
    ("unknown_unit", "milliseconds", 'DATETIME_DIFF("2024-01-02", "2024-01-01", "?")', 86_400_000),
    ("unknown_unit", "seconds", 'DATETIME_DIFF("2024-01-02", "2024-01-01", "?")', 86_400),
    ("unknown_unit", "error", 'DATETIME_DIFF("2024-01-02", "2024-01-01", "?")', {"error": "#ERROR!"}),
    ("array_separator", "comma_space", "ARRAYJOIN({a})", "x, y"),
    ("array_separator", "comma", "ARRAYJOIN({a})", "x,y"),
    ("timestr_hour", "padded", 'TIMESTR("2024-01-01 07:00")', "07:00:00"),
    ("timestr_hour", "plain", 'TIMESTR("2024-01-01 07:00")', "7:00:00"),
    ("average_blanks", "skipped", "AVERAGE(4, BLANK())", 4),
    ("average_blanks", "zero", "AVERAGE(4, BLANK())", 2),
    ("value_of_words", "error", 'VALUE("abc")', {"error": "#ERROR!"}),
    ("value_of_words", "nan", 'VALUE("abc")', {"specialValue": "NaN"}),
    ("value_of_words", "zero", 'VALUE("abc")', 0),
    ("text_units", "utf16", 'LEN("a😊")', 3),
    ("text_units", "code_points", 'LEN("a😊")', 2),
    ("blank_date", "error", "YEAR(BLANK())", {"error": "#ERROR!"}),
    ("blank_date", "blank", "YEAR(BLANK())", None),
    ("plus_of_text", "concatenate", '"1" + 2', "12"),
    ("plus_of_text", "add", '"1" + 2', 3),
    ("field_case", "forgiving", "{A}", ["x", "y"]),
    ("field_case", "exact", "{A}", None),
]


@pytest.mark.parametrize(("name", "choice", "text", "expected"), _CHOICES)
def test_a_switch_decides_a_disputed_point(name: str, choice: str, text: str, expected: Any) -> None:
    switches = replace(formula.Switches(), **cast("Any", {name: choice}))

    value = formula.evaluate(text, {"a": ["x", "y"]}, switches=switches)

    assert formula.to_rest(value) == expected


def test_every_choice_of_every_switch_is_tried() -> None:
    choices = {(field.name, choice) for field in fields(formula.Switches) for choice in get_args(field.type)}

    assert {(name, choice) for name, choice, _, _ in _CHOICES} == choices
    assert len(fields(formula.Switches)) == 17


def test_the_first_choice_is_the_default() -> None:
    defaults = formula.Switches()

    for field in fields(formula.Switches):
        assert getattr(defaults, field.name) == get_args(field.type)[0]
