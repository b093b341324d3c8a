"""Functions of numbers."""

import math
import re
from collections.abc import Iterator, Sequence

from formula import numerals
from formula.functions.function import Function, function
from formula.scope import Batch
from formula.shapes import ANY, DATE, NUMBER, Kind, Shape
from formula.values import DateValue, ErrorValue, Failed, Items, Value
from moments import parse_loose

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+Z?)?$")


def numbers_in(values: Sequence[Items], batch: Batch) -> Iterator[float]:
    """The numbers among the items, booleans as 1 and 0; words and blanks are left out, an error fails."""
    reads_text = batch.switches.numeric_text == "counted"
    for items in values:
        for item in items:
            if isinstance(item, int | float):
                yield item
            elif reads_text and type(item) is str and (number := numerals.number_from(item)) is not None:
                yield number
            elif type(item) is ErrorValue:
                raise Failed(item.message, item.code)


def _number_or_date(arguments: Sequence[Shape]) -> Shape:
    kinds = {shape.kind for shape in arguments}
    if kinds <= {Kind.NUMBER, Kind.BOOLEAN, Kind.BLANK}:
        return NUMBER
    return DATE if set(arguments) == {DATE} else ANY


def _extreme(values: tuple[Items, ...], batch: Batch, *, highest: bool) -> Value:
    choose = max if highest else min
    numbers = list(numbers_in(values, batch))
    if any(map(math.isnan, numbers)):
        return math.nan
    dates = [] if numbers else [date for items in values for date in map(iso_date, items) if date]
    if dates:
        return choose(dates, key=lambda date: date.instant)
    return choose(numbers, default=0)


def iso_date(item: Value) -> DateValue | None:
    """A date, or one that ISO text writes: so the REST API gives the dates of a lookup."""
    if isinstance(item, str) and _ISO_DATE.match(item):
        instant = parse_loose(item)
        return None if instant is None else DateValue(instant, date_only=len(item) == 10)
    return item if isinstance(item, DateValue) else None


@function("ABS", "numeric", "ABS(-5) -> 5")
def abs_(number: float) -> float:
    """The number without its sign."""
    return abs(number)


@function("AVERAGE", "numeric", "AVERAGE(1, 2, 6) -> 3")
def average(batch: Batch, *numbers: Items) -> float:
    """The mean of the numbers; words and blanks are left out."""
    found = list(numbers_in(numbers, batch))
    blanks = 0
    if batch.switches.average_blanks == "zero":
        blanks = sum(item is None for items in numbers for item in items)
    count = len(found) + blanks
    return _total(found) / count if count else math.nan


def _total(numbers: Sequence[float]) -> float:
    """The exact sum; as plain addition gives it where infinities meet, or where it is no double."""
    try:
        return math.fsum(numbers)
    except (ValueError, OverflowError):
        return sum(numbers)


@function("CEILING", "numeric", "CEILING(1.01, 0.1) -> 1.1")
def ceiling(number: float, significance: float = 1) -> float:
    """The lowest multiple of `significance` that is not below the number; 0 counts as 1."""
    return numerals.ceiling(number, significance or 1)


@function("FLOOR", "numeric", "FLOOR(1.19, 0.1) -> 1.1")
def floor(number: float, significance: float = 1) -> float:
    """The highest multiple of `significance` that is not above the number; 0 counts as 1."""
    return numerals.floor(number, significance or 1)


@function("COUNT", "numeric", 'COUNT(1, "2", "three") -> 1')
def count(*values: Items) -> int:
    """How many values are numbers; numeric text and booleans are not."""
    return sum(type(item) in (int, float) for items in values for item in items)


@function("COUNTA", "numeric", 'COUNTA(1, "", "a") -> 2')
def counta(*values: Items) -> int:
    """How many values are neither blank nor an empty text."""
    return sum(item is not None and item != "" for items in values for item in items)


@function("COUNTALL", "numeric", 'COUNTALL(1, "", "a") -> 3')
def countall(*values: Items) -> int:
    """How many values there are, blanks among them."""
    return sum(map(len, values))


@function("EVEN", "numeric", "EVEN(1.5) -> 2")
def even(batch: Batch, number: float) -> float:
    """The next even number away from zero."""
    if number < 0 and batch.switches.even_of_negatives == "up":
        return numerals.ceiling(number, 2)
    return math.copysign(numerals.ceiling(abs(number), 2), number)


@function("ODD", "numeric", "ODD(-1.9) -> -3")
def odd(number: float) -> float:
    """The next odd number away from zero; of 0 it is 1."""
    if not math.isfinite(number):
        return number
    return math.copysign(max(2 * math.ceil((abs(number) - 1) / 2) + 1, 1), number or 1.0)


@function("EXP", "numeric", "EXP(0) -> 1")
def exp(power: float) -> float:
    """Euler's number to that power."""
    return math.inf if power > 710 else math.exp(power)


@function("INT", "numeric", "INT(-1.9) -> -2")
def int_(number: float) -> float:
    """The highest whole number that is not above the number."""
    return float(math.floor(number)) if math.isfinite(number) else number


@function("LOG", "numeric", "LOG(1000) -> 3", "LOG(8, 2) -> 3")
def log(number: float, base: float = 10) -> float:
    """The logarithm to that base; of 0 it is -Infinity, of a negative number NaN."""
    if number <= 0 or base <= 0 or base == 1 or math.isnan(number + base):
        return -math.inf if number == 0 and base > 1 else math.nan
    if math.inf in (number, base):
        return number if base != math.inf else math.nan if number == math.inf else 0.0
    exact = {10.0: math.log10, 2.0: math.log2}.get(base)
    return exact(number) if exact else _quotient_of_logarithms(number, base)


def _quotient_of_logarithms(number: float, base: float) -> float:
    """The logarithm; a whole one exactly, where the quotient of two rounded numbers misses it."""
    found = math.log(number) / math.log(base)
    nearest = round(found)
    is_whole = abs(found - nearest) < 1e-9 and power.run(base, nearest) == number
    return float(nearest) if is_whole else found


@function("MAX", "numeric", "MAX(1, 3, 2) -> 3", result=_number_or_date)
def max_(batch: Batch, *values: Items) -> Value:
    """The highest number, or the latest date; of none it is 0."""
    return _extreme(values, batch, highest=True)


@function("MIN", "numeric", "MIN(2, 1, 3) -> 1", result=_number_or_date)
def min_(batch: Batch, *values: Items) -> Value:
    """The lowest number, or the earliest date; of none it is 0."""
    return _extreme(values, batch, highest=False)


@function("MOD", "numeric", "MOD(7, 3) -> 1")
def mod(batch: Batch, number: float, divisor: float) -> float:
    """What is left after division; NaN for a divisor of 0."""
    if divisor == 0 or not math.isfinite(number) or math.isnan(divisor):
        return math.nan
    if math.isinf(divisor) or batch.switches.mod_sign == "dividend":
        return math.fmod(number, divisor)
    return number % divisor


@function("POWER", "numeric", "POWER(2, 10) -> 1024")
def power(base: float, exponent: float) -> float:
    """The base to that power; beyond the largest double it is Infinity, an even root of a negative NaN."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan


@function("ROUND", "numeric", "ROUND(2.345, 2) -> 2.35", "ROUND(-2.5) -> -2")
def round_(batch: Batch, number: float, precision: int = 0) -> float:
    """The number at `precision` digits after the point; a tie goes up."""
    binary = batch.switches.round_ties == "binary"
    return numerals.round_half_up(number, precision, binary=binary)


@function("ROUNDUP", "numeric", "ROUNDUP(-2.41, 1) -> -2.5")
def roundup(number: float, precision: int = 0) -> float:
    """The number at `precision` digits after the point, away from zero."""
    return numerals.round_up(number, precision)


@function("ROUNDDOWN", "numeric", "ROUNDDOWN(-2.49, 1) -> -2.4")
def rounddown(number: float, precision: int = 0) -> float:
    """The number at `precision` digits after the point, toward zero."""
    return numerals.round_down(number, precision)


@function("SQRT", "numeric", "SQRT(9) -> 3")
def sqrt(number: float) -> float:
    """The square root; NaN for a negative number."""
    return math.sqrt(number) if number >= 0 else math.nan


@function("SUM", "numeric", "SUM(1, 2, 3) -> 6")
def sum_(batch: Batch, *numbers: Items) -> float:
    """The sum of the numbers; words and blanks are left out."""
    return sum(numbers_in(numbers, batch))


NUMERIC_FUNCTIONS: tuple[Function, ...] = (
    abs_,
    average,
    ceiling,
    floor,
    count,
    counta,
    countall,
    even,
    odd,
    exp,
    int_,
    log,
    max_,
    min_,
    mod,
    power,
    round_,
    roundup,
    rounddown,
    sqrt,
    sum_,
)
