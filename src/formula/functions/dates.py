"""Functions of dates: reading, writing, reckoning.

A date is looked at in the zone that SET_TIMEZONE gave it, else in the batch's; a calendar day without a time
is the same day everywhere.
"""

from dataclasses import replace
from datetime import UTC, datetime
from datetime import date as calendar_day
from functools import lru_cache

from formula.coercion import text_of
from formula.functions.function import Function, function
from formula.scope import Batch
from formula.values import DateValue, Failed, Value
from moments import (
    Unit,
    add,
    add_workdays,
    format_moment,
    humanise_between,
    parse_loose,
    parse_moment,
    resolve_locale,
    resolve_zone,
    to_iso,
    unit_of,
    week_of_year,
    workdays_between,
)

_CALENDAR_UNITS = frozenset({Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR})
_LONG_UNITS = frozenset({Unit.MONTH, Unit.QUARTER, Unit.YEAR})
_UNKNOWN_UNITS = {"milliseconds": Unit.MILLISECOND, "seconds": Unit.SECOND}
_MOST_READING = 10_000_000
"""Characters of a text times those of its format: each token looks through the text."""

_ISO = "YYYY-MM-DDTHH:mm:ssZ"
_FIRST_DAYS = {"sunday": 0, "monday": 1}


def zone_of(date: DateValue, batch: Batch) -> str:
    """The name of the zone in which the date is looked at."""
    return date.zone or ("utc" if date.date_only else batch.time_zone)


def wall_of(date: DateValue, batch: Batch) -> datetime:
    """What calendar and clock show in the date's zone."""
    return date.instant.astimezone(resolve_zone(zone_of(date, batch)))


def unit_named(name: str, batch: Batch) -> Unit | None:
    """The unit called `name`, or what the switch takes for one; None if that is an error."""
    return unit_of(name) or _UNKNOWN_UNITS.get(batch.switches.unknown_unit)


def is_calendar_unit(unit: Unit) -> bool:
    """Whether a day that is moved by such units is a day again."""
    return unit in _CALENDAR_UNITS


def wanted_unit(name: str, batch: Batch) -> Unit:
    """The unit called `name`. Fails if there is none."""
    unit = unit_named(name, batch)
    if unit is None:
        raise Failed(f"There is no unit {name[:40]!r}.")
    return unit


@function("DATEADD", "date", 'DATEADD("2024-01-31", 1, "month") -> 2024-02-29')
def dateadd(batch: Batch, date: DateValue, count: float, units: str) -> DateValue:
    """The date moved by `count` units, back when negative; the end of a month stays within the month."""
    unit = wanted_unit(units, batch)
    # Fractions of months and years are cut off, those of shorter units count.
    count = int(count) if unit in _LONG_UNITS and abs(count) < 1e9 else count
    moved = add(date.instant, count, unit, time_zone=zone_of(date, batch))
    return replace(date, instant=moved, date_only=date.date_only and is_calendar_unit(unit))


@function("DATETIME_FORMAT", "date", 'DATETIME_FORMAT("2024-01-15", "D MMM YYYY") -> "15 Jan 2024"')
def datetime_format(batch: Batch, date: DateValue, format: str = "") -> str:
    """The date written with Moment's tokens and [literal text]; without a format, as ISO 8601."""
    zone, locale = zone_of(date, batch), date.locale or batch.locale
    if not format and resolve_zone(zone) is UTC:
        return to_iso(date.instant)
    text = format_moment(date.instant, format or _ISO, time_zone=zone, locale=locale)
    if len(text) > batch.limits.result_characters:
        raise Failed("The format is too long.")
    return text


@function(
    "DATETIME_PARSE", "date", 'DATETIME_PARSE("4 Mar 2017 22:00", "D MMM YYYY HH:mm") -> 2017-03-04T22:00'
)
def datetime_parse(batch: Batch, text: Value, format: str = "", locale: str = "") -> DateValue:
    """The date that a text writes, read forgivingly by `format`; UTC unless the text names an offset."""
    if isinstance(text, DateValue):
        return text
    written = text_of(text)
    if not format:
        instant = parse_loose(written, locale=locale or "en", now=batch.now)
    elif len(written) * len(format) > _MOST_READING:
        raise Failed("The text and its format are too long to be read.")
    else:
        instant = parse_moment(written, format, locale=locale or batch.locale, now=batch.now)
    if instant is None:
        raise Failed(f"{written[:40]!r} is not a date.")
    return DateValue(instant)


@function("DATESTR", "date", 'DATESTR("12/13/21") -> "2021-12-13"')
def datestr(batch: Batch, date: DateValue) -> str:
    """The day as YYYY-MM-DD."""
    return wall_of(date, batch).date().isoformat()


@function("TIMESTR", "date", 'TIMESTR("2024-01-15 07:30") -> "07:30:00"')
def timestr(batch: Batch, date: DateValue) -> str:
    """The time of day as HH:mm:ss."""
    wall = wall_of(date, batch)
    hour = f"{wall.hour:02}" if batch.switches.timestr_hour == "padded" else str(wall.hour)
    return f"{hour}:{wall.minute:02}:{wall.second:02}"


@function("YEAR", "date", 'YEAR("2024-01-15") -> 2024')
def year(batch: Batch, date: DateValue) -> int:
    """The year, in four digits."""
    return wall_of(date, batch).year


@function("MONTH", "date", 'MONTH("2024-01-15") -> 1')
def month(batch: Batch, date: DateValue) -> int:
    """The month, 1 to 12."""
    return wall_of(date, batch).month


@function("DAY", "date", 'DAY("2024-01-15") -> 15')
def day(batch: Batch, date: DateValue) -> int:
    """The day of the month, 1 to 31."""
    return wall_of(date, batch).day


@function("HOUR", "date", 'HOUR("2024-01-15 07:30") -> 7')
def hour(batch: Batch, date: DateValue) -> int:
    """The hour, 0 to 23."""
    return wall_of(date, batch).hour


@function("MINUTE", "date", 'MINUTE("2024-01-15 07:30") -> 30')
def minute(batch: Batch, date: DateValue) -> int:
    """The minute, 0 to 59."""
    return wall_of(date, batch).minute


@function("SECOND", "date", 'SECOND("2024-01-15 07:30:15") -> 15')
def second(batch: Batch, date: DateValue) -> int:
    """The second, 0 to 59."""
    return wall_of(date, batch).second


@function("WEEKDAY", "date", 'WEEKDAY("2024-01-15") -> 1')
def weekday(batch: Batch, date: DateValue, start: str = "Sunday") -> int:
    """The day of the week, 0 to 6, from Sunday or "Monday" on."""
    return (wall_of(date, batch).isoweekday() - _first_day(start)) % 7


@function("WEEKNUM", "date", 'WEEKNUM("2024-01-15") -> 3')
def weeknum(batch: Batch, date: DateValue, start: str = "Sunday") -> int:
    """The week of the year; the first one holds 1 January, and weeks begin on Sunday or "Monday"."""
    return week_of_year(date.instant, time_zone=zone_of(date, batch), first_day=_first_day(start))


def _first_day(name: str) -> int:
    return _FIRST_DAYS.get(name.strip().lower(), 0)


@function("NOW", "date", "NOW()")
def now(batch: Batch) -> DateValue:
    """The instant of evaluation, one for all records."""
    return DateValue(batch.now)


@function("TODAY", "date", "TODAY()")
def today(batch: Batch) -> DateValue:
    """The day of evaluation, in the batch's zone."""
    wall = batch.now.astimezone(resolve_zone(batch.time_zone))
    midnight = batch.now.replace(year=wall.year, month=wall.month, day=wall.day, hour=0, minute=0, second=0)
    return DateValue(midnight.replace(microsecond=0), date_only=True)


@function("FROMNOW", "date", "FROMNOW({Due})")
def fromnow(batch: Batch, date: DateValue) -> str:
    """How long it is from now to the date, in words: "25 days"."""
    return humanise_between(date.instant, batch.now, locale=date.locale or batch.locale)


@function("TONOW", "date", "TONOW({Due})")
def tonow(batch: Batch, date: DateValue) -> str:
    """How long it is from the date to now, in words: "25 days"."""
    return humanise_between(batch.now, date.instant, locale=date.locale or batch.locale)


@function("SET_LOCALE", "date", 'DATETIME_FORMAT(SET_LOCALE("2024-01-15", "es"), "MMMM") -> "enero"')
def set_locale(date: DateValue, locale: str) -> DateValue:
    """The date, written in that language from here on."""
    resolve_locale(locale)
    return replace(date, locale=locale)


@function("SET_TIMEZONE", "date", 'HOUR(SET_TIMEZONE("2024-01-15 12:00", "America/New_York")) -> 7')
def set_timezone(date: DateValue, time_zone: str) -> DateValue:
    """The same instant, looked at in that zone from here on."""
    resolve_zone(time_zone)
    return replace(date, zone=time_zone)


@function("WORKDAY", "date", 'WORKDAY("2021-10-15", 1) -> 2021-10-18')
def workday(batch: Batch, start: DateValue, count: int, holidays: str = "") -> DateValue:
    """The `count`-th working day after `start`, before it when negative.

    Holidays are one text of ISO dates: "2024-01-01, 2024-12-25".
    """
    if abs(count) > batch.limits.workdays:
        raise Failed(f"WORKDAY goes no further than {batch.limits.workdays:,} days.")
    first = wall_of(start, batch).date()
    days = (add_workdays(first, count, _holidays(holidays)) - first).days
    return replace(start, instant=add(start.instant, days, Unit.DAY, time_zone=zone_of(start, batch)))


@function("WORKDAY_DIFF", "date", 'WORKDAY_DIFF("2024-01-15", "2024-01-22") -> 6')
def workday_diff(batch: Batch, start: DateValue, end: DateValue, holidays: str = "") -> int:
    """Working days from `start` to `end`, both counted; negative when `end` is the earlier."""
    return workdays_between(wall_of(start, batch).date(), wall_of(end, batch).date(), _holidays(holidays))


@lru_cache(maxsize=64)
def _holidays(text: str) -> frozenset[calendar_day]:
    return frozenset(_holiday(part) for part in text.split(",") if part.strip())


def _holiday(text: str) -> calendar_day:
    instant = parse_loose(text.strip())
    if instant is None:
        raise Failed(f"The holiday {text[:40]!r} is not a date.")
    return instant.date()


DATE_FUNCTIONS: tuple[Function, ...] = (
    dateadd,
    datetime_format,
    datetime_parse,
    datestr,
    timestr,
    year,
    month,
    day,
    hour,
    minute,
    second,
    weekday,
    weeknum,
    now,
    today,
    fromnow,
    tonow,
    set_locale,
    set_timezone,
    workday,
    workday_diff,
)
