"""What a filter compares its fields with, and which of it no cell can make true."""

import itertools
from typing import Any

import pytest

import formula

TYPES = {
    "Name": "singleLineText",
    "Status": "singleSelect",
    "Hours": "number",
    "Done": "checkbox",
    "Due": "date",
    "Tags": "multipleSelects",
}


def found(text: str) -> list[tuple[str, str, object, str]]:
    """Each comparison's field, operator, value and function."""
    return [
        (each.field, each.operator, each.value, each.function) for each in formula.comparisons(text, TYPES)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{Status} = "Done"', ("Status", "=", "Done", "")),
        ('"Done" = Status', ("Status", "=", "Done", "")),
        ("5 < {Hours}", ("Hours", ">", 5.0, "")),
        ("{Hours} >= -5", ("Hours", ">=", -5.0, "")),
        ("{Due} = 2026-01-02", ("Due", "=", 2023.0, "")),
        ("{Due} = TODAY()", ("Due", "=", None, "")),
        ('LOWER({Name}) = "x"', ("Name", "=", "x", "LOWER")),
        ('FIND("x", {Tags})', ("Tags", "contains", "x", "")),
        ('FIND("x", ARRAYJOIN({Tags})) > 0', ("Tags", "contains", "x", "")),
        ('SEARCH("x", {Tags} & "")', ("Tags", "contains", "x", "SEARCH")),
        ('FIND("x", LOWER({Tags}))', ("Tags", "contains", "x", "LOWER")),
        ('IF({Status} = "Done", 1, 0)', ("Status", "=", "Done", "")),
        ('{Status} = "Done" & {Hours} > 2', ("", ">", 2.0, "")),
    ],
)
def test_a_comparison_with_what_is_written_out_is_found(
    text: str, expected: tuple[str, str, object, str]
) -> None:
    assert found(text) == [expected]


def test_the_comparisons_within_and_and_or_are_found_in_their_order() -> None:
    text = 'AND({Status} = "a", OR({Hours} > 1, {Done} = 0), {Due} = TODAY())'

    assert [each.text for each in formula.comparisons(text, TYPES)] == [
        '{Status} = "a"',
        "{Hours} > 1",
        "{Done} = 0",
        "{Due} = TODAY()",
    ]


@pytest.mark.parametrize(
    "text",
    [
        'NOT({Status} = "a")',
        'IF({Status} = "a", 0, 1)',
        '({Status} = "a") = 0',
        "{Status} = {Name}",
        '{Nowhere} = "a"',
        'XOR({Status} = "a")',
        'FIND("a", {Status}) = 0',
        '"a" = "b"',
    ],
)
def test_what_may_let_a_record_pass_by_being_false_is_left_out(text: str) -> None:
    assert [each for each in formula.comparisons(text, TYPES) if each.field] == []


CELLS: dict[str, list[Any]] = {
    "singleLineText": [None, "", "a", "5", "2026-01-01"],
    "singleSelect": [None, "a", "5"],
    "number": [None, 0, 5, -1.5, 2024, 1e12],
    "duration": [None, 0, 5400],
    "checkbox": [None, False, True],
    "date": [None, "2026-01-01", "1969-05-05"],
    "dateTime": [None, "2026-01-01T00:00:00.000Z", "2026-01-01T10:00:00.000Z"],
    "multipleSelects": [None, [], ["a"], ["a", "b"], ["5"]],
    "multipleLookupValues": [None, [5], ["a", 1], [True]],
    "unheardOf": [None, "a", 5, True],
}
VALUES: list[str | float] = [
    "",
    " ",
    "a",
    "5",
    "5h",
    "true",
    "soon",
    "2026-01-01",
    "2026",
    0.0,
    1.0,
    5.0,
    -3.0,
]


@pytest.mark.parametrize("type", CELLS)
def test_what_cannot_hold_holds_for_no_cell(type: str) -> None:
    for operator, value in itertools.product(("=", "!=", "<", "<=", ">", ">="), VALUES):
        text = f'{{F}} {operator} "{value}"' if isinstance(value, str) else f"{{F}} {operator} {value:g}"
        passing = [
            cell for cell in CELLS[type] if formula.matches(text, {"F": cell}, field_types={"F": type})
        ]

        assert formula.can_hold(type, operator, value) or passing == [], text
        assert formula.can_hold(type, operator, value, CELLS[type]) is bool(passing), text


@pytest.mark.parametrize(
    ("type", "operator", "value"),
    [
        ("number", "=", "abc"),
        ("number", ">", "5h"),
        ("duration", "=", "1:30"),
        ("checkbox", "=", "true"),
        ("checkbox", "=", 5.0),
        ("checkbox", ">", 1.0),
        ("date", "=", "soon"),
        ("dateTime", ">", "tomorrow"),
    ],
)
def test_what_no_cell_can_make_true_is_known(type: str, operator: str, value: str | float) -> None:
    assert not formula.can_hold(type, operator, value)


def test_the_choices_of_a_select_say_what_can_hold() -> None:
    assert formula.can_hold("singleSelect", "=", "a", ["a", "b"])
    assert not formula.can_hold("singleSelect", "=", "A", ["a", "b"])
    assert formula.can_hold("singleSelect", "=", "A")


def test_the_truth_of_a_comparison_is_no_large_number() -> None:
    assert not formula.truth_can_hold(">", 2.0)
    assert formula.truth_can_hold("<", 5.0)
    assert formula.truth_can_hold("=", 1.0)
