"""The functions of the language, one table: adding one is a function, a line in its family, and a case."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

from formula.functions.arrays import ARRAY_FUNCTIONS
from formula.functions.date_pairs import DATE_PAIR_FUNCTIONS
from formula.functions.dates import DATE_FUNCTIONS
from formula.functions.extended import EXTENDED_FAMILIES
from formula.functions.function import Function, Parameter, Want
from formula.functions.logic import LOGIC_FUNCTIONS
from formula.functions.numeric import NUMERIC_FUNCTIONS
from formula.functions.record import RECORD_FUNCTIONS
from formula.functions.regex import REGEX_FUNCTIONS
from formula.functions.text import TEXT_FUNCTIONS

Dialect = Literal["airtable", "extended"]
Table = Mapping[str, Function]


def _table(families: Iterable[tuple[Function, ...]]) -> Table:
    return MappingProxyType({member.name: member for family in families for member in family})


FUNCTIONS: Table = _table(
    (
        TEXT_FUNCTIONS,
        LOGIC_FUNCTIONS,
        NUMERIC_FUNCTIONS,
        DATE_FUNCTIONS,
        DATE_PAIR_FUNCTIONS,
        ARRAY_FUNCTIONS,
        REGEX_FUNCTIONS,
        RECORD_FUNCTIONS,
    )
)
"""Every function of Airtable by its name in capitals."""

EXTENDED_FUNCTIONS: Table = _table(EXTENDED_FAMILIES)
"""Those of spreadsheets that Airtable lacks; they are no part of the language unless a dialect has them."""

EVERY_FUNCTION: Table = MappingProxyType({**FUNCTIONS, **EXTENDED_FUNCTIONS})
"""All of them, for whoever runs a tree that has been checked."""

DIALECTS: Mapping[str, Table] = MappingProxyType({"airtable": FUNCTIONS, "extended": EVERY_FUNCTION})
"""The functions that each dialect has."""

__all__ = [
    "DIALECTS",
    "EVERY_FUNCTION",
    "EXTENDED_FUNCTIONS",
    "FUNCTIONS",
    "Dialect",
    "Function",
    "Parameter",
    "Want",
]
