"""How two values compare: blank with "", 0 and false, numbers with numeric text, dates with text."""

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from formula.coercion import Coercion, alone, coerced, to_number, to_text
from formula.numerals import number_from
from formula.shapes import Kind, Shape
from formula.values import DateValue, ErrorValue, Failed, Value
from moments import parse_loose

Comparison = Callable[[Any, Any], bool]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def equal(left: Value, right: Value) -> bool:
    """Whether the values are equal; text is compared with its capitals."""
    first, second = _comparable(left), _comparable(right)
    if type(first) is type(second):
        return bool(first == second)
    if first is None or second is None:
        return (second if first is None else first) in ("", 0.0)
    if "" in (first, second):
        # LEN({n} & "") tells blank from 0, so an empty text is not 0.
        return False
    return bool(operator.eq(*_aligned(first, second)))


def unequal(left: Value, right: Value) -> bool:
    """Whether the values are not equal."""
    return not equal(left, right)


def _ordering(compare: Comparison) -> Comparison:
    """The comparison of any two values by `compare`, which is false where they have no order."""

    def ordered(left: Value, right: Value) -> bool:
        first, second = _comparable(left), _comparable(right)
        if first is None or type(first) is not type(second):
            first, second = _aligned(first, second)
        return bool(compare(first, second))

    return ordered


def _comparable(value: Value) -> str | float | datetime | None:
    """Text, a float, an instant or blank; fails for an error."""
    match value:
        case str() | float() | None:
            return value
        case int():
            return float(value)
        case DateValue(instant=instant):
            return instant
        case list():
            return _comparable(alone(value))
        case ErrorValue(code=code, message=message):
            raise Failed(message, code)


def _aligned(first: Any, second: Any) -> tuple[Any, Any]:
    """Two values of different types as two of one type; both NaN where there is no way."""
    if type(first) is float or type(second) is float:
        return _as_number(first), _as_number(second)
    if type(first) is datetime or type(second) is datetime:
        return _as_milliseconds(first), _as_milliseconds(second)
    return first or "", second or ""


def _as_number(value: Any) -> float:
    match value:
        case None:
            return 0.0
        case str():
            number = number_from(value) if value else 0.0
            return float("nan") if number is None else number
        case datetime():
            return _as_milliseconds(value)
        case _:
            return float(value)


def _as_milliseconds(value: Any) -> float:
    match value:
        case datetime():
            return (value - _EPOCH).total_seconds() * 1000
        case str():
            instant = parse_loose(value)
            return float("nan") if instant is None else _as_milliseconds(instant)
        case _:
            return 0.0


_PLAIN: Mapping[str, Comparison] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_GENERAL: Mapping[str, Comparison] = {
    "=": equal,
    "!=": unequal,
    **{sign: _ordering(_PLAIN[sign]) for sign in ("<", "<=", ">", ">=")},
}
_COERCIONS: tuple[tuple[frozenset[Kind], Callable[[Shape], Coercion | None]], ...] = (
    (frozenset({Kind.NUMBER, Kind.BOOLEAN}), to_number),
    (frozenset({Kind.TEXT}), to_text),
)


def comparison(sign: str, left: Shape, right: Shape) -> Comparison:
    """The comparison of two such values; among numbers, and among texts, the only rule is that of blanks."""
    for kinds, coercion in _COERCIONS:
        if {left.kind, right.kind} <= kinds:
            return coerced(_PLAIN[sign], coercion(left), coercion(right))
    return _GENERAL[sign]
