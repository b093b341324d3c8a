"""Excel's functions of many numbers: middles, spreads and ranks. Text and blanks among them are left out."""

import math
from collections import Counter
from collections.abc import Sequence

from formula.functions.function import Function, function
from formula.functions.numeric import numbers_in
from formula.numerals import number_text
from formula.scope import Batch
from formula.values import Failed, Items


def _sorted(batch: Batch, numbers: Sequence[Items]) -> list[float]:
    """The numbers in ascending order. Fails where there is none, or one that has no order."""
    found = sorted(map(float, numbers_in(numbers, batch)))
    if not found:
        raise Failed("There are no numbers.")
    if any(map(math.isnan, found)):
        raise Failed("There is a NaN among the numbers.")
    return found


def _quantile(batch: Batch, numbers: Items, part: float) -> float:
    found = _sorted(batch, [numbers])
    place = part * (len(found) - 1)
    below = math.floor(place)
    if place == below:
        return found[below]
    return found[below] + (place - below) * (found[below + 1] - found[below])


def _variance(batch: Batch, numbers: Sequence[Items], *, is_sample: bool) -> float:
    """The mean of the squared deviations; NaN where there are too few numbers, as AVERAGE of none."""
    found = list(map(float, numbers_in(numbers, batch)))
    count = len(found) - is_sample
    if count < 1 or not all(map(math.isfinite, found)):
        return math.nan
    mean = math.fsum(found) / len(found)
    return math.fsum((number - mean) * (number - mean) for number in found) / count


@function("MEDIAN", "numeric", "MEDIAN(1, 2, 3, 4) -> 2.5")
def median(batch: Batch, *numbers: Items) -> float:
    """The number in the middle, or the mean of the two there (Excel: MEDIAN)."""
    found = _sorted(batch, numbers)
    middle = len(found) // 2
    return found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2


@function("MODE", "numeric", "MODE(5.6, 4, 4, 3, 2, 4) -> 4")
def mode(batch: Batch, *numbers: Items) -> float:
    """The most frequent number, the first of several; an error if none is there twice (Excel: MODE)."""
    counts = Counter(map(float, numbers_in(numbers, batch))).most_common(1)
    if not counts or counts[0][1] < 2:
        raise Failed("No number is there twice.")
    return counts[0][0]


@function("GEOMEAN", "numeric", "GEOMEAN(2, 8) -> 4")
def geomean(batch: Batch, *numbers: Items) -> float:
    """The geometric mean of positive numbers (Excel: GEOMEAN)."""
    found = _sorted(batch, numbers)
    if found[0] <= 0:
        raise Failed("GEOMEAN takes positive numbers.")
    return math.exp(math.fsum(map(math.log, found)) / len(found))


@function("VAR", "numeric", "VAR(1, 2, 3, 4) -> 1.6666666")
def var(batch: Batch, *numbers: Items) -> float:
    """The variance of a sample, divided by one less than its count; NaN below two numbers.

    Excel: VAR, VAR.S.
    """
    return _variance(batch, numbers, is_sample=True)


@function("VARP", "numeric", "VARP(1, 2, 3, 4) -> 1.25")
def varp(batch: Batch, *numbers: Items) -> float:
    """The variance of a whole population; NaN of no number (Excel: VARP, VAR.P)."""
    return _variance(batch, numbers, is_sample=False)


@function("STDEV", "numeric", "STDEV(2, 4) -> 1.41421356")
def stdev(batch: Batch, *numbers: Items) -> float:
    """The standard deviation of a sample; NaN below two numbers (Excel: STDEV, STDEV.S)."""
    return math.sqrt(_variance(batch, numbers, is_sample=True))


@function("STDEVP", "numeric", "STDEVP(2, 4) -> 1")
def stdevp(batch: Batch, *numbers: Items) -> float:
    """The standard deviation of a whole population; NaN of no number (Excel: STDEVP, STDEV.P)."""
    return math.sqrt(_variance(batch, numbers, is_sample=False))


@function("PERCENTILE", "numeric", "PERCENTILE({Scores}, 0.9)")
def percentile(batch: Batch, array: Items, part: float) -> float:
    """The number below which that part of the array lies, 0 to 1, interpolated (Excel: PERCENTILE.INC)."""
    if not 0 <= part <= 1:
        raise Failed(f"PERCENTILE takes a part from 0 to 1, not {number_text(part)}.")
    return _quantile(batch, array, part)


@function("QUARTILE", "numeric", "QUARTILE({Scores}, 1)")
def quartile(batch: Batch, array: Items, quarter: int) -> float:
    """The minimum (0), first quartile, median, third quartile or maximum (4) (Excel: QUARTILE.INC)."""
    if not 0 <= quarter <= 4:
        raise Failed(f"QUARTILE takes a quarter from 0 to 4, not {quarter}.")
    return _quantile(batch, array, quarter / 4)


@function("LARGE", "numeric", "LARGE({Scores}, 2)")
def large(batch: Batch, array: Items, position: int) -> float:
    """The largest number (1), the second largest (2), and so on (Excel: LARGE)."""
    return _sorted(batch, [array])[-_position(batch, "LARGE", array, position)]


@function("SMALL", "numeric", "SMALL({Scores}, 2)")
def small(batch: Batch, array: Items, position: int) -> float:
    """The smallest number (1), the second smallest (2), and so on (Excel: SMALL)."""
    return _sorted(batch, [array])[_position(batch, "SMALL", array, position) - 1]


def _position(batch: Batch, name: str, array: Items, position: int) -> int:
    count = sum(1 for _ in numbers_in([array], batch))
    if not 1 <= position <= count:
        raise Failed(f"{name} has no number {position}; there are {count}.")
    return position


@function("RANK", "numeric", "RANK({Score}, {Scores})")
def rank(batch: Batch, number: float, array: Items, ascending: bool = False) -> int:  # noqa: FBT001, FBT002 - positional in Excel
    """The place of the number in the array, largest first unless `ascending`; equal numbers share it.

    Excel: RANK.
    """
    found = list(numbers_in([array], batch))
    if number not in found:
        raise Failed(f"{number_text(number)} is not in the array.")
    return 1 + sum(other < number if ascending else other > number for other in found)


STATISTICS_FUNCTIONS: tuple[Function, ...] = (
    median,
    mode,
    geomean,
    var,
    varp,
    stdev,
    stdevp,
    percentile,
    quartile,
    large,
    small,
    rank,
)
