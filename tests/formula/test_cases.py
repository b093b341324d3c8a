"""The tables of cases: every line of cases/*.txt is `formula | fields | expected`.

Those of extended_*.txt are of that dialect.

Fields are `Name=Ada; n:number=1`: a type stands after the name where it matters, values are JSON where they
parse, else text. What is expected is the REST value, `blank`, or `#ERROR!`, with `: message` if that is told.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import formula
from formula import Dialect

NOW = datetime(2024, 5, 10, 12, 30, tzinfo=UTC)
_CASES = Path(__file__).parent / "cases"


RECORD = {
    "id": "rec00000000000001",
    "created_time": "2024-01-02T03:04:05.000Z",
    "modified_time": "2024-03-04T05:06:07.000Z",
    "field_modified_times": {"Name": "2024-02-01T00:00:00.000Z", "Due": "2024-02-03T00:00:00.000Z"},
}


@dataclass(frozen=True, slots=True)
class Case:
    """A line of a case file: a formula, its fields as JSON by name, the value expected of it."""

    formula: str
    fields: dict[str, Any]
    types: dict[str, str]
    expected: Any
    dialect: Dialect = "airtable"

    def result(self) -> Any:
        """The formula's value as the REST API gives it; an error with its message where the case has one."""
        value = formula.evaluate(
            self.formula,
            self.fields,
            field_types=self.types or None,
            now=NOW,
            record=RECORD,
            dialect=self.dialect,
        )
        if isinstance(value, formula.ErrorValue) and isinstance(self.expected, str) and ": " in self.expected:
            return f"{value.code}: {value.message}"
        return "#ERROR!" if isinstance(value, formula.ErrorValue) else formula.to_rest(value)


def _read(file: Path) -> Iterator[Any]:
    dialect: Dialect = "extended" if file.stem.startswith("extended_") else "airtable"
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            text, fields, expected = (part.strip() for part in line.rsplit(" |", 2))
            values, types = _fields(fields)
            case = Case(text, values, types, _value(expected), dialect)
            yield pytest.param(case, id=f"{file.stem}:{number}")


def _fields(text: str) -> tuple[dict[str, Any], dict[str, str]]:
    """`Name=Ada; n:number=1`: JSON where it parses, else text; a type after the name where it matters."""
    values: dict[str, Any] = {}
    types: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split("; "))):
        name, _, value = part.partition("=")
        name, _, type = name.partition(":")
        values[name] = _value(value)
        if type:
            types[name] = type
    return values, types


def _value(text: str) -> Any:
    if text == "blank":
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


@pytest.mark.parametrize("case", [case for file in sorted(_CASES.glob("*.txt")) for case in _read(file)])
def test_a_formula_has_the_value_that_its_case_says(case: Case) -> None:
    assert case.result() == case.expected
