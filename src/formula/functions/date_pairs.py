"""Functions of two dates: which is the later, whether they are the same, how far apart they lie.

They take a blank date, and say of it what Moment.js says of a date that is none.
"""

import math

from formula.functions.dates import wanted_unit, zone_of
from formula.functions.function import Function, function
from formula.scope import Batch
from formula.values import DateValue
from moments import difference, start_of


@function("DATETIME_DIFF", "date", 'DATETIME_DIFF("2024-03-15", "2024-01-15", "months") -> 2')
def datetime_diff(
    batch: Batch, later: DateValue | None, earlier: DateValue | None, units: str = "seconds"
) -> float:
    """Whole units from `earlier` to `later`, cut off toward zero; NaN if either is blank.

    Without `units` they are seconds.
    """
    if later is None or earlier is None:
        return math.nan
    unit = wanted_unit(units, batch)
    return difference(later.instant, earlier.instant, unit, time_zone=zone_of(later, batch))


@function("IS_AFTER", "date", 'IS_AFTER("2024-01-16", "2024-01-15") -> 1')
def is_after(date: DateValue | None, other: DateValue | None) -> bool:
    """Whether the date is later than the other; a blank one is not."""
    return date is not None and other is not None and date.instant > other.instant


@function("IS_BEFORE", "date", 'IS_BEFORE("2024-01-16", "2024-01-15") -> 0')
def is_before(date: DateValue | None, other: DateValue | None) -> bool:
    """Whether the date is earlier than the other; a blank one is not."""
    return date is not None and other is not None and date.instant < other.instant


@function("IS_SAME", "date", 'IS_SAME("2024-01-15", "2024-01-31", "month") -> 1')
def is_same(batch: Batch, date: DateValue | None, other: DateValue | None, unit: str = "") -> bool:
    """Whether both are the same instant, or lie in the same `unit`; a blank one is the same as none."""
    if date is None or other is None:
        return False
    if not unit:
        return date.instant == other.instant
    zone, span = zone_of(date, batch), wanted_unit(unit, batch)
    locale = date.locale or batch.locale
    return start_of(date.instant, span, time_zone=zone, locale=locale) == start_of(
        other.instant, span, time_zone=zone, locale=locale
    )


DATE_PAIR_FUNCTIONS: tuple[Function, ...] = (datetime_diff, is_after, is_before, is_same)
