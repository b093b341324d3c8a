"""The order in which a table's formulas can be computed."""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from formula.errors import FormulaCycle
from formula.naming import FieldNames
from formula.parser import parse
from formula.tree import Field, walk


def order(formulas: Mapping[str, str], *, field_names: Mapping[str, str] | None = None) -> list[str]:
    """The names of the formula fields, each after those that it reads.

    `formulas` are texts by field name, `field_names` names by id. Raises FormulaCycle, which names the way
    round, and FormulaSyntaxError.
    """
    names = FieldNames(formulas, field_names or {}, is_closed=True)
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name, text in formulas.items():
        sorter.add(name, *(read for read in _reads(text, names) if read in formulas))
    try:
        return list(sorter.static_order())
    except CycleError as error:
        raise FormulaCycle(_way_round(error.args[1])) from None


def _reads(text: str, names: FieldNames) -> Iterable[str]:
    found = (names.resolve(node.name) for node in walk(parse(text)) if isinstance(node, Field))
    return dict.fromkeys(name for name in found if name is not None)


def _way_round(cycle: Sequence[str]) -> list[str]:
    """The cycle from a formula to what it reads; graphlib gives it the other way."""
    return list(reversed(cycle))
