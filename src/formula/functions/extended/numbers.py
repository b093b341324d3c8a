"""Excel's functions of numbers: logarithms, signs, divisors, products and combinations."""

import math
from collections.abc import Sequence
from functools import reduce

from formula import numerals
from formula.coercion import whole
from formula.functions.function import Function, function
from formula.functions.numeric import log, numbers_in
from formula.scope import Batch
from formula.values import Failed, Items, Value

_EXACT = 2**53
"""Up to here a double counts one by one; Excel's GCD and LCM end there."""

_LARGEST_LOGARITHM = 709.7
"""The natural logarithm of the largest double."""

_LARGEST_FACTORIAL = 170


@function("LN", "numeric", "LN(1) -> 0")
def ln(number: float) -> float:
    """The natural logarithm; of 0 it is -Infinity, of a negative number NaN, as LOG (Excel: LN)."""
    return float(log.run(number, math.e))


@function("LOG10", "numeric", "LOG10(100) -> 2")
def log10(number: float) -> float:
    """The logarithm to the base 10 (Excel: LOG10)."""
    return float(log.run(number))


@function("PI", "numeric", "PI() -> 3.14159")
def pi() -> float:
    """The ratio of a circle's circumference to its diameter (Excel: PI)."""
    return math.pi


@function("TRUNC", "numeric", "TRUNC(-8.9) -> -8", "TRUNC(8.987, 1) -> 8.9")
def trunc(number: float, digits: int = 0) -> float:
    """The number cut off after `digits` digits behind the point (Excel: TRUNC)."""
    return numerals.round_down(number, digits)


@function("SIGN", "numeric", "SIGN(-2.5) -> -1")
def sign(number: float) -> int:
    """1 for a positive number, -1 for a negative one, 0 for 0 (Excel: SIGN)."""
    return (number > 0) - (number < 0)


@function("PRODUCT", "numeric", "PRODUCT(2, 3, 4) -> 24")
def product(batch: Batch, *numbers: Items) -> float:
    """The numbers multiplied; text and blanks are left out, and of none it is 0 (Excel: PRODUCT)."""
    found = list(map(float, numbers_in(numbers, batch)))
    return math.prod(found) if found else 0.0


@function("SUMSQ", "numeric", "SUMSQ(3, 4) -> 25")
def sumsq(batch: Batch, *numbers: Items) -> float:
    """The sum of the squares of the numbers (Excel: SUMSQ)."""
    return sum(float(number) * number for number in numbers_in(numbers, batch))


@function("SUMPRODUCT", "numeric", "SUMPRODUCT({Prices}, {Amounts})")
def sumproduct(batch: Batch, array: Items, *more_arrays: Items) -> float:
    """The sum of the products of items at the same place; what is no number counts as 0.

    Excel: SUMPRODUCT.
    """
    arrays = (array, *more_arrays)
    if len(set(map(len, arrays))) > 1:
        raise Failed(
            f"SUMPRODUCT wants arrays of one length, not {' and '.join(str(len(a)) for a in arrays)}."
        )
    return sum(math.prod(_factor(batch, item) for item in row) for row in zip(*arrays, strict=True))


def _factor(batch: Batch, item: Value) -> float:
    return float(next(numbers_in([[item]], batch), 0.0))


@function("QUOTIENT", "numeric", "QUOTIENT(-10, 3) -> -3")
def quotient(number: float, divisor: float) -> float:
    """The whole part of a division (Excel: QUOTIENT)."""
    if divisor == 0:
        raise Failed("QUOTIENT cannot divide by 0.")
    return numerals.round_down(number / divisor, 0)


@function("MROUND", "numeric", "MROUND(10, 3) -> 9")
def mround(number: float, multiple: float) -> float:
    """The nearest multiple, a tie away from zero; both need the same sign (Excel: MROUND)."""
    if multiple == 0 or number == 0:
        return 0.0
    if (number < 0) != (multiple < 0):
        raise Failed("MROUND wants a number and a multiple of the same sign.")
    nearest = numerals.round_half_up(number / multiple, 0) * multiple
    # 61 * 0.1 is 6.1000000000000005.
    return float(format(nearest, ".15g"))


@function("ISEVEN", "numeric", "ISEVEN(2.9) -> 1")
def iseven(number: float) -> bool:
    """Whether the number is even without its fraction (Excel: ISEVEN)."""
    return _finite(number) % 2 == 0


@function("ISODD", "numeric", "ISODD(-3) -> 1")
def isodd(number: float) -> bool:
    """Whether the number is odd without its fraction (Excel: ISODD)."""
    return _finite(number) % 2 == 1


@function("GCD", "numeric", "GCD(24, 36) -> 12")
def gcd(batch: Batch, *numbers: Items) -> int:
    """The greatest common divisor of the numbers without their fractions (Excel: GCD)."""
    return reduce(math.gcd, _counts(batch, "GCD", numbers), 0)


@function("LCM", "numeric", "LCM(24, 36) -> 72")
def lcm(batch: Batch, *numbers: Items) -> int:
    """The least common multiple of the numbers without their fractions (Excel: LCM)."""
    multiple = 1
    for number in _counts(batch, "LCM", numbers):
        multiple = math.lcm(multiple, number)
        if multiple > _EXACT:
            raise Failed("The least common multiple is beyond 2^53.")
    return multiple


@function("FACT", "numeric", "FACT(5) -> 120", "FACT(1.9) -> 1")
def fact(number: float) -> float:
    """The factorial of the number without its fraction, up to 170 (Excel: FACT)."""
    count = _finite(number)
    if not 0 <= count <= _LARGEST_FACTORIAL:
        raise Failed(f"FACT takes 0 to {_LARGEST_FACTORIAL}, not {numerals.number_text(number)}.")
    return float(math.factorial(count))


@function("COMBIN", "numeric", "COMBIN(8, 2) -> 28")
def combin(number: float, chosen: float) -> float:
    """How many ways there are to choose so many of a number of things (Excel: COMBIN)."""
    count, few = _finite(number), _finite(chosen)
    if not 0 <= few <= count:
        raise Failed(f"COMBIN cannot choose {few} of {count}.")
    few = min(few, count - few)
    _check_size("COMBIN", _logarithm(count, few) - math.lgamma(few + 1))
    return float(math.comb(count, few))


@function("PERMUT", "numeric", "PERMUT(3, 2) -> 6")
def permut(number: float, chosen: float) -> float:
    """How many ways there are to choose so many of a number of things in order (Excel: PERMUT)."""
    count, few = _finite(number), _finite(chosen)
    if not 0 <= few <= count:
        raise Failed(f"PERMUT cannot choose {few} of {count}.")
    _check_size("PERMUT", _logarithm(count, few))
    return float(math.perm(count, few))


def _logarithm(count: int, few: int) -> float:
    """That of count * (count - 1) * ..., `few` factors: exact enough to see whether it is too large."""
    if count < 1e9:
        return math.lgamma(count + 1) - math.lgamma(count - few + 1)
    # So far out lgamma has too few digits left, and hardly any factors still give a double.
    return few * math.log(count)


def _check_size(name: str, logarithm: float) -> None:
    if logarithm > _LARGEST_LOGARITHM + 1:
        raise Failed(f"The result of {name} is larger than any number.")


def _finite(number: float) -> int:
    if not abs(number) <= _EXACT:
        raise Failed(f"{numerals.number_text(number)} is beyond 2^53, where numbers have gaps.")
    return whole(number)


def _counts(batch: Batch, name: str, numbers: Sequence[Items]) -> list[int]:
    found = [_finite(number) for number in numbers_in(numbers, batch)]
    if any(not 0 <= number < _EXACT for number in found):
        raise Failed(f"{name} takes numbers from 0 to 2^53.")
    return found


NUMBER_FUNCTIONS: tuple[Function, ...] = (
    ln,
    log10,
    pi,
    trunc,
    sign,
    product,
    sumsq,
    sumproduct,
    quotient,
    mround,
    iseven,
    isodd,
    gcd,
    lcm,
    fact,
    combin,
    permut,
)
