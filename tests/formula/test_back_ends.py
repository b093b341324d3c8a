"""The generated back end and the closures give the same values; the closures are the reference."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import formula
from formula.generated import NotWritable, Program, program
from formula.generated.reckoning import adder, differ
from moments import MomentError, Unit, add, difference

NOW = datetime(2024, 5, 10, 12, 30, tzinfo=UTC)
RECORD = {"id": "rec00000000000001", "created_time": "2024-01-02T03:04:05.000Z"}
ROWS = 64
_HERE = Path(__file__).parent
_LITERALS = r"""
1 0 -2 2.5 1e300 0/0 1/0 "" "x" "é😊b" "12" "a-b" "days" "months" "h" "2024-01-15" "12/13/21" "YYYY-MM-DD"
"[on]D/MMM" "\\w+" TRUE() FALSE() BLANK() TODAY() NOW() ERROR()
"""
_TYPES = {
    "n": "number",
    "t": "singleLineText",
    "d": "date",
    "i": "dateTime",
    "c": "checkbox",
    "a": "multipleSelects",
    "u": "formula",
    "l": "multipleLookupValues",
}
_CELLS: dict[str, list[Any]] = {
    "n": [1, 2.5, -3, 0, 7.125, None, {"specialValue": "NaN"}, {"error": "#ERROR!"}, "12", True],
    "t": ["x", "Quokka", "a-b", "é😊b", "", "12", None, 5, ["p", "q"]],
    "d": ["2024-01-15", "2024-02-29", "2023-12-31", None, "2024-05-10T10:00:00.000Z", "soon", "0001-01-01"],
    "i": [
        "2024-01-15T10:20:30.400Z",
        "2024-03-31T23:59:59.999Z",
        None,
        "2024-01-15",
        "9999-12-31T00:00:00.000Z",
    ],
    "c": [True, None, False, "yes"],
    "a": [["x", "y"], [], None, ["12"], ["x", ["z"]]],
    "u": [1, "x", None, True, "2024-01-15", ["x"], 2.5],
    "l": [[1, 2], ["2024-01-15"], None, [None], [{"error": "#ERROR!"}]],
}


_FUNCTIONS = {**formula.FUNCTIONS, **formula.EXTENDED_FUNCTIONS}
_COMMON = "IF SWITCH AND OR LEFT MID FIND ROUND MAX DATETIME_DIFF DATEADD YEAR"


def _calls(arguments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = st.sampled_from([*_FUNCTIONS, *_COMMON.split() * 6])
    operators = st.sampled_from(["+", "-", "*", "/", "&", "=", "!=", "<", "<=", ">", ">="])
    chained = st.builds(lambda left, sign, right: f"({left} {sign} {right})", arguments, operators, arguments)
    return names.flatmap(lambda name: _call(name, arguments)) | chained | arguments.map("-{}".format)


def _call(name: str, arguments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    member = _FUNCTIONS[name]
    most = max(member.minimum, 4) if member.maximum is None else member.maximum
    counts = st.lists(arguments, min_size=member.minimum, max_size=most)
    return counts.map(lambda inner: f"{name}({', '.join(inner)})")


_LEAVES = st.sampled_from([*_LITERALS.split(), *(f"{{{name}}}" for name in _TYPES)])
_FORMULAS = st.recursive(_LEAVES, _calls, max_leaves=12)


def _rows(seed: int, kinds: int) -> list[dict[str, Any]]:
    """Rows whose cells are of the first `kinds` of each column, some of them missing."""
    rows = []
    for number in range(ROWS):
        row = {}
        for place, (name, cells) in enumerate(_CELLS.items()):
            cell = cells[(number * 7 + seed + place * 3) % min(kinds, len(cells))]
            if cell is not None or number % 2:
                row[name] = cell
        rows.append(row)
    return rows


def _shown(value: formula.Value) -> tuple[str, str]:
    return type(value).__name__.replace("int", "float"), json.dumps(formula.to_rest(value))


def _agree(compiled: formula.Compiled, rows: list[dict[str, Any]]) -> None:
    values = compiled.map(rows, now=NOW, records=[RECORD] * len(rows))

    expected = [compiled.one(row, now=NOW, record=RECORD) for row in rows]
    assert list(map(_shown, values)) == list(map(_shown, expected))


@settings(max_examples=400, deadline=None)
@given(_FORMULAS, st.integers(0, 50), st.integers(1, 10), st.sampled_from([_TYPES, None]))
def test_both_back_ends_agree_on_any_formula_and_any_cells(
    text: str, seed: int, kinds: int, types: dict[str, str] | None
) -> None:
    if formula.check(text, types, dialect="extended").is_runnable:
        _agree(formula.compile(text, types, dialect="extended"), _rows(seed, kinds))


_COLUMNS: dict[str, dict[str, list[Any]]] = {
    "whole numbers": {"n": [1, 2, 3]},
    "broken numbers": {"n": [1.5, -2.5, 1e-7]},
    "numbers and blanks": {"n": [1, None, 2.5]},
    "nothing but blanks": {"n": [None], "t": [None], "d": [None], "c": [None]},
    "numbers that are none": {"n": [{"specialValue": "NaN"}, {"specialValue": "Infinity"}]},
    "very large numbers": {"n": [10**400, 2**60]},
    "texts of ASCII": {"t": ["abc", "b"]},
    "texts and blanks": {"t": ["abc", None, ""]},
    "texts with emoji": {"t": ["a😊b", "😊"]},
    "days": {"d": ["2024-01-31", "2023-02-28"]},
    "days and blanks": {"d": ["2024-01-31", None]},
    "instants among days": {"d": ["2024-01-31", "2024-01-31T10:00:00.000Z"]},
    "instants with offsets": {"d": ["2024-01-31T23:00:00+05:30", "2024-01-31T10:00Z"]},
    "no dates": {"d": ["soon", "2024-02-30", "2024-13-01T00:00:00.000Z"]},
    "errors": {"n": [1, {"error": "#ERROR!"}], "t": ["x", {"error": "#ERROR!"}]},
}
_BUSY = [
    line for line in (_HERE / "back_ends.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#"
]


@pytest.mark.parametrize("text", _BUSY)
@pytest.mark.parametrize("name", _COLUMNS)
def test_both_back_ends_agree_on_what_is_written_out(name: str, text: str) -> None:
    columns: dict[str, list[Any]] = {
        "n": [2],
        "t": ["abc"],
        "d": ["2024-03-01"],
        "c": [True, None],
        "l": [["x", 2], []],
        **_COLUMNS[name],
    }
    rows = [{key: cells[number % len(cells)] for key, cells in columns.items()} for number in range(ROWS)]

    for date in ("date", "dateTime"):
        types = {
            "n": "number",
            "t": "singleLineText",
            "d": date,
            "c": "checkbox",
            "l": "multipleLookupValues",
        }
        _agree(formula.compile(text, types), rows)
    _agree(formula.compile(text, time_zone="Asia/Tokyo", locale="fr"), rows)
    _agree(formula.compile(text, locale="fr"), rows)


def _switched() -> list[formula.Switches]:
    return [
        formula.Switches(blank_date="blank", text_units="code_points", plus_of_text="add"),
        formula.Switches(
            mid_start="zero", round_ties="binary", unknown_unit="error", search_case="sensitive"
        ),
    ]


@pytest.mark.parametrize("text", _BUSY)
@pytest.mark.parametrize("switches", _switched())
def test_both_back_ends_obey_the_switches(switches: formula.Switches, text: str) -> None:
    rows: list[dict[str, Any]] = [
        {"n": 2.5, "t": "a😊bc", "d": "2024-03-01", "c": True},
        {"n": None, "t": "abc", "d": None},
    ]

    _agree(formula.compile(text, switches=switches), rows * (ROWS // 2))


@pytest.mark.parametrize("line", (_HERE / "examples.jsonl").read_text(encoding="utf-8").splitlines())
def test_both_back_ends_agree_on_an_example(line: str) -> None:
    example = json.loads(line)

    _agree(formula.compile(example["formula"], example.get("field_types")), [example["fields"]] * ROWS)


def test_columns_may_change_from_batch_to_batch() -> None:
    compiled = formula.compile("{x} & 1")

    for cells in ([1.5], ["a"], [None], [True], [1.5, "a"], [["p", "q"]], [2]):
        rows = [{"x": cell} for cell in cells] * ROWS
        assert compiled.map(rows) == [compiled.one(row) for row in rows]


def test_what_is_too_deep_for_the_generator_is_computed_by_the_closures() -> None:
    for text in ("NOT(" * 150 + "{n}" + ")" * 150, "{n}" + "+1" * 5_000, "{n}" + "&1" * 5_000):
        compiled = formula.compile(text)
        assert compiled.map([{"n": 1}] * ROWS) == [compiled.one({"n": 1})] * ROWS


def _program(text: str, types: dict[str, str]) -> Program:
    """The code for columns of which nothing is known but their types."""
    from formula import checker
    from formula.cells import cell_type
    from formula.generated import Form
    from formula.naming import FieldNames
    from formula.scope import Batch

    cells = {name: cell_type(type) for name, type in types.items()}
    checked = checker.check(formula.parse(text), FieldNames(types, {}, is_closed=True), cells)
    return program(checked, {name: Form(cell.shape) for name, cell in cells.items()}, Batch(NOW))


def test_no_text_of_the_formula_stands_in_the_code() -> None:
    text = """DATETIME_FORMAT({import('os')}, '[import] YYYY') & "import('os')" & {"); import os #}"""

    code = _program(text, {"import('os')": "date", '"); import os #': "number"}).source

    assert "import" not in code
    assert "os" not in code


def test_no_builtin_is_in_reach_of_the_code() -> None:
    run: Any = _program("{n} + 1", {"n": "number"})._run  # noqa: SLF001 - what is promised of its globals

    assert run.__globals__["__builtins__"] == {}


def test_a_tree_that_is_too_high_is_not_written() -> None:
    with pytest.raises(NotWritable):
        _program("NOT(" * 100 + "1" + ")" * 100, {})


_INSTANTS = st.integers(86_400_000, 315_537_811_200_000).map(
    lambda milliseconds: datetime.min.replace(tzinfo=UTC) + timedelta(milliseconds=milliseconds)
)


_SPANS = st.integers(0, 90) | st.integers(0, 3_000_000)


@given(_INSTANTS, _SPANS, st.sampled_from(Unit))
def test_spans_are_counted_as_moments_counts_them(later: datetime, days: int, unit: Unit) -> None:
    try:
        earlier = later - timedelta(days)
        expected = difference(later, earlier, unit), difference(earlier, later, unit)
    except (OverflowError, MomentError):
        return
    assert (differ(unit)(later, earlier), differ(unit)(earlier, later)) == expected


@given(_INSTANTS, st.integers(-200, 200) | st.floats(-50, 50), st.sampled_from(Unit))
def test_dates_are_moved_as_moments_moves_them(instant: datetime, count: float, unit: Unit) -> None:
    whole = int(count) if unit in (Unit.MONTH, Unit.QUARTER, Unit.YEAR) else count
    try:
        expected = add(instant, whole, unit)
    except MomentError:
        with pytest.raises((MomentError, OverflowError)):
            adder(unit)(instant, count)
    else:
        assert adder(unit)(instant, count) == expected
