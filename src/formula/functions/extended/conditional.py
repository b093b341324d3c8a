"""Excel's functions that count, add and average the items that meet a condition."""

import math
from collections.abc import Sequence

from formula.coercion import items_of
from formula.functions.extended.criteria import criterion
from formula.functions.function import Function, function
from formula.functions.numeric import numbers_in
from formula.scope import Batch
from formula.values import Failed, Items, Value


def _chosen(batch: Batch, values: Items, array: Items, condition: Value) -> list[float]:
    """The numbers among the values whose neighbour in the array meets the condition."""
    holds = criterion(condition).holds
    # Excel stretches the second range to the size of the first: what it lacks is blank.
    pairs = zip(array, [*values, *[None] * (len(array) - len(values))], strict=False)
    return [float(number) for item, value in pairs if holds(item) for number in numbers_in([[value]], batch)]


def _kept(length: int | None, pairs: Sequence[Value]) -> list[bool]:
    """For each place, whether the items of all arrays there meet their conditions."""
    if len(pairs) % 2:
        raise Failed("Arrays and conditions come in pairs.")
    kept: list[bool] | None = None if length is None else [True] * length
    for array, condition in zip(pairs[::2], pairs[1::2], strict=True):
        items, holds = items_of(array), criterion(condition).holds
        kept = [True] * len(items) if kept is None else kept
        if len(items) != len(kept):
            raise Failed(f"The arrays are of different lengths: {len(kept)} and {len(items)}.")
        kept = [is_kept and holds(item) for is_kept, item in zip(kept, items, strict=True)]
    return kept or []


def _all_chosen(batch: Batch, values: Items, pairs: Sequence[Value]) -> list[float]:
    kept = _kept(len(values), pairs)
    chosen = [value for value, is_kept in zip(values, kept, strict=True) if is_kept]
    return list(map(float, numbers_in([chosen], batch)))


def _mean(numbers: Sequence[float]) -> float:
    """NaN of no numbers, as AVERAGE."""
    return sum(numbers) / len(numbers) if numbers else math.nan


@function("COUNTIF", "array", 'COUNTIF({Scores}, ">5")')
def countif(array: Items, condition: Value) -> int:
    """How many items meet a condition: 5, ">5", "<>x", "a*" (Excel: COUNTIF)."""
    return sum(map(criterion(condition).holds, array))


@function("COUNTIFS", "array", 'COUNTIFS({Scores}, ">5", {Names}, "A*")')
def countifs(array: Items, condition: Value, *more: Value) -> int:
    """At how many places every array meets its condition (Excel: COUNTIFS)."""
    return sum(_kept(None, (array, condition, *more)))


@function("SUMIF", "array", 'SUMIF({Names}, "A*", {Scores})')
def sumif(batch: Batch, array: Items, condition: Value, sum_array: Items | None = None) -> float:
    """The sum of the items that meet the condition, or of their neighbours in `sum_array` (Excel: SUMIF)."""
    return sum(_chosen(batch, array if sum_array is None else sum_array, array, condition))


@function("SUMIFS", "array", 'SUMIFS({Scores}, {Names}, "A*")')
def sumifs(batch: Batch, sum_array: Items, array: Items, condition: Value, *more: Value) -> float:
    """The sum of the items at the places where every array meets its condition (Excel: SUMIFS)."""
    return sum(_all_chosen(batch, sum_array, (array, condition, *more)))


@function("AVERAGEIF", "array", 'AVERAGEIF({Scores}, ">5")')
def averageif(batch: Batch, array: Items, condition: Value, average_array: Items | None = None) -> float:
    """The mean of what SUMIF would add; NaN of nothing (Excel: AVERAGEIF)."""
    return _mean(_chosen(batch, array if average_array is None else average_array, array, condition))


@function("AVERAGEIFS", "array", 'AVERAGEIFS({Scores}, {Names}, "A*")')
def averageifs(batch: Batch, average_array: Items, array: Items, condition: Value, *more: Value) -> float:
    """The mean of what SUMIFS would add; NaN of nothing (Excel: AVERAGEIFS)."""
    return _mean(_all_chosen(batch, average_array, (array, condition, *more)))


@function("MAXIFS", "array", 'MAXIFS({Scores}, {Names}, "A*")')
def maxifs(batch: Batch, max_array: Items, array: Items, condition: Value, *more: Value) -> float:
    """The highest of what SUMIFS would add; 0 of nothing (Excel: MAXIFS)."""
    return max(_all_chosen(batch, max_array, (array, condition, *more)), default=0.0)


@function("MINIFS", "array", 'MINIFS({Scores}, {Names}, "A*")')
def minifs(batch: Batch, min_array: Items, array: Items, condition: Value, *more: Value) -> float:
    """The lowest of what SUMIFS would add; 0 of nothing (Excel: MINIFS)."""
    return min(_all_chosen(batch, min_array, (array, condition, *more)), default=0.0)


@function("COUNTBLANK", "array", 'COUNTBLANK(1, "", BLANK()) -> 2')
def countblank(*values: Items) -> int:
    """How many values are blank or an empty text (Excel: COUNTBLANK)."""
    return sum(item is None or item == "" for items in values for item in items)


CONDITIONAL_FUNCTIONS: tuple[Function, ...] = (
    countif,
    countifs,
    sumif,
    sumifs,
    averageif,
    averageifs,
    maxifs,
    minifs,
    countblank,
)
