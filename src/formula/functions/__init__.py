"""The functions of the language, one table: adding one is a function, a line in its family, and a case."""

from collections.abc import Mapping
from types import MappingProxyType

from formula.functions.arrays import ARRAY_FUNCTIONS
from formula.functions.dates import DATE_FUNCTIONS
from formula.functions.function import Function, Parameter, Want
from formula.functions.logic import LOGIC_FUNCTIONS
from formula.functions.numeric import NUMERIC_FUNCTIONS
from formula.functions.record import RECORD_FUNCTIONS
from formula.functions.regex import REGEX_FUNCTIONS
from formula.functions.text import TEXT_FUNCTIONS

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        member.name: member
        for family in (
            TEXT_FUNCTIONS,
            LOGIC_FUNCTIONS,
            NUMERIC_FUNCTIONS,
            DATE_FUNCTIONS,
            ARRAY_FUNCTIONS,
            REGEX_FUNCTIONS,
            RECORD_FUNCTIONS,
        )
        for member in family
    }
)
"""Every function by its name in capitals."""

__all__ = ["FUNCTIONS", "Function", "Parameter", "Want"]
