"""The calendar as arithmetic: days since year one, weeks of a year, lengths of months.

Plain integers, because the week year of 31 December 9999 is 10000, which `date` cannot hold.
"""

from datetime import date

# Weeks by ISO 8601 begin on Monday, and week 1 holds 4 January.
ISO_WEEK = (1, 4)

_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Whether `year` has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_year(year: int) -> int:
    """365 or 366."""
    return 366 if is_leap(year) else 365


def days_in_month(year: int, month: int) -> int:
    """28 to 31; `month` is 1 to 12."""
    return 29 if month == 2 and is_leap(year) else _MONTH_LENGTHS[month - 1]


def day_of_year(day: date) -> int:
    """1 on the first of January."""
    return day.toordinal() - _new_year(day.year) + 1


def week_and_year(ordinal: int, year: int, first_weekday: int, anchor: int) -> tuple[int, int]:
    """The week year and the week of a day given by its proleptic ordinal and its calendar year.

    Weeks begin on `first_weekday` (0 is Sunday); week 1 is the one that holds the day
    `anchor` of January: 1 in America, 4 by ISO 8601.
    """
    for week_year in (year + 1, year):
        start = first_week(week_year, first_weekday, anchor)
        if ordinal >= start:
            return week_year, (ordinal - start) // 7 + 1
    return year - 1, (ordinal - first_week(year - 1, first_weekday, anchor)) // 7 + 1


def first_week(year: int, first_weekday: int, anchor: int) -> int:
    """The ordinal of the day on which week 1 of `year` begins."""
    day = _new_year(year) + anchor - 1
    return day - (day - first_weekday) % 7


def weeks_in_year(year: int, first_weekday: int, anchor: int) -> int:
    """52 or 53."""
    start = first_week(year, first_weekday, anchor)
    return (first_week(year + 1, first_weekday, anchor) - start) // 7


def _new_year(year: int) -> int:
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400 + 1
