import json
import re
from pathlib import Path
from typing import Any

import pytest

import formula

_MEMBERS = list(formula.FUNCTIONS.values())
_EXTENDED = list(formula.EXTENDED_FUNCTIONS.values())
_EXAMPLES = [
    example for member in [*_MEMBERS, *_EXTENDED] for example in member.examples if " -> " in example
]
_CATEGORIES = {"text", "logical", "numeric", "date", "array", "regex", "record"}


@pytest.mark.parametrize("member", [*_MEMBERS, *_EXTENDED], ids=lambda member: member.name)
def test_a_function_is_declared_in_full(member: formula.Function) -> None:
    assert {**formula.FUNCTIONS, **formula.EXTENDED_FUNCTIONS}[member.name] is member
    assert member.category in _CATEGORIES
    assert member.doc.endswith(".")
    assert member.signature.startswith(f"{member.name}(")
    assert member.examples
    assert all(member.name in example for example in member.examples)


@pytest.mark.parametrize("example", _EXAMPLES)
def test_an_example_of_a_function_is_true(example: str) -> None:
    text, _, expected = example.rpartition(" -> ")

    value = formula.to_rest(formula.evaluate(text, dialect="extended"))

    assert _shown(value) == expected or str(value).startswith(expected)


def _shown(value: Any) -> str:
    match value:
        case None:
            return "blank"
        case {"error": code}:
            return str(code)
        case _:
            return json.dumps(value)


def test_there_are_84_functions_each_with_cases() -> None:
    cases = Path(__file__).parent / "cases"
    written = "\n".join(file.read_text(encoding="utf-8") for file in cases.glob("*.txt"))

    assert len(_MEMBERS) == 84
    assert set(re.findall(r"([A-Z][A-Z_]*)\(", written)) >= set(formula.FUNCTIONS)


@pytest.mark.parametrize("name", ["LEFT", "SWITCH", "SUM", "LAST_MODIFIED_TIME", "TODAY", "AND"])
def test_a_signature_reads_as_people_write_it(name: str) -> None:
    expected = {
        "LEFT": "LEFT(text, [count])",
        "SWITCH": "SWITCH(expression, cases...)",
        "SUM": "SUM(numbers...)",
        "LAST_MODIFIED_TIME": "LAST_MODIFIED_TIME(fields...)",
        "TODAY": "TODAY()",
        "AND": "AND(values...)",
    }
    assert formula.FUNCTIONS[name].signature == expected[name]
