"""Dates reckoned in UTC without a detour: what moments does for any zone, for instants that need none."""

from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, datetime, timedelta
from math import isfinite

from moments import Unit, add, difference

_MILLISECONDS = {
    Unit.MILLISECOND: 1,
    Unit.SECOND: 1_000,
    Unit.MINUTE: 60_000,
    Unit.HOUR: 3_600_000,
    Unit.DAY: 86_400_000,
    Unit.WEEK: 604_800_000,
}
_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
_MANY = 1_000_000
_LAST_SAFE_DAY = 28
"""Every month has this day; later ones may move to the end of a shorter month."""


def differ(unit: Unit) -> Callable[[datetime, datetime], int]:
    """The function of two instants that counts whole units from the second to the first, toward zero."""
    if unit in _MONTHS:
        return _months_differ(unit, _MONTHS[unit])
    return _days_differ if unit is Unit.DAY else _spans_differ(timedelta(milliseconds=_MILLISECONDS[unit]))


def adder(unit: Unit) -> Callable[[datetime, float], datetime]:
    """The function that moves an instant by a number of units."""
    if unit in _MONTHS or unit in (Unit.DAY, Unit.WEEK):
        size = _MONTHS.get(unit) or _MILLISECONDS[unit] // _MILLISECONDS[Unit.DAY]
        return _months_adder(unit, size) if unit in _MONTHS else _days_adder(unit, size)
    return lambda instant, count: add(instant, count, unit)


def span(unit: Unit, count: object) -> timedelta | None:
    """So many units as a time that is always the same; None for months, fractions and no number at all."""
    if unit in _MONTHS or not isinstance(count, float) or count != count // 1 or abs(count) > _MANY:
        return None
    return timedelta(milliseconds=count * _MILLISECONDS[unit])


def _days_differ(later: datetime, earlier: datetime) -> int:
    days = (later - earlier).days
    return days if days >= 0 else -(earlier - later).days


def _spans_differ(span: timedelta) -> Callable[[datetime, datetime], int]:
    def differ_(later: datetime, earlier: datetime) -> int:
        return (later - earlier) // span if later >= earlier else -((earlier - later) // span)

    return differ_


def _months_differ(unit: Unit, size: int) -> Callable[[datetime, datetime], int]:
    def differ_(later: datetime, earlier: datetime) -> int:
        if later < earlier:
            return -differ_(earlier, later)
        if later.day > _LAST_SAFE_DAY or earlier.day > _LAST_SAFE_DAY:
            return difference(later, earlier, unit)
        if later.year == MAXYEAR or earlier.year == MINYEAR:
            return difference(later, earlier, unit)
        months = (later.year - earlier.year) * 12 + later.month - earlier.month
        return (months - (later < earlier.replace(later.year, later.month))) // size

    return differ_


def _days_adder(unit: Unit, size: int) -> Callable[[datetime, float], datetime]:
    def add_(instant: datetime, count: float) -> datetime:
        if isfinite(count) and count == int(count):
            return instant + timedelta(int(count) * size)
        return add(instant, count, unit)

    return add_


def _months_adder(unit: Unit, size: int) -> Callable[[datetime, float], datetime]:
    def add_(instant: datetime, count: float) -> datetime:
        # Fractions of months and years are cut off.
        count = int(count) if abs(count) < 1e9 else count
        years, month = divmod(instant.month - 1 + count * size, 12) if isfinite(count) else (0.0, 0.0)
        year = int(instant.year + years)
        if instant.day > _LAST_SAFE_DAY or not isfinite(count) or not 1 <= year <= 9999:
            return add(instant, count, unit)
        return instant.replace(year, int(month) + 1)

    return add_
