"""Excel's functions of angles, which are in radians."""

import math

from formula.functions.function import Function, function
from formula.values import Failed


def _within_one(name: str, number: float) -> float:
    if not -1 <= number <= 1:
        raise Failed(f"{name} takes numbers from -1 to 1.")
    return number


def _angle(name: str, number: float) -> float:
    """A number that a circular function takes; beyond 2^27 Excel refuses it, as its digits mean nothing."""
    if not abs(number) < 2**27:
        raise Failed(f"{name} takes angles up to 2^27.")
    return number


@function("SIN", "numeric", "SIN(PI() / 2) -> 1")
def sin(angle: float) -> float:
    """The sine (Excel: SIN)."""
    return math.sin(_angle("SIN", angle))


@function("COS", "numeric", "COS(0) -> 1")
def cos(angle: float) -> float:
    """The cosine (Excel: COS)."""
    return math.cos(_angle("COS", angle))


@function("TAN", "numeric", "TAN(0) -> 0")
def tan(angle: float) -> float:
    """The tangent (Excel: TAN)."""
    return math.tan(_angle("TAN", angle))


@function("ASIN", "numeric", "ASIN(0) -> 0")
def asin(number: float) -> float:
    """The angle with that sine, from -pi/2 to pi/2 (Excel: ASIN)."""
    return math.asin(_within_one("ASIN", number))


@function("ACOS", "numeric", "ACOS(1) -> 0")
def acos(number: float) -> float:
    """The angle with that cosine, from 0 to pi (Excel: ACOS)."""
    return math.acos(_within_one("ACOS", number))


@function("ATAN", "numeric", "ATAN(0) -> 0")
def atan(number: float) -> float:
    """The angle with that tangent, from -pi/2 to pi/2 (Excel: ATAN)."""
    return math.atan(number)


@function("ATAN2", "numeric", "ATAN2(1, 0) -> 0")
def atan2(x: float, y: float) -> float:
    """The angle from the x-axis to the point, with x first (Excel: ATAN2)."""
    if x == 0 and y == 0:
        raise Failed("ATAN2 has no angle for the point 0, 0.")
    return math.atan2(y, x)


@function("SINH", "numeric", "SINH(0) -> 0")
def sinh(number: float) -> float:
    """The hyperbolic sine (Excel: SINH)."""
    return math.sinh(number)


@function("COSH", "numeric", "COSH(0) -> 1")
def cosh(number: float) -> float:
    """The hyperbolic cosine (Excel: COSH)."""
    return math.cosh(number)


@function("TANH", "numeric", "TANH(0) -> 0")
def tanh(number: float) -> float:
    """The hyperbolic tangent (Excel: TANH)."""
    return math.tanh(number)


@function("RADIANS", "numeric", "RADIANS(270) -> 4.712388")
def radians(angle: float) -> float:
    """Degrees as radians (Excel: RADIANS)."""
    return math.radians(angle)


@function("DEGREES", "numeric", "DEGREES(PI()) -> 180")
def degrees(angle: float) -> float:
    """Radians as degrees (Excel: DEGREES)."""
    return math.degrees(angle)


TRIGONOMETRY_FUNCTIONS: tuple[Function, ...] = (
    sin,
    cos,
    tan,
    asin,
    acos,
    atan,
    atan2,
    sinh,
    cosh,
    tanh,
    radians,
    degrees,
)
