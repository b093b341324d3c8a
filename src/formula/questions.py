"""A formula and the fields that it is asked about: parsed, checked, and refused where it cannot run."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from formula import checker
from formula.cells import CellType, cell_type
from formula.checker import Checked
from formula.errors import FormulaCheckError, FormulaTooLarge, UnknownSetting
from formula.functions import DIALECTS
from formula.limits import Limits
from formula.naming import FieldNames
from formula.parser import parse
from formula.switches import Switches
from formula.tree import Node

REMEMBERED_CHARACTERS = 2_000
"""Longer texts are parsed anew each time, so that what is remembered stays small."""


@dataclass(frozen=True, slots=True)
class Question:
    """A formula and the fields that it is asked about: types by name, names by id, those of the record."""

    text: str
    types: Mapping[str, str] | None
    ids: Mapping[str, str] | None
    present: Sequence[str] = ()

    def cell_types(self) -> dict[str, CellType]:
        """How the cells of each field are read."""
        return {name: cell_type(type) for name, type in (self.types or {}).items()}

    def field_ids(self) -> dict[str, str]:
        """The ids of the fields by name."""
        return {name: field_id for field_id, name in (self.ids or {}).items()}

    def names(self, switches: Switches) -> FieldNames:
        """What its references mean."""
        return FieldNames(
            [*(self.types or {}), *self.present],
            self.ids or {},
            is_closed=self.types is not None,
            forgives_case=switches.field_case == "forgiving",
        )


def parsed(text: str, switches: Switches, limits: Limits) -> Node:
    """The tree of a formula. Raises FormulaSyntaxError."""
    remembered = len(text) <= REMEMBERED_CHARACTERS
    with stack_for(text, limits):
        return (_remembered if remembered else _remembered.__wrapped__)(text, switches, limits)


def checked(question: Question, switches: Switches, limits: Limits, dialect: str) -> Checked:
    """The tree and its problems. Raises FormulaSyntaxError and UnknownSetting."""
    functions = DIALECTS.get(dialect)
    if functions is None:
        raise UnknownSetting(f"There is no dialect {dialect!r}; there are {' and '.join(DIALECTS)}.")
    tree = parsed(question.text, switches, limits)
    names, types = question.names(switches), question.cell_types()
    with stack_for(question.text, limits):
        return checker.check(tree, names, types, switches=switches, functions=functions)


def runnable(question: Question, switches: Switches, limits: Limits, dialect: str) -> Checked:
    """The tree, checked. Raises FormulaCheckError where it cannot run, besides what `checked` raises."""
    found = checked(question, switches, limits, dialect)
    if not found.report.is_runnable:
        raise FormulaCheckError(found.report)
    return found


@contextmanager
def stack_for(text: str, limits: Limits) -> Iterator[None]:
    """Called from too deep a stack, a formula within the limits may still be too deep."""
    try:
        yield
    except RecursionError:
        raise FormulaTooLarge("levels of nesting", limits.nesting, text, 0) from None


@lru_cache(maxsize=512)
def _remembered(text: str, switches: Switches, limits: Limits) -> Node:
    return parse(text, switches=switches, limits=limits)
