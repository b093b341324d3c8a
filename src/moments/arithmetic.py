"""Dates moved, compared and rounded down, by the rules of Moment's calendar."""

import math
from datetime import datetime, time, timedelta

from moments.calendar import days_in_month
from moments.errors import MomentOutOfRange
from moments.locales import resolve_locale
from moments.units import DAYS, MILLISECONDS, MONTHS, Unit
from moments.zones import from_wall, resolve_zone, to_wall


def add(instant: datetime, count: float, unit: Unit, *, time_zone: str = "utc") -> datetime:
    """`instant` moved by `count` units, back when it is negative.

    Days and longer units keep the time on the clocks of `time_zone`; months, quarters and years clamp to
    the end of the month. A broken count of them is rounded to whole days or months, half away from zero;
    a broken count of shorter units is good to the millisecond. Raises MomentOutOfRange outside the years
    1 to 9999, and UnknownZone.
    """
    if not math.isfinite(count):
        raise MomentOutOfRange
    if unit in MILLISECONDS:
        return _later(instant, milliseconds=count * MILLISECONDS[unit])
    zone = resolve_zone(time_zone)
    wall = to_wall(instant, zone)
    moved = _moved(wall.replace(tzinfo=None, fold=0), count, unit)
    return from_wall(moved, zone, offset=wall.utcoffset())


def difference(later: datetime, earlier: datetime, unit: Unit, *, time_zone: str = "utc") -> int:
    """Whole units from `earlier` to `later`, cut off towards zero; negative when `later` is the earlier.

    Days and longer units are counted on the clocks of `time_zone`. Raises UnknownZone.
    """
    if unit in MILLISECONDS:
        return _whole((later - earlier) // _MILLISECOND, MILLISECONDS[unit])
    zone = resolve_zone(time_zone)
    end, start = (to_wall(each, zone).replace(tzinfo=None, fold=0) for each in (later, earlier))
    if unit in DAYS:
        return _whole((end - start) // _MILLISECOND, DAYS[unit] * _MILLISECONDS_A_DAY)
    return _months_between(end, start, MONTHS[unit])


def start_of(instant: datetime, unit: Unit, *, time_zone: str = "utc", locale: str = "en") -> datetime:
    """The first instant of the `unit` in which `instant` lies, on the clocks of `time_zone`.

    Weeks begin on the first weekday of `locale`. Raises UnknownZone and UnknownLocale.
    """
    zone = resolve_zone(time_zone)
    wall = to_wall(instant, zone)
    if unit in MILLISECONDS:
        # An hour that happens twice stays the one that it is.
        return _cut(wall, unit).astimezone(instant.tzinfo)
    return from_wall(_first_day(wall, unit, resolve_locale(locale).first_weekday), zone)


_MILLISECOND = timedelta(milliseconds=1)
_MILLISECONDS_A_DAY = 86_400_000


def _moved(naive: datetime, count: float, unit: Unit) -> datetime:
    if unit in DAYS:
        return _later(naive, days=_rounded(count * DAYS[unit]))
    return _months_later(naive, _rounded(count * MONTHS[unit]))


def _later(moment: datetime, **span: float) -> datetime:
    try:
        moved = moment + timedelta(**span)
    except OverflowError:
        raise MomentOutOfRange from None
    surplus = moved.microsecond % 1000
    return moved - timedelta(microseconds=surplus) if surplus else moved


def _rounded(count: float) -> int:
    return int(math.copysign(math.floor(abs(count) + 0.5), count))


def _months_later(naive: datetime, months: int) -> datetime:
    years, month = divmod(naive.month - 1 + months, 12)
    year = naive.year + years
    if not 1 <= year <= 9999:
        raise MomentOutOfRange
    return naive.replace(year=year, month=month + 1, day=min(naive.day, days_in_month(year, month + 1)))


def _whole(amount: int, size: int) -> int:
    return amount // size if amount >= 0 else -(-amount // size)


def _months_between(end: datetime, start: datetime, size: int) -> int:
    """Whole groups of `size` months, the broken month measured by its own length as Moment does."""
    if end.day < start.day:
        return -_months_between(start, end, size)
    months = (start.year - end.year) * 12 + start.month - end.month
    anchor = _months_later(end, months)
    is_before = start < anchor
    neighbour = _months_later(end, months - 1 if is_before else months + 1)
    length = abs(neighbour - anchor) // _MILLISECOND
    return -_whole(months * length + (start - anchor) // _MILLISECOND, length * size)


def _cut(wall: datetime, unit: Unit) -> datetime:
    match unit:
        case Unit.HOUR:
            return wall.replace(minute=0, second=0, microsecond=0)
        case Unit.MINUTE:
            return wall.replace(second=0, microsecond=0)
        case Unit.SECOND:
            return wall.replace(microsecond=0)
    return wall


def _first_day(wall: datetime, unit: Unit, first_weekday: int) -> datetime:
    midnight = datetime.combine(wall, time.min)
    match unit:
        case Unit.WEEK:
            return _later(midnight, days=-((wall.isoweekday() - first_weekday) % 7))
        case Unit.MONTH:
            return midnight.replace(day=1)
        case Unit.QUARTER:
            return midnight.replace(month=(wall.month - 1) // 3 * 3 + 1, day=1)
        case Unit.YEAR:
            return midnight.replace(month=1, day=1)
    return midnight
