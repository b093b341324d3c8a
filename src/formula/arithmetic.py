"""The operators of the language as functions of two values, chosen by what is known of their shapes."""

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from formula import shapes
from formula.coercion import alone, coerced, number_of, text_of, to_number, to_text
from formula.comparison import comparison
from formula.scope import Batch
from formula.shapes import Kind, Shape
from formula.values import Failed, Value

Operation = Callable[[Any, Any], Any]

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_NUMERIC_KINDS = frozenset({Kind.NUMBER, Kind.BOOLEAN, Kind.BLANK})


def multiply(left: float, right: float) -> float:
    """The product, as doubles: a product of counts must not grow into a long integer."""
    return float(left) * right


def divide(left: float, right: float) -> float:
    """The quotient of doubles: x/0 is an infinity, 0/0 NaN."""
    if right:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def plus(left: Value, right: Value) -> float | str:
    """The sum of numbers; with a text on either side, the texts joined, as in JavaScript."""
    first, second = alone(left), alone(right)
    if isinstance(first, str) or isinstance(second, str):
        return text_of(first) + text_of(second)
    return number_of(first) + number_of(second)


_NUMERIC: Mapping[str, Operation] = {
    "+": operator.add,
    "-": operator.sub,
    "*": multiply,
    "/": divide,
}


def result_shape(sign: str, left: Shape, right: Shape, *, plus_of_text: str) -> Shape:
    """What is known of the result of an operator."""
    if sign in COMPARISONS:
        return shapes.BOOLEAN
    if sign == "&":
        return shapes.TEXT
    if sign == "+" and plus_of_text == "concatenate":
        return _sum_shape(left, right)
    return shapes.NUMBER


def _sum_shape(left: Shape, right: Shape) -> Shape:
    if left.kind in _NUMERIC_KINDS and right.kind in _NUMERIC_KINDS:
        return shapes.NUMBER
    return shapes.TEXT if shapes.TEXT in (left, right) else shapes.ANY


def operation(sign: str, left: Shape, right: Shape, batch: Batch) -> Operation:
    """The function that applies the operator to two such values."""
    if sign in COMPARISONS:
        return comparison(sign, left, right)
    if sign == "&":
        return coerced(_joining(batch.limits.result_characters), to_text(left), to_text(right))
    if result_shape(sign, left, right, plus_of_text=batch.switches.plus_of_text) != shapes.NUMBER:
        return _limited(plus, batch.limits.result_characters)
    return coerced(_NUMERIC[sign], to_number(left), to_number(right))


def _joining(limit: int) -> Operation:
    def join(left: str, right: str) -> str:
        if len(left) + len(right) > limit:
            raise Failed(f"The text is longer than {limit:,} characters.")
        return left + right

    return join


def _limited(operation: Operation, limit: int) -> Operation:
    def limited(left: Value, right: Value) -> Any:
        result = operation(left, right)
        if isinstance(result, str) and len(result) > limit:
            raise Failed(f"The text is longer than {limit:,} characters.")
        return result

    return limited
