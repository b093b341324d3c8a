"""docs/formulas.md says what the engine does."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import formula

_TEXT = (Path(__file__).parents[2] / "docs" / "formulas.md").read_text(encoding="utf-8")


def test_every_line_of_the_examples_in_python_is_true() -> None:
    block = re.search(r"```python\n(.*?)```", _TEXT, re.DOTALL)
    assert block
    names: dict[str, Any] = {}
    told = 0
    for line in block[1].splitlines():
        code, _, expected = line.partition("  # ")
        if expected:
            told += 1
            assert repr(eval(code, names)) == expected
        else:
            exec(code, names)
    assert told >= 6


def test_every_disputed_point_limit_and_extended_function_has_its_line() -> None:
    names = [*(one.name for one in fields(formula.Switches)), *(one.name for one in fields(formula.Limits))]

    assert [name for name in names if f"\n| `{name}` | " not in _TEXT] == []
    signatures = [member.signature for member in formula.EXTENDED_FUNCTIONS.values()]
    assert [each for each in signatures if f"\n| `{each}` | " not in _TEXT] == []


def test_every_error_is_told() -> None:
    raised = [name for name in formula.__all__ if name.startswith("Formula") or name.endswith("Setting")]

    assert [name for name in raised if f"`{name}`" not in _TEXT] == []


def test_a_rule_of_equality_that_is_told_holds() -> None:
    for text in ("BLANK() = 0", 'BLANK() = ""', "BLANK() = FALSE()", '5 = "5"', 'NOT(0 = "")'):
        assert formula.evaluate(text) is True
