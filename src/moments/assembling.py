"""A date put together from what was read: gaps filled, weeks resolved, nonsense refused.

The order of the rules is Moment's (2.30, configFromArray).
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from moments.calendar import (
    ISO_WEEK,
    days_in_month,
    days_in_year,
    first_week,
    week_and_year,
    weeks_in_year,
)
from moments.errors import MomentOutOfRange
from moments.locales import Locale
from moments.reading import Reading
from moments.zones import from_wall

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def assemble(reading: Reading, today: date, zone: tzinfo, locale: Locale) -> datetime | None:
    """The instant that `reading` means on the clocks of `zone`; None when there is no such date.

    `today` fills what stands before the first part that was read; what stands behind the last is the
    first of its kind.
    """
    if reading.is_impossible:
        return None
    try:
        if reading.unix_milliseconds is not None:
            return _EPOCH + timedelta(milliseconds=reading.unix_milliseconds)
        return _assembled(reading, today, zone, locale)
    except (OverflowError, MomentOutOfRange):
        return None


def _assembled(reading: Reading, today: date, zone: tzinfo, locale: Locale) -> datetime | None:
    day = _day(_with_era(reading, locale), today, locale)
    clock = _clock(reading, locale)
    if day is None or clock is None:
        return None
    wall = datetime.combine(day, time.min) + clock
    if reading.offset_minutes is None:
        return from_wall(wall, zone)
    return from_wall(wall, UTC) - timedelta(minutes=reading.offset_minutes)


def _with_era(reading: Reading, locale: Locale) -> Reading:
    if reading.era is not None:
        era = locale.eras[reading.era]
        count = era.first_year if reading.year is None else reading.year
        reading.year = era.since.year + count - era.first_year
    return reading


def _day(reading: Reading, today: date, locale: Locale) -> date | None:
    if reading.day is None and reading.month is None and not _place_in_year(reading, today, locale):
        return None
    day = _by_day_of_year(reading, today) if reading.day_of_year is not None else _by_month(reading, today)
    return None if day is None or _is_another_weekday(day, reading) else day


def _by_day_of_year(reading: Reading, today: date) -> date | None:
    year = today.year if reading.year is None else reading.year
    number = reading.day_of_year or 0
    if not 1 <= number <= days_in_year(year) or not 1 <= year <= 9999:
        return None
    return date(year, 1, 1) + timedelta(days=number - 1)


def _by_month(reading: Reading, today: date) -> date | None:
    year, month, day = _filled((reading.year, reading.month, reading.day), today)
    if not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month) or not 1 <= year <= 9999:
        return None
    return date(year, month, day)


def _filled(parts: tuple[int | None, int | None, int | None], today: date) -> tuple[int, int, int]:
    known = [index for index, part in enumerate(parts) if part is not None]
    first = known[0] if known else len(parts)
    fallback = (today.year, today.month, today.day)
    year, month, day = (
        part if part is not None else fallback[index] if index < first else 1
        for index, part in enumerate(parts)
    )
    return year, month, day


def _is_another_weekday(day: date, reading: Reading) -> bool:
    return reading.weekday is not None and reading.weekday != day.isoweekday() % 7


def _place_in_year(reading: Reading, today: date, locale: Locale) -> bool:
    """Fill in the year and its day from what was read of weeks; False if there is no such day."""
    if _any_of(reading.iso_week_year, reading.iso_week, reading.iso_weekday):
        return _place_in_iso_week(reading, today)
    if _any_of(reading.week_year, reading.week, reading.weekday, reading.local_weekday):
        return _place_in_week(reading, today, locale)
    return True


def _any_of(*parts: int | None) -> bool:
    return any(part is not None for part in parts)


def _place_in_iso_week(reading: Reading, today: date) -> bool:
    this_year, _ = week_and_year(today.toordinal(), today.year, *ISO_WEEK)
    week_year = _first_of(reading.iso_week_year, reading.year, this_year)
    days = _first_of(reading.iso_weekday, 1) - 1
    return _place(reading, week_year, _first_of(reading.iso_week, 1), days, ISO_WEEK)


def _place_in_week(reading: Reading, today: date, locale: Locale) -> bool:
    rule = (locale.first_weekday, locale.week_anchor)
    this_year, this_week = week_and_year(today.toordinal(), today.year, *rule)
    week_year = _first_of(reading.week_year, reading.year, this_year)
    days = _first_of(reading.local_weekday, 0)
    if reading.weekday is not None:
        # A weekday past Saturday must not wrap round into the week.
        days = (reading.weekday - locale.first_weekday) % 7 if reading.weekday <= 6 else reading.weekday
    return _place(reading, week_year, _first_of(reading.week, this_week), days, rule)


def _first_of(*parts: int | None) -> int:
    return next(part for part in parts if part is not None)


def _place(reading: Reading, week_year: int, week: int, days: int, rule: tuple[int, int]) -> bool:
    if not 1 <= week <= weeks_in_year(week_year, *rule) or not 0 <= days <= 6:
        return False
    ordinal = first_week(week_year, *rule) + (week - 1) * 7 + days
    if not 1 <= ordinal <= date.max.toordinal():
        return False
    day = date.fromordinal(ordinal)
    reading.year, reading.day_of_year = day.year, day.timetuple().tm_yday
    return True


def _clock(reading: Reading, locale: Locale) -> timedelta | None:
    """The time of day; None when the clocks never show it. 24:00 is the midnight after the day."""
    hour, minute, second, millisecond = (
        part or 0 for part in (reading.hour, reading.minute, reading.second, reading.millisecond)
    )
    if reading.meridiem is not None and reading.hour is not None:
        hour = locale.meridiem.hour_of(hour, reading.meridiem)
    clock = timedelta(hours=hour, minutes=minute, seconds=second, milliseconds=millisecond)
    is_shown = minute < 60 and second < 60 and clock <= timedelta(days=1)
    return clock if is_shown else None
