"""The dialect "extended": off unless it is asked for, and refused by name with what Airtable has instead."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import formula
from formula.excel import ADVICE, EQUIVALENTS

_EXTENDED = sorted(formula.EXTENDED_FUNCTIONS)
_LINES = (Path(__file__).parent / "equivalents.txt").read_text(encoding="utf-8").splitlines()[1:]


def test_the_dialect_has_many_functions_and_none_of_airtables() -> None:
    assert len(formula.EXTENDED_FUNCTIONS) >= 90
    assert not set(formula.EXTENDED_FUNCTIONS) & set(formula.FUNCTIONS)


@pytest.mark.parametrize("name", _EXTENDED)
def test_every_function_has_cases_in_text(name: str) -> None:
    cases = Path(__file__).parent / "cases"
    written = "\n".join(file.read_text(encoding="utf-8") for file in cases.glob("extended_*.txt"))

    assert f"{name}(" in written


@pytest.mark.parametrize("name", _EXTENDED)
def test_the_dialect_of_airtable_refuses_each_by_name(name: str) -> None:
    problem = formula.check(f"{name}()").problems[0]

    assert (problem.code, problem.name) == ("unknown_function", name)
    assert problem.message == f"Airtable has no function {name}; the extended dialect does."
    assert problem.suggestion == (EQUIVALENTS.get(name) or ADVICE.get(name, problem.suggestion))
    with pytest.raises(formula.FormulaCheckError, match=name):
        formula.evaluate(f"{name}()", dialect="airtable")


def test_nothing_is_said_twice_of_a_function() -> None:
    assert not set(EQUIVALENTS) & set(ADVICE)
    assert not (set(EQUIVALENTS) | set(ADVICE)) & set(formula.FUNCTIONS)


@pytest.mark.parametrize("line", _LINES)
def test_the_equivalent_that_is_suggested_gives_the_same(line: str) -> None:
    call, _, cells = line.partition(" |")
    fields, types = _cells(cells)
    name = call.partition("(")[0]

    extended = formula.evaluate(call, fields, field_types=types, dialect="extended")
    airtable = formula.evaluate(EQUIVALENTS[name], fields, field_types=types)

    assert _alike(formula.to_rest(extended), formula.to_rest(airtable))
    assert not isinstance(extended, formula.ErrorValue)


def test_every_equivalent_is_tried() -> None:
    assert {line.partition("(")[0] for line in _LINES} == set(EQUIVALENTS)


def _cells(text: str) -> tuple[dict[str, Any], dict[str, str] | None]:
    fields: dict[str, Any] = {}
    types: dict[str, str] = {}
    for part in filter(None, text.strip().split("; ")):
        name, _, value = part.partition("=")
        name, _, type = name.partition(":")
        types[name] = type or "formula"
        try:
            fields[name] = json.loads(value)
        except ValueError:
            fields[name] = value
    return fields, types


def _alike(first: Any, second: Any) -> bool:
    if isinstance(second, list):
        second = second[0] if len(second) == 1 else second
    if isinstance(first, float | int) and isinstance(second, float | int):
        return math.isclose(first, second, rel_tol=1e-12)
    return bool(first == second)


@pytest.mark.parametrize("run", ["evaluate", "matches", "compile", "check"])
def test_an_unknown_dialect_is_refused_with_those_that_there_are(run: str) -> None:
    with pytest.raises(ValueError, match="no dialect 'excel'; there are airtable and extended"):
        getattr(formula, run)("1", dialect="excel")


def test_every_face_takes_the_dialect() -> None:
    text = "IFERROR({n} / 0, {n}) > 1"

    assert formula.evaluate(text, {"n": 2}, dialect="extended") is True
    assert formula.matches(text, {"n": 2}, dialect="extended")
    assert formula.compile(text, dialect="extended").map([{"n": 2}] * 100) == [True] * 100
    assert formula.check(text, {"n": "number"}, dialect="extended").problems == ()


def test_a_misspelt_function_of_the_dialect_is_told_the_nearest() -> None:
    problem = formula.check("IFEROR(1, 2)", dialect="extended").problems[0]

    assert (problem.message, problem.suggestion) == ("Airtable has no function IFEROR.", "IFERROR()")


_LITERALS = [
    *(
        "1",
        "0",
        "-2",
        "2.5",
        "1e300",
        "9e15",
        "0/0",
        "1/0",
        "TRUE()",
        "FALSE()",
        "BLANK()",
        "TODAY()",
        "ERROR()",
    ),
    *('""', '"x"', '"12"', '"2024-01-15"', '">1"', '"~*?"', '"\ud800"', '"😊"', '"D"', '"("'),
    *('"yyyy-mm"', '"#,##0.00;[>5]0%"', '"# ?/?"', '"0E+0"', '"[h]:mm.00"', '"<=2024-01-01"'),
    *("{n}", "{t}", "{d}", "{a}", "{l}", "{gone}"),
]
_CELLS: dict[str, Any] = {
    "n": 3.5,
    "t": "a-b",
    "d": "2024-02-29",
    "a": [3, None, "x", 1, True],
    "l": [{"error": "#ERROR!"}, {"specialValue": "NaN"}, "2024-01-15"],
}


def _calls(arguments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(_EXTENDED).flatmap(lambda name: _call(name, arguments))


def _call(name: str, arguments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    member = formula.EXTENDED_FUNCTIONS[name]
    most = member.minimum + 4 if member.maximum is None else member.maximum
    counts = st.lists(arguments, min_size=member.minimum, max_size=most)
    return counts.map(lambda inner: f"{name}({', '.join(inner)})")


@settings(max_examples=500, deadline=None)
@given(st.recursive(st.sampled_from(_LITERALS), _calls, max_leaves=8))
def test_nothing_escapes_and_both_back_ends_agree(text: str) -> None:
    compiled = formula.compile(text, dialect="extended")

    value = formula.to_rest(compiled.one(_CELLS))

    assert {json.dumps(formula.to_rest(each)) for each in compiled.map([_CELLS] * 64)} == {json.dumps(value)}


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([1234.567, -0.5, 0, 45000.75, 1e300, 1e-300]),
    st.text('0#?.,;%/E+-[]hmsydAP@_*\\"$><=5 ', max_size=14),
)
def test_any_format_gives_a_text_or_an_error(number: float, format: str) -> None:
    value = formula.evaluate("TEXT({n}, {f})", {"n": number, "f": format}, dialect="extended")

    assert isinstance(value, str | formula.ErrorValue)
