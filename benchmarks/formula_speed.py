"""Formulas over 10,000 rows in one thread: this engine beside myairtable and HyperFormula, in one run."""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import formula
from formula_peers import LeftOut, Record, hyperformula, transpiler

ROWS = 10_000
FILTERED = 50_000
RUNS = 7
TYPES = {
    "price": "currency",
    "quantity": "number",
    "discount": "number",
    "tax": "number",
    "first": "singleLineText",
    "last": "singleLineText",
    "mail": "email",
    "status": "singleSelect",
    "start": "date",
    "due": "date",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A formula, the same for a spreadsheet (# is the row), and the fields of its columns A, B, ..."""

    name: str
    text: str
    sheet: str
    fields: Sequence[str]


SUBJECTS = (
    Subject(
        "numeric",
        "ROUND(({price} * {quantity} - {discount}) * (1 + {tax} / 100), 2) + MAX({price}, {quantity}, 10)",
        "=ROUND((A# * B# - C#) * (1 + D# / 100), 2) + MAX(A#, B#, 10)",
        ("price", "quantity", "discount", "tax"),
    ),
    Subject(
        "text",
        'UPPER(LEFT({first}, 1)) & LOWER(MID({first}, 2, 20)) & " " & TRIM({last})'
        ' & " <" & SUBSTITUTE(LOWER({mail}), "@", " at ") & ">"',
        '=UPPER(LEFT(A#, 1)) & LOWER(MID(A#, 2, 20)) & " " & TRIM(B#)'
        ' & " <" & SUBSTITUTE(LOWER(C#), "@", " at ") & ">"',
        ("first", "last", "mail"),
    ),
    Subject(
        "logic",
        'IF(AND({price} > 50, {quantity} >= 3), IF({status} = "open", "big open", "big"),'
        ' SWITCH({status}, "open", "small open", "done", "finished", "other"))',
        '=IF(AND(A# > 50, B# >= 3), IF(C# = "open", "big open", "big"),'
        ' SWITCH(C#, "open", "small open", "done", "finished", "other"))',
        ("price", "quantity", "status"),
    ),
    Subject(
        "date",
        'IF(IS_AFTER({due}, {start}), DATETIME_DIFF({due}, {start}, "days") & " days from "'
        ' & DATETIME_FORMAT({start}, "YYYY-MM-DD"),'
        ' DATETIME_FORMAT(DATEADD({due}, 7, "days"), "DD.MM.YYYY"))',
        '=IF(A# > B#, DATEDIF(B#, A#, "D") & " days from "'
        ' & TEXT(B#, "YYYY-MM-DD"), TEXT(A# + 7, "DD.MM.YYYY"))',
        ("due", "start"),
    ),
)

HOSTILE: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "(a+)+$ on 100,000 letters": ('REGEX_MATCH({t}, "(a+)+$")', {"t": "a" * 100_000 + "!"}),
    "10,000 nested parentheses": ("(" * 10_000 + "1" + ")" * 10_000, {}),
    "1 MB of formula": ("1+" * 500_000 + "1", {}),
    "REPT bomb": ('REPT(REPT("a", 90000), 90000)', {}),
    "& bomb": ("&".join(['REPT("a", 90000)'] * 200), {}),
    "1e9 working days": ('WORKDAY("2024-01-01", 1000000000)', {}),
    "4,000 years of working days": ('WORKDAY_DIFF("0001-01-01", "4000-01-01")', {}),
    "1e9 years": ('DATEADD("2024-01-01", 1000000000, "years")', {}),
    "power of powers": ("POWER(10, POWER(10, POWER(10, 10)))", {}),
}


def main() -> None:
    """Print evaluations a second, the ratios, and what ought to hold."""
    rows = _rows()
    with tempfile.TemporaryDirectory() as scratch:
        _print_peers(rows, Path(scratch))
    _print_filter()
    _print_compilation()
    _print_import()
    _print_hostile()


def _print_peers(rows: Sequence[Mapping[str, Any]], scratch: Path) -> None:
    print(f"formulas over {ROWS:,} rows, one thread, the best of {RUNS}")
    _print_ratios("myairtable", 2, lambda: _myairtable(rows, scratch))
    _print_ratios("HyperFormula", 25, lambda: _hyperformula(rows, scratch))


def _print_ratios(name: str, least: float, measure: Callable[[], list[tuple[float, float]]]) -> None:
    try:
        measured = measure()
    except LeftOut as reason:
        print(f"  {name} is left out: {reason}")
        return
    for subject, (own, other) in zip(SUBJECTS, measured, strict=True):
        ratio = f"{other / own:6.2f} times as fast  (to hold: >= {least})"
        print(f"  {subject.name:<9} this engine {_speed(own)}   {name:<12} {_speed(other)}   {ratio}")


def _myairtable(rows: Sequence[Mapping[str, Any]], scratch: Path) -> list[tuple[float, float]]:
    """Seconds of both engines, measured in turns: whatever else the machine does slows both."""
    transpile = transpiler(scratch)
    records = [Record(row) for row in rows]
    measured = []
    for subject in SUBJECTS:
        ours, theirs = formula.compile(subject.text, TYPES).map, transpile(subject.text, subject.fields)
        _expect_same(subject, rows, theirs(records[0]))
        turns = [
            (_seconds(ours, rows, 1), _seconds(lambda given, run=theirs: list(map(run, given)), records, 1))
            for _ in range(RUNS)
        ]
        measured.append((min(own for own, _ in turns), min(other for _, other in turns)))
    return measured


def _hyperformula(rows: Sequence[Mapping[str, Any]], scratch: Path) -> list[tuple[float, float]]:
    questions = [
        {"formula": subject.sheet, "columns": [[row[name] for row in rows] for name in subject.fields]}
        for subject in SUBJECTS
    ]
    ours = [_seconds(formula.compile(subject.text, TYPES).map, rows) for subject in SUBJECTS]
    answers = hyperformula(questions, scratch)
    for subject, answer in zip(SUBJECTS, answers, strict=True):
        _expect_same(subject, rows, answer["first"])
    return [(own, answer["seconds"]) for own, answer in zip(ours, answers, strict=True)]


def _expect_same(subject: Subject, rows: Sequence[Mapping[str, Any]], value: object) -> None:
    """Raise LeftOut if a peer gives another value for the first row: then it does other work."""
    own = formula.compile(subject.text, TYPES).one(rows[0])
    if value != own:
        raise LeftOut(f"its value for {subject.name} is {value!r}, not {own!r}")


def _print_filter() -> None:
    rows = [{"n": number % 10, "t": "axe" if number % 3 else "ape"} for number in range(FILTERED)]
    compiled = formula.compile('AND({n} > 5, FIND("x", {t}))', {"n": "number", "t": "singleLineText"})
    batch = _seconds(compiled.map, rows) * 1000
    single = _seconds(lambda given: list(map(compiled.matches, given)), rows, runs=5) * 1000
    print(f"  a filter over {FILTERED:,} records   {batch:7.1f} ms as a batch  (to hold: <= 120)")
    print(f"  the same, record by record    {single:7.1f} ms  (to hold: <= 120)")


def _print_compilation() -> None:
    text = SUBJECTS[1].text
    variants = [f'{text} & "{number}"' for number in range(200)]
    rows = [dict.fromkeys(SUBJECTS[1].fields, "x")] * 64
    compiling = _seconds(lambda given: [formula.compile(each, TYPES) for each in given], variants, runs=1)
    compiled = [formula.compile(each, TYPES) for each in variants]
    generating = _seconds(lambda given: [each.map(rows) for each in given], compiled, runs=1)
    running = _seconds(lambda given: [each.map(rows) for each in given], compiled)
    total = (compiling + generating - running) / len(variants) * 1000
    print(f"  parse, check and compile      {total:7.2f} ms  (to hold: <= 1; {len(text)} characters)")
    print(f"    of which generated code     {(generating - running) / len(variants) * 1000:7.2f} ms")


def _print_import() -> None:
    program = "import time; t = time.perf_counter(); import formula; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", program]
    seconds = [float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(RUNS)]
    print(f"  import formula                {min(seconds) * 1000:7.1f} ms")


def _print_hostile() -> None:
    print("hostile formulas, each with its own error or value  (to hold: < 100 ms)")
    for name, (text, fields) in HOSTILE.items():
        begun = time.perf_counter()
        answer = _answer(text, fields)
        print(f"  {name:<30} {(time.perf_counter() - begun) * 1000:6.1f} ms  {answer[:60]}")


def _answer(text: str, fields: Mapping[str, Any]) -> str:
    try:
        value = formula.evaluate(text, fields)
    except formula.FormulaError as error:
        return str(error).splitlines()[0]
    return value.message if isinstance(value, formula.ErrorValue) else str(value)


def _seconds(run: Callable[[Any], object], given: object, runs: int = RUNS) -> float:
    taken = []
    for _ in range(runs):
        begun = time.perf_counter()
        run(given)
        taken.append(time.perf_counter() - begun)
    return min(taken)


def _speed(seconds: float) -> str:
    return f"{ROWS / seconds / 1e6:6.3f} M/s"


def _rows() -> list[dict[str, Any]]:
    choose = random.Random(1)
    return [_row(choose, number) for number in range(ROWS)]


def _row(choose: random.Random, number: int) -> dict[str, Any]:
    first = choose.choice(["ada", "GRACE", "linus", "Barbara", "edsger", "Margaret"])
    return {
        "price": round(choose.uniform(1, 100), 2),
        "quantity": choose.randrange(1, 10),
        "discount": choose.randrange(5),
        "tax": 19,
        "first": first,
        "last": choose.choice([" Lovelace", "Hopper ", "Torvalds", "Liskov", "Dijkstra"]),
        "mail": f"{first}{number}@Example.org",
        "status": choose.choice(["open", "done", "waiting"]),
        "start": f"2024-{choose.randrange(1, 13):02}-{choose.randrange(1, 29):02}",
        "due": f"2024-{choose.randrange(1, 13):02}-{choose.randrange(1, 29):02}",
    }


if __name__ == "__main__":
    main()
