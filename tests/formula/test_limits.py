from datetime import UTC, datetime
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import formula

NOW = datetime(2024, 5, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("1" * 50_001, "characters"),
        ("1+" * 10_001 + "1", "tokens"),
        ("(" * 10_000 + "1" + ")" * 10_000, "levels of nesting"),
        ("1+" * 500_000 + "1", "characters"),
        ("(" * 201 + "1" + ")" * 201, "levels of nesting"),
        ("-" * 201 + "1", "levels of nesting"),
        ("NOT(" * 201 + "1" + ")" * 201, "levels of nesting"),
        ("SUM(" + "1," * 1_001 + "1)", "arguments"),
    ],
)
def test_a_formula_beyond_a_limit_is_refused_by_its_name(text: str, limit: str) -> None:
    with pytest.raises(formula.FormulaTooLarge) as refused:
        formula.parse(text)

    assert refused.value.limit == limit


@pytest.mark.parametrize(
    "text",
    [
        "(" * 199 + "1" + ")" * 199,
        "NOT(" * 199 + "1" + ")" * 199,
        "IF(1," * 199 + "1" + ")" * 199,
        "DATEADD(" * 199 + '"2024-01-01"' + ',0,"d")' * 199,
        "1" + "+1" * 9_999,
        '"a"' + '&"a"' * 9_999,
        "1" + "=1" * 9_999,
        "SUM(" + "1," * 999 + "1)",
        "1" + "*1+1" * 4_999,
    ],
)
def test_a_formula_at_a_limit_runs_and_renders(text: str) -> None:
    assert not isinstance(formula.evaluate(text), formula.ErrorValue)
    assert formula.render(formula.parse(text))


@pytest.mark.parametrize("piece", ["{", "'{", '"\\', "1+{", '{a}"', "[", "(", "{a}", "1e", "a ", '""'])
def test_a_long_text_that_is_no_formula_is_refused_at_once(piece: str) -> None:
    text = (piece * 50_000)[:50_000]
    started = process_time()

    with pytest.raises(formula.FormulaSyntaxError):
        formula.parse(text)

    assert process_time() - started < 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("REGEX_MATCH({long}, {long})", "The regular expression is too large for so long a text."),
        ("REGEX_EXTRACT({long}, {long})", "The regular expression is too large for so long a text."),
        ('REGEX_REPLACE({long}, {long}, "")', "The regular expression is too large for so long a text."),
        ("DATETIME_PARSE({long}, {format})", "The text and its format are too long to be read."),
    ],
)
def test_what_would_look_for_long_in_a_long_text_is_refused(text: str, message: str) -> None:
    started = process_time()

    value = formula.evaluate(text, {"long": "a" * 50_000, "format": "Y " * 50_000})

    assert isinstance(value, formula.ErrorValue)
    assert value.message == message
    assert process_time() - started < 1


def test_a_long_text_is_searched_and_read_by_what_is_of_common_size() -> None:
    cells = {"long": "a" * 90_000 + " 2024-01-02"}

    assert formula.evaluate('REGEX_EXTRACT({long}, "\\\\p{L}+ ([0-9-]+)")', cells) == "2024-01-02"
    assert formula.evaluate('DATESTR(DATETIME_PARSE({long}, "YYYY-MM-DD"))', cells) == "2024-01-02"


_TOO_LONG = "The text is longer than 100,000 characters."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('REPT("a", 1000000000)', _TOO_LONG),
        ('REPT(REPT("a", 90000), 2)', _TOO_LONG),
        ('REPT("a", 90000) & REPT("a", 90000)', _TOO_LONG),
        ('REPT("a", 90000) + REPT("a", 90000)', _TOO_LONG),
        ('CONCATENATE(REPT("a", 90000), REPT("a", 90000))', _TOO_LONG),
        ('SUBSTITUTE(REPT("a", 90000), "a", "bb")', _TOO_LONG),
        ('SUBSTITUTE(REPT("a", 90000), "a", REPT("b", 90000), 1)', _TOO_LONG),
        ('REPLACE(REPT("a", 90000), 1, 0, REPT("b", 90000))', _TOO_LONG),
        ('REGEX_REPLACE(REPT("a", 90000), "a", "bb")', _TOO_LONG),
        ("ARRAYJOIN({a}, REPT('x', 60000))", _TOO_LONG),
        ('DATETIME_FORMAT("2024-01-01", REPT("MMMM", 25000))', "The format is too long."),
        ('WORKDAY("2024-01-01", 1000000000)', "WORKDAY goes no further than 1,000,000 days."),
        (
            'DATEADD("2024-01-01", 1000000000, "years")',
            "The date would lie outside the years 1 to 9999.",
        ),
    ],
)
def test_a_result_beyond_a_limit_is_an_error_that_names_it(text: str, message: str) -> None:
    rows = [{"a": ["x", "y", "z"]}] * 64

    value = formula.evaluate(text, rows[0], now=NOW)
    batch = formula.compile(text).map(rows, now=NOW)

    assert isinstance(value, formula.ErrorValue)
    assert value.message == message
    assert batch == [value] * 64


def test_a_regex_that_would_backtrack_for_ever_never_backtracks() -> None:
    """With a backtracking engine this test would outlast the machine."""
    assert formula.evaluate('REGEX_MATCH({t}, "(a+)+$")', {"t": "a" * 50_000 + "!"}) is False


@pytest.mark.parametrize("pattern", ["(?=a)", "(?<=a)b", "(a)\\\\1"])
def test_a_regex_that_needs_backtracking_is_an_error(pattern: str) -> None:
    value = formula.evaluate(f'REGEX_MATCH("ab", "{pattern}")')

    assert isinstance(value, formula.ErrorValue)
    assert "RE2" in value.message


def test_an_array_beyond_its_limit_is_an_error() -> None:
    limits = formula.Limits(array_items=3)

    assert formula.evaluate("COUNTA({a})", {"a": [1, 2, 3]}, limits=limits) == 3
    assert formula.evaluate("COUNTA({a})", {"a": [1, 2, 3, 4]}, limits=limits) == formula.ErrorValue()
    assert formula.evaluate("{a} & ''", {"a": [[1, 2], [3, 4]]}, limits=limits) == formula.ErrorValue()


def test_a_batch_beyond_its_deadline_is_ended() -> None:
    compiled = formula.compile("1")

    with pytest.raises(formula.DeadlinePassed) as ended:
        compiled.map(({} for _ in range(10_000)), deadline_seconds=0)

    assert ended.value.done < 10_000


def _from(depth: int, text: str) -> object:
    """The value computed from far down the stack."""
    return _from(depth - 1, text) if depth else formula.evaluate(text)


def test_no_stack_is_so_full_that_anything_but_our_errors_escapes() -> None:
    for depth in range(300, 900, 25):
        try:
            _from(depth, "NOT(" * 150 + "1" + ")" * 150)
        except formula.FormulaTooLarge:
            pass
        except RecursionError:
            # Not even the call itself had room.
            assert depth > 700


_NAMES = sorted(formula.FUNCTIONS)
_PIECES = """
+ - * / & = < > ( ) , { } " ' \\ é 😊 != <= 1 .5 1e9 0 -1 'x' "2024-01-15" 'days' {n} {t} {d} {a}
{e} {Gone} TRUE
"""
_WORDS = st.sampled_from([*_PIECES.split(), "\n", *(f"{name}(" for name in _NAMES)])
_CELLS: dict[str, Any] = {
    "n": 2.5,
    "t": "abc 😊",
    "d": "2024-05-10T10:00:00.000Z",
    "a": [1, "x", None, [True]],
    "e": {"error": "#ERROR!"},
}
_TYPES = {"n": "number", "t": "singleLineText", "d": "dateTime", "a": "array", "e": "number", "Gone": "date"}


@settings(max_examples=300)
@given(st.lists(_WORDS, max_size=20).map("".join))
def test_nothing_but_our_own_errors_escapes_from_any_text(text: str) -> None:
    try:
        for types in (None, _TYPES):
            formula.to_rest(formula.evaluate(text, _CELLS, field_types=types, now=NOW))
    except formula.FormulaError:
        pass


_EXPRESSIONS = r"""
1 -1 0 2.5 1e300 0/0 1/0 "" "x" "12" 'days' "2024-01-15" "(" "\\w+" "😊" "utc" BLANK() TRUE() TODAY() ERROR()
{n} {t} {d} {a} {e} {Gone}
"""
_ARGUMENTS = st.sampled_from(_EXPRESSIONS.split())


@settings(max_examples=600)
@given(st.sampled_from(_NAMES), st.lists(_ARGUMENTS, max_size=4))
def test_any_function_of_any_arguments_has_a_value_of_the_shape_that_was_foretold(
    name: str, arguments: list[str]
) -> None:
    text = f"{name}({', '.join(arguments)})"
    report = formula.check(text, _TYPES)
    if report.is_runnable:
        compiled = formula.compile(text, _TYPES)

        assert _fits(compiled.one(_CELLS, now=NOW), compiled.result_type)


def _fits(value: formula.Value, type: str) -> bool:
    kinds: dict[str, tuple[Any, ...]] = {
        "text": (str,),
        "number": (int, float),
        "boolean": (bool,),
        "date": (formula.DateValue,),
        "array": (list,),
        "blank": (),
        "any": (object,),
    }
    return value is None or isinstance(value, (formula.ErrorValue, *kinds[type]))
