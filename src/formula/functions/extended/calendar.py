"""Excel's functions of dates, which here are dates, not numbers of days."""

from datetime import UTC, datetime, timedelta

from formula.coercion import date_of
from formula.functions.dates import dateadd, wall_of, workday_diff
from formula.functions.function import Function, function
from formula.scope import Batch
from formula.values import DateValue, Failed, Value
from moments import Unit, add, difference, parse_loose

_DAY_SECONDS = 86_400
_LARGEST_TIME_PART = 32_767
_UNITS = "Y, M, D, MD, YM or YD"


def _day(year: int, month: int, day: int) -> DateValue:
    """A calendar day; months and days beyond their ends run on into the next year or month."""
    years, index = divmod(month - 1, 12)
    if not 1 <= year + years <= 9999:
        raise Failed(f"There is no date in the year {year + years}.")
    first = datetime(year + years, index + 1, 1, tzinfo=UTC)
    return DateValue(first + timedelta(days=day - 1), date_only=True)


@function("DATE", "date", "DATE(2024, 1, 15) -> 2024-01-15", "DATE(2024, 14, 2) -> 2025-02-02")
def date(year: int, month: int, day: int) -> DateValue:
    """The day; months and days run on beyond their ends, and years below 1900 count from there.

    Excel: DATE.
    """
    if not 0 <= year <= 9999:
        raise Failed(f"DATE takes a year from 0 to 9999, not {year}.")
    return _day(year + 1900 if year < 1900 else year, month, day)


@function("TIME", "date", "TIME(12, 0, 0) -> 0.5")
def time(hour: int, minute: int, second: int) -> float:
    """The time of day as a part of the day, 0 to below 1 (Excel: TIME)."""
    if max(hour, minute, second) > _LARGEST_TIME_PART:
        raise Failed(f"TIME takes numbers up to {_LARGEST_TIME_PART:,}.")
    seconds = hour * 3600 + minute * 60 + second
    if seconds < 0:
        raise Failed("A time of day is not negative.")
    return seconds % _DAY_SECONDS / _DAY_SECONDS


@function("DATEVALUE", "date", 'DATEVALUE("22 May 2011") -> 2011-05-22')
def datevalue(batch: Batch, text: DateValue) -> DateValue:
    """The day that a text writes, without its time (Excel: DATEVALUE)."""
    wall = wall_of(text, batch)
    return _day(wall.year, wall.month, wall.day)


@function("TIMEVALUE", "date", 'TIMEVALUE("2011-08-22 6:00") -> 0.25')
def timevalue(batch: Batch, text: Value) -> float:
    """The time that a text writes, with a date or without, as a part of the day (Excel: TIMEVALUE)."""
    clock = parse_loose(f"2000-01-01 {text}") if isinstance(text, str) else None
    wall = wall_of(date_of(text, batch), batch) if clock is None else clock
    return (wall.hour * 3600 + wall.minute * 60 + wall.second) / _DAY_SECONDS


@function("EDATE", "date", 'EDATE("2024-01-31", 1) -> 2024-02-29')
def edate(batch: Batch, start: DateValue, months: int) -> DateValue:
    """The date so many months later, at most the end of the month (Excel: EDATE)."""
    moved: DateValue = dateadd.run(batch, start, months, "months")
    return moved


@function("EOMONTH", "date", 'EOMONTH("2024-01-15", 1) -> 2024-02-29')
def eomonth(batch: Batch, start: DateValue, months: int) -> DateValue:
    """The last day of the month so many months later (Excel: EOMONTH)."""
    wall = wall_of(start, batch)
    return _day(wall.year, wall.month + months + 1, 0)


@function("DAYS", "date", 'DAYS("2021-03-15", "2021-02-01") -> 42')
def days(batch: Batch, end: DateValue, start: DateValue) -> int:
    """The days from `start` to `end`, times of day left out (Excel: DAYS)."""
    return (wall_of(end, batch).date() - wall_of(start, batch).date()).days


@function("DATEDIF", "date", 'DATEDIF("2001-06-01", "2002-08-15", "YD") -> 75')
def datedif(batch: Batch, start: DateValue, end: DateValue, unit: str) -> int:
    """Whole years Y, months M or days D; days beyond months MD, months beyond years YM, days beyond years YD.

    A month is whole on the day with the same number (Excel: DATEDIF). Excel's MD may be negative after the
    end of a short month; here the days are counted from the last whole month.
    """
    first, last = _calendar_day(start, batch), _calendar_day(end, batch)
    if first > last:
        raise Failed("DATEDIF takes the earlier date first.")
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    match unit.strip().upper():
        case "Y":
            return months // 12
        case "M":
            return months
        case "YM":
            return months % 12
        case "D":
            return (last - first).days
        case "MD":
            return difference(last, add(first, months, Unit.MONTH), Unit.DAY)
        case "YD":
            return difference(last, add(first, months // 12, Unit.YEAR), Unit.DAY)
    raise Failed(f"DATEDIF has no unit {unit[:40]!r}; there are {_UNITS}.")


def _calendar_day(date: DateValue, batch: Batch) -> datetime:
    wall = wall_of(date, batch)
    return datetime(wall.year, wall.month, wall.day, tzinfo=UTC)


@function("NETWORKDAYS", "date", 'NETWORKDAYS("2012-10-01", "2013-03-01") -> 110')
def networkdays(batch: Batch, start: DateValue, end: DateValue, holidays: str = "") -> int:
    """The working days from `start` to `end`, both counted; negative when `end` is earlier.

    Excel: NETWORKDAYS.

    Holidays are an array of dates, or one text of ISO dates: "2024-01-01, 2024-12-25".
    """
    counted: int = workday_diff.run(batch, start, end, holidays)
    return counted


@function("ISOWEEKNUM", "date", 'ISOWEEKNUM("2012-03-09") -> 10')
def isoweeknum(batch: Batch, date: DateValue) -> int:
    """The number of the ISO week, which begins on Monday (Excel: ISOWEEKNUM)."""
    return wall_of(date, batch).isocalendar().week


CALENDAR_FUNCTIONS: tuple[Function, ...] = (
    date,
    time,
    datevalue,
    timevalue,
    edate,
    eomonth,
    days,
    datedif,
    networkdays,
    isoweeknum,
)
