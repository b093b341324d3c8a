"""Numbers as JavaScript writes and reads them, and rounding that sees the digits a person sees."""

import math
import re
from collections.abc import Callable

_MAX_DIGITS = 330
"""No double has digits beyond this place on either side of the point."""

_PLAIN = re.compile(r"\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*")
_SAFE = 1e9
"""Below this a scaled number carries at least six true digits after the point."""


def number_text(number: float) -> str:
    """The shortest text of a double: 15, 0.1, 1e+21, 1e-7, NaN, Infinity; -0 is 0.

    The rule is ECMAScript's Number::toString.
    """
    if math.isnan(number):
        return "NaN"
    if number in (math.inf, -math.inf):
        return "Infinity" if number > 0 else "-Infinity"
    if abs(number) < 1e15 and number == int(number):
        return str(int(number))
    return _fraction_text(float(number))


def _fraction_text(number: float) -> str:
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = f"{abs(number)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0)
    if whole == "0":
        point -= 1 + len(fraction) - len(digits)
    return sign + _placed(digits.rstrip("0"), point)


def _placed(digits: str, point: int) -> str:
    """The digits with a point after the first `point` of them; far from the point, with an exponent."""
    if 0 < point <= 21:
        whole = digits[:point].ljust(point, "0")
        return f"{whole}.{digits[point:]}" if len(digits) > point else whole
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    head = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{head}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def number_from(text: str) -> float | None:
    """The number that the whole text writes, spaces around it allowed; None if it writes none."""
    return float(text) if _PLAIN.fullmatch(text) else None


def number_in(text: str) -> float | None:
    """The number that is left when signs of currency, separators and words are taken out; None if none is."""
    plain = number_from(text)
    if plain is not None:
        return plain
    digits = re.match(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", re.sub(r"[^0-9.-]", "", text))
    return float(digits.group()) if digits else None


def round_half_up(number: float, digits: int, *, binary: bool = False) -> float:
    """The nearest multiple of 10^-digits; a tie goes up, toward +infinity.

    Ties are those of the decimal text, so that 65.115 gives 65.12 at two digits, unless `binary`.
    """
    if not math.isfinite(number):
        return number
    scale = 10.0**digits if -15 < digits < 15 else math.inf
    scaled = number * scale
    if binary and abs(scaled) < 2**53:
        return math.floor(scaled + 0.5) / scale
    if abs(scaled) < _SAFE:
        below = math.floor(scaled)
        fraction = scaled - below
        if abs(fraction - 0.5) > 1e-6:
            return (below + (fraction > 0.5)) / scale
    return _decimal_round(number, digits, "ROUND_FLOOR", "0.5")


def rounder(digits: int, *, binary: bool = False) -> Callable[[float], float]:
    """`round_half_up` for many numbers at the same `digits`."""
    scale = 10.0**digits if -15 < digits < 15 else math.inf
    floor = math.floor

    def round_(number: float) -> float:
        scaled = number * scale
        if -_SAFE < scaled < _SAFE:
            below = floor(scaled)
            if scaled - below < 0.499999:
                return below / scale
            if scaled - below > 0.500001:
                return (below + 1) / scale
        return round_half_up(number, digits, binary=binary)

    return round_


def round_up(number: float, digits: int) -> float:
    """The next multiple of 10^-digits away from zero."""
    return _decimal_round(number, digits, "ROUND_UP") if math.isfinite(number) else number


def round_down(number: float, digits: int) -> float:
    """The next multiple of 10^-digits toward zero."""
    return _decimal_round(number, digits, "ROUND_DOWN") if math.isfinite(number) else number


def _decimal_round(number: float, digits: int, rounding: str, shift: str = "0") -> float:
    from decimal import Decimal

    places = max(-_MAX_DIGITS, min(digits, _MAX_DIGITS))
    scaled = Decimal(repr(float(number))).scaleb(places)
    return float((scaled + Decimal(shift)).to_integral_value(rounding).scaleb(-places))


def ceiling(number: float, step: float) -> float:
    """The lowest multiple of `step` that is not below `number`: CEILING(1.01, 0.1) is 1.1."""
    return _multiple(number, step, math.ceil)


def floor(number: float, step: float) -> float:
    """The highest multiple of `step` that is not above `number`."""
    return _multiple(number, step, math.floor)


def _multiple(number: float, step: float, whole: Callable[[float], int]) -> float:
    if step == 0 or not math.isfinite(number) or not math.isfinite(step):
        return number if step else 0.0
    ratio = number / abs(step)
    if not math.isfinite(ratio):
        return number
    nearest = round(ratio)
    # 0.3 / 0.1 is 2.9999999999999996: a ratio that close to a whole number is that number.
    count = nearest if abs(ratio - nearest) <= 1e-9 * max(1.0, abs(ratio)) else whole(ratio)
    return float(format(count * abs(step), ".15g"))
