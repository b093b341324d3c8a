"""Airtable's formula language: text in, value out.

    formula.evaluate('IF({A} > 1, "x")', {"A": 2})      # "x"

A text is parsed, checked against the fields of a table, compiled, and run over records. What fails while it
runs is a value; what cannot run at all raises an error that says where and what to write instead.
"""

from formula.comparing import Comparison, can_hold, truth_can_hold
from formula.engine import (
    Compiled,
    check,
    comparisons,
    compile,  # noqa: A004 - as re.compile
    evaluate,
    explain,
    holds,
    matches,
    parse,
)
from formula.errors import (
    DeadlinePassed,
    FormulaCheckError,
    FormulaCycle,
    FormulaError,
    FormulaSyntaxError,
    FormulaTooLarge,
    UnknownSetting,
)
from formula.explaining import Step
from formula.functions import EXTENDED_FUNCTIONS, FUNCTIONS, Dialect, Function
from formula.limits import Limits
from formula.naming import braced
from formula.ordering import order
from formula.renaming import rename
from formula.render import render
from formula.report import Problem, Report
from formula.rest import to_rest
from formula.switches import Switches
from formula.values import BLANK, DateValue, ErrorValue, Value

__all__ = [
    # Running
    "Compiled",
    "compile",
    "evaluate",
    "holds",
    "matches",
    "to_rest",
    # Checking
    "Problem",
    "Report",
    "check",
    "order",
    # What a filter compares
    "Comparison",
    "can_hold",
    "comparisons",
    "truth_can_hold",
    # Explaining
    "Step",
    "explain",
    # Text and tree
    "braced",
    "parse",
    "rename",
    "render",
    # The language
    "Dialect",
    "EXTENDED_FUNCTIONS",
    "FUNCTIONS",
    "Function",
    "Limits",
    "Switches",
    # Values
    "BLANK",
    "DateValue",
    "ErrorValue",
    "Value",
    # Errors
    "DeadlinePassed",
    "FormulaCheckError",
    "FormulaCycle",
    "FormulaError",
    "FormulaSyntaxError",
    "FormulaTooLarge",
    "UnknownSetting",
]
