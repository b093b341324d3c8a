"""Functions of numbers, written out where all arguments are numbers and none is blank."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from formula import shapes
from formula.coercion import whole
from formula.generated.fragment import Fragment
from formula.generated.wants import as_number
from formula.numerals import rounder
from formula.shapes import Kind

if TYPE_CHECKING:
    from formula.generated.writer import Writer


def _round(writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    number, *digits = arguments
    precision = digits[0].constant if digits else 0.0
    if not isinstance(precision, float):
        return None
    run = rounder(whole(precision), binary=writer.batch.switches.round_ties == "binary")
    return Fragment(f"{writer.constant(run)}({as_number(writer, number)})", shapes.NUMBER, float)


def _sum(writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    if not all(argument.has(Kind.NUMBER) for argument in arguments):
        return None
    numbers = ", ".join(argument.code for argument in arguments)
    return Fragment(f"{writer.constant(sum)}(({numbers},))", shapes.NUMBER)


def _abs(writer: Writer, arguments: Sequence[Fragment]) -> Fragment:
    return Fragment(f"{writer.constant(abs)}({as_number(writer, arguments[0])})", shapes.NUMBER)


def _extreme(sign: str, writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    if not all(argument.has(Kind.NUMBER) for argument in arguments):
        return None
    stored = float if all(argument.stored is float for argument in arguments) else None
    best, *others = arguments
    for other in others:
        best = replace(_better(sign, writer, best, other), stored=stored)
    return best


def _better(sign: str, writer: Writer, left: Fragment, right: Fragment) -> Fragment:
    """One of two numbers; NaN, which is in no order with any, if either is NaN."""
    (first, left_name), (second, right_name) = writer.held(left), writer.held(right)
    a, b = left_name.code, right_name.code
    code = f"({a} if {first} {sign}= {second} else {b} if {b} {sign} {a} else {writer.constant(math.nan)})"
    return Fragment(code, shapes.NUMBER, is_safe=left.is_safe and right.is_safe)


NUMERIC_RULES: Mapping[str, Callable[[Writer, Sequence[Fragment]], Fragment | None]] = {
    "ABS": _abs,
    "MAX": partial(_extreme, ">"),
    "MIN": partial(_extreme, "<"),
    "ROUND": _round,
    "SUM": _sum,
}
