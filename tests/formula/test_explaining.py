"""A formula taken apart: what each part is worth, what was not needed, where an error arose."""

from datetime import UTC, datetime
from typing import Any

import pytest

import formula

NOW = datetime(2024, 5, 10, 12, 30, tzinfo=UTC)


def told(text: str, fields: dict[str, Any] | None = None, **options: Any) -> list[tuple[int, str, Any]]:
    """Depth, text and REST value of each step, "-" for one that was not computed."""
    steps = formula.explain(text, fields or {}, now=NOW, **options)
    return [(step.depth, step.text, step.rest if step.is_evaluated else "-") for step in steps]


def origins(text: str, fields: dict[str, Any] | None = None, **options: Any) -> list[str]:
    return [step.text for step in formula.explain(text, fields or {}, **options) if step.is_origin]


def test_each_part_is_told_before_its_own_parts() -> None:
    assert told("ROUND({A} / 3, 1) & {Unit}", {"A": 10, "Unit": "kg"}) == [
        (0, "ROUND({A} / 3, 1) & {Unit}", "3.3kg"),
        (1, "ROUND({A} / 3, 1)", 3.3),
        (2, "{A} / 3", 10 / 3),
        (3, "{A}", 10),
        (3, "3", 3),
        (2, "1", 1),
        (1, "{Unit}", "kg"),
    ]


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        ('IF({n} > 1, "more", "less")', ['"less"']),
        ('IF({n} > 9, "more", "less")', ['"more"']),
        ("IF({n} > 9, 1 + 1)", ["1 + 1", "1", "1"]),
        ('SWITCH({n}, 1, "a", 2, "b", 3, "c", "z")', ['"a"', "3", '"c"', '"z"']),
        ('IFS({n} > 9, "a", {n} > 1, "b", TRUE(), "c")', ['"a"', "TRUE()", '"c"']),
        ('CHOOSE({n}, "a", "b", "c")', ['"a"', '"c"']),
        ("IFERROR({n}, ERROR())", ["ERROR()"]),
    ],
)
def test_a_branch_that_is_not_taken_is_not_evaluated(text: str, skipped: list[str]) -> None:
    steps = formula.explain(text, {"n": 2}, dialect="extended")

    assert [step.text for step in steps if not step.is_evaluated] == skipped
    assert all(step.value is None for step in steps if not step.is_evaluated)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ('UPPER(LEFT("x", "many") & 1)', ['LEFT("x", "many")']),
        ("1 + (2 * {word}) + 3 + 4", ["2 * {word}"]),
        ("{Broken} & 1", ["{Broken}"]),
        ("DATETIME_FORMAT({gone}, 'YYYY') & \"!\"", ["DATETIME_FORMAT({gone}, 'YYYY')"]),
        ("IF(ERROR(), 1, 2)", ["ERROR()"]),
        ("ROUND(1 / 0) + 1", ["1 / 0"]),
        ("IF(ISERROR({word} * 1), 1, 2)", ["{word} * 1"]),
        ("1 + 1", []),
    ],
)
def test_the_place_where_an_error_arose_is_marked(text: str, origin: list[str]) -> None:
    fields = {"word": "many", "Broken": {"error": "#ERROR!"}}

    assert origins(text, fields) == origin


def test_an_error_comes_with_what_went_wrong_and_passes_through_the_parts_around() -> None:
    steps = formula.explain('"a" & VALUE("none") & "b" & "c"')

    assert [step.error is not None for step in steps] == [True, True, True, False, True, False, False, False]
    assert steps[0].rest == {"error": "#ERROR!"}
    assert "none" in (steps[0].error or "")


@pytest.mark.parametrize(
    "text",
    ["{n} & {t} & TODAY()", "IF({n}, 1 / 0, 2)", "SUM({a}, {n})", "RECORD_ID()", "LAST_MODIFIED_TIME({n})"],
)
def test_the_first_step_has_the_value_of_the_formula(text: str) -> None:
    fields = {"n": 2, "t": "x", "a": [1, 2]}
    given: dict[str, Any] = {
        "now": NOW,
        "record": {"id": "rec1", "field_modified_times": {"fldN": "2024-01-01T00:00:00Z"}},
        "field_names": {"fldN": "n"},
        "time_zone": "Asia/Tokyo",
        "locale": "de",
    }

    step = formula.explain(text, fields, **given)[0]

    assert (step.rest, step.span) == (
        formula.to_rest(formula.evaluate(text, fields, **given)),
        (0, len(text)),
    )


def test_the_tree_hangs_together_by_its_parts() -> None:
    steps = formula.explain("IF({a}, -{b} * 2, SUM(1, 2))", {"a": 1, "b": 2})

    assert [part.text for part in steps[0].parts] == ["{a}", "-{b} * 2", "SUM(1, 2)"]
    assert [step.kind for step in steps] == [
        *("function", "field", "operator", "operator", "field", "literal", "function", "literal", "literal")
    ]


@pytest.mark.parametrize(
    "text", ["1" + " & 1" * 5_000, "IF(1, " * 180 + "1" + ")" * 180, "-(" * 90 + "1" + ")" * 90]
)
def test_long_and_deep_formulas_are_explained(text: str) -> None:
    steps = formula.explain(text)

    assert steps[0].rest == formula.to_rest(formula.evaluate(text))
    assert all(step.is_evaluated for step in steps)


def test_what_cannot_run_is_refused_as_evaluation_refuses_it() -> None:
    with pytest.raises(formula.FormulaSyntaxError):
        formula.explain("1 +")
    with pytest.raises(formula.FormulaCheckError, match="NOPE"):
        formula.explain("NOPE()")
    with pytest.raises(formula.UnknownSetting, match="Mars"):
        formula.explain("1", time_zone="Mars")
    with pytest.raises(ValueError, match="excel"):
        formula.explain("1", dialect="excel")  # type: ignore[arg-type] # that is the point
