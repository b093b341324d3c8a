"""The operators as code: Python's own where the shapes allow it, else the functions that the closures use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce
from itertools import groupby
from typing import TYPE_CHECKING, NoReturn

from formula import shapes
from formula.arithmetic import COMPARISONS, divide, multiply, operation, result_shape
from formula.generated.fragment import Fragment, NotWritable
from formula.generated.wants import as_boxed, as_number, as_text
from formula.shapes import Kind, Shape
from formula.tree import Binary, spine
from formula.values import Failed

if TYPE_CHECKING:
    from formula.generated.writer import Writer

_MAX_CHAIN = 100
"""Operators of a chain that is written as an expression: each adds a level to it."""

_JOIN = "".join
_NUMERIC = frozenset({Kind.NUMBER, Kind.BOOLEAN})


def negated(writer: Writer, operand: Fragment) -> Fragment:
    """Minus the operand."""
    stored = operand.stored if operand.has(Kind.NUMBER) else None
    return Fragment(f"(-{as_number(writer, operand)})", shapes.NUMBER, stored, is_safe=_is_float(operand))


def chained(writer: Writer, node: Binary) -> Fragment:
    """A chain of operators; neighbouring & are joined at once."""
    first, chain = spine(node)
    if len(chain) > _MAX_CHAIN:
        raise NotWritable
    result = writer.write(first)
    for sign, steps in groupby(chain, key=lambda step: step.operator):
        operands = [writer.write(step.right) for step in steps]
        if sign == "&":
            result = joined(writer, [result, *operands])
        else:
            result = reduce(partial(_applied, writer, sign), operands, result)
    return result


def joined(writer: Writer, parts: Sequence[Fragment]) -> Fragment:
    """The texts of the parts in one."""
    texts = ", ".join([as_text(writer, part) for part in parts])
    return limited(writer, f"{writer.constant(_JOIN)}(({texts},))")


def limited(writer: Writer, code: str) -> Fragment:
    """Code of a text, made to fail if the text is longer than one may be."""
    limit = writer.batch.limits.result_characters
    first, text = writer.held(Fragment(code, shapes.TEXT))
    too_long = f"{writer.constant(_too_long)}({limit})"
    checked = f"({text.code} if {writer.constant(len)}({first}) <= {limit} else {too_long})"
    return Fragment(checked, shapes.TEXT)


def compared(writer: Writer, sign: str, left: Fragment, right: Fragment) -> Fragment:
    """The comparison, as True or False."""
    python = {"=": "=="}.get(sign, sign)
    pair = _alike(writer, sign, left, right)
    if pair is not None:
        first, second = pair
        code, is_safe = f"({first} {python} {second})", left.is_safe and right.is_safe
        return Fragment(code, shapes.BOOLEAN, is_safe=is_safe)
    return _called(writer, sign, left, right, shapes.BOOLEAN)


def _alike(writer: Writer, sign: str, left: Fragment, right: Fragment) -> tuple[str, str] | None:
    """Both operands as Python compares them by the same rule as we do; None if it has another one."""
    kinds = {left.shape.kind, right.shape.kind}
    if kinds == {Kind.TEXT}:
        return as_text(writer, left), as_text(writer, right)
    if kinds <= _NUMERIC:
        return as_number(writer, left), as_number(writer, right)
    if left.is_instant and right.is_instant and _have_order(sign, left, right):
        return left.code, right.code
    if sign in ("=", "!=") and Kind.BLANK in kinds and kinds & {Kind.TEXT, *_NUMERIC}:
        # What equals a blank is what has no truth in it, but for NaN.
        blank, other = (left, right) if left.shape.kind is Kind.BLANK else (right, left)
        return f"(not {other.code})", f"({blank.code} is None)"
    return None


def _have_order(sign: str, left: Fragment, right: Fragment) -> bool:
    return sign in ("=", "!=") or not (left.shape.may_be_blank or right.shape.may_be_blank)


def _applied(writer: Writer, sign: str, left: Fragment, right: Fragment) -> Fragment:
    if sign in COMPARISONS:
        return compared(writer, sign, left, right)
    plus_of_text = writer.batch.switches.plus_of_text
    shape = result_shape(sign, left.shape, right.shape, plus_of_text=plus_of_text)
    if shape != shapes.NUMBER:
        return _sum_of_text(writer, left, right, shape)
    return _ARITHMETIC.get(sign, _plain)(writer, sign, left, right)


def _sum_of_text(writer: Writer, left: Fragment, right: Fragment, shape: Shape) -> Fragment:
    if left.is_single and right.is_single and Kind.TEXT in (left.shape.kind, right.shape.kind):
        has_text = left.has(Kind.TEXT) or right.has(Kind.TEXT)
        return joined(writer, [left, right]) if has_text else _called(writer, "+", left, right, shape)
    return _called(writer, "+", left, right, shape)


def _plain(writer: Writer, sign: str, left: Fragment, right: Fragment) -> Fragment:
    code = f"({as_number(writer, left)} {sign} {as_number(writer, right)})"
    return Fragment(
        code, shapes.NUMBER, _sum_stored(left, right), is_safe=_is_float(left) and _is_float(right)
    )


def _sum_stored(left: Fragment, right: Fragment) -> type | None:
    return float if _is_real(left) or _is_real(right) else None


def _product(writer: Writer, _: str, left: Fragment, right: Fragment) -> Fragment:
    first, second = as_number(writer, left), as_number(writer, right)
    is_safe = _is_float(left) and _is_float(right)
    if _is_real(left) or _is_real(right):
        return Fragment(f"({first} * {second})", shapes.NUMBER, float, is_safe=is_safe)
    return Fragment(f"{writer.constant(multiply)}({first}, {second})", shapes.NUMBER, float)


def _quotient(writer: Writer, _: str, left: Fragment, right: Fragment) -> Fragment:
    first, second = as_number(writer, left), as_number(writer, right)
    if right.constant and _is_real(right):
        return Fragment(f"({first} / {second})", shapes.NUMBER, float, is_safe=_is_float(left))
    return Fragment(f"{writer.constant(divide)}({first}, {second})", shapes.NUMBER, float)


_ARITHMETIC = {"*": _product, "/": _quotient}


def _is_real(fragment: Fragment) -> bool:
    """Whether its number is a float, and never blank."""
    return fragment.stored is float and fragment.has(Kind.NUMBER)


def _is_float(fragment: Fragment) -> bool:
    """Whether it is a float, or zero for a blank, that cannot fail."""
    return fragment.stored is float and fragment.is_safe


def _called(writer: Writer, sign: str, left: Fragment, right: Fragment, shape: Shape) -> Fragment:
    """The function that the closures would use for such values."""
    apply = operation(sign, left.shape, right.shape, writer.batch)
    code = f"{writer.constant(apply)}({as_boxed(writer, left)}, {as_boxed(writer, right)})"
    return Fragment(code, shape)


def _too_long(limit: int) -> NoReturn:
    raise Failed(f"The text is longer than {limit:,} characters.")
