"""Comparisons of a formula with what is written out in it, and whether any cell can make them true."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from formula.arithmetic import COMPARISONS
from formula.cells import cell_type
from formula.checker import Checked
from formula.comparison import comparison
from formula.numerals import number_from
from formula.shapes import Kind, Shape
from formula.tree import Binary, Call, Field, Literal, Negation, Node
from formula.values import DateValue, Failed
from moments import parse_loose

_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_FINDING = frozenset({"FIND", "SEARCH"})
_CASED = frozenset({"LOWER", "UPPER"})
_MOMENTS = frozenset({"NOW", "TODAY"})
_SOME_NUMBER, _SOME_DATE = 1.0, DateValue(datetime(2026, 1, 1, tzinfo=UTC))
_FOUND = {(">", 0.0), ("!=", 0.0), (">=", 1.0)}
"""Comparisons of FIND's result which say that something was found."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field compared with a value, in a place where a record passes the formula the sooner if it is true.

    `text` is the comparison as written; `field` the field's name, "" for a truth in its place; `operator` is
    =, !=, <, <=, >, >=, or "contains" for FIND and SEARCH; `function` is LOWER or UPPER around the field,
    SEARCH for a look in any case, or ""; `value` is what is written out, None where `moment` is NOW or TODAY.
    """

    text: str
    field: str
    operator: str
    value: str | float | None
    function: str = ""
    moment: str = ""


def comparisons(checked: Checked, text: str) -> list[Comparison]:
    """Those comparisons of the formula with that text that could let a record pass, in their order."""
    found = (_compared(checked, node, text) for node in _deciding(checked.tree))
    return [each for each in found if each is not None]


def can_hold(type: str, operator: str, value: str | float, cells: Iterable[Any] | None = None) -> bool:
    """Whether a comparison can be true for a cell of that type of field.

    `cells` are all values but none that the cell may have, in the REST form, where they are known: only then
    are texts and arrays judged. In doubt it can.
    """
    read = cell_type(type)
    literal = Shape(Kind.TEXT if isinstance(value, str) else Kind.NUMBER)
    holds = comparison(operator, read.shape, literal)
    loaded = _some_values(read.shape.kind, value) if cells is None else [read.load(cell) for cell in cells]
    if loaded is None:
        return True
    try:
        return any(holds(cell, value) for cell in [None, *loaded])
    except Failed:
        return True


def truth_can_hold(operator: str, value: str | float) -> bool:
    """Whether a comparison with the result of another comparison can be true."""
    return can_hold("checkbox", operator, value, [True])


def _some_values(kind: Kind, value: str | float) -> list[Any] | None:
    """Values that stand for all of a kind in a comparison with `value`; None if none can."""
    match kind, value:
        case Kind.NUMBER, str() if value and number_from(value) is None:
            return [_SOME_NUMBER]
        case Kind.BOOLEAN, str() if number_from(value) is None:
            return [True]
        case Kind.BOOLEAN, float():
            return [True]
        case Kind.DATE, str() if parse_loose(value) is None:
            return [_SOME_DATE]
        case _:
            return None


def _deciding(node: Node) -> Iterator[Node]:
    """The parts of a condition of which one that is true makes the whole true sooner: not what NOT turns."""
    match node:
        case Call(name="AND" | "OR", arguments=arguments):
            for argument in arguments:
                yield from _deciding(argument)
        case Call(name="IF", arguments=(condition, then, *_)) if _is_true(then):
            yield from _deciding(condition)
        case Binary() | Call():
            yield node


def _is_true(node: Node) -> bool:
    match node:
        case Literal(value=value):
            return bool(value)
        case Call(name="TRUE"):
            return True
        case _:
            return False


def _compared(checked: Checked, node: Node, text: str) -> Comparison | None:
    written = text[slice(*node.span)]
    match node:
        case Call(name=name, arguments=(Literal(value=str(part)), where, *_)) if name in _FINDING:
            return _found(checked, written, name, part, where)
        case Binary(operator=sign, left=Call(name=name) as call, right=Literal(value=float(least))) if (
            name in _FINDING and (sign, least) in _FOUND
        ):
            return _compared(checked, call, text)
        case Binary(operator=sign, left=left, right=right) if sign in COMPARISONS:
            return _sided(checked, written, sign, left, right) or _sided(
                checked, written, _MIRRORED[sign], right, left
            )
        case _:
            return None


def _sided(checked: Checked, written: str, sign: str, left: Node, right: Node) -> Comparison | None:
    """The comparison if a field, or a truth, stands on the left and something written out on the right."""
    value = _constant(right)
    moment = right.name if isinstance(right, Call) and right.name in _MOMENTS else ""
    if value is None and not moment:
        return None
    match left:
        case Field(name=name) if name in checked.names:
            return Comparison(written, checked.names[name], sign, value, moment=moment)
        case Call(name=function, arguments=(Field(name=name),)) if (
            function in _CASED and name in checked.names and value is not None
        ):
            return Comparison(written, checked.names[name], sign, value, function)
        case Binary(operator=inner) if inner in COMPARISONS and value is not None:
            return Comparison(written, "", sign, value)
        case _:
            return None


def _found(checked: Checked, written: str, name: str, part: str, where: Node) -> Comparison | None:
    """The look for a part in a field: as it is, as text, or in another case."""
    function = "SEARCH" if name == "SEARCH" else ""
    match where:
        case Field(name=field) if field in checked.names:
            return Comparison(written, checked.names[field], "contains", part, function)
        case Call(name="LOWER" | "UPPER" as cased, arguments=(inner,)):
            found = _found(checked, written, name, part, inner)
            return found and Comparison(written, found.field, "contains", part, function or cased)
        case Call(name="ARRAYJOIN" | "CONCATENATE", arguments=(Field() as inner,)):
            return _found(checked, written, name, part, inner)
        case Binary(operator="&", left=Field() as inner, right=Literal(value="")):
            return _found(checked, written, name, part, inner)
        case _:
            return None


def _constant(node: Node) -> str | float | None:
    """The text or number that is written out, a date without quotes too: 2026-01-02 is 2023."""
    match node:
        case Literal(value=value):
            return value
        case Negation(operand=Literal(value=float(number))):
            return -number
        case Binary(operator="-", left=left, right=Literal(value=float(number))):
            first = _constant(left)
            return first - number if isinstance(first, float) else None
        case _:
            return None
