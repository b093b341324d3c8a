"""What each token writes: a small function a token, gathered in one table."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from moments.calendar import ISO_WEEK, day_of_year, week_and_year
from moments.locales import Locale

# A writer is given the clock on the wall, an aware datetime, and the locale.
Writer = Callable[[datetime, Locale], str]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def weekday_of(wall: datetime) -> int:
    """0 on a Sunday, 6 on a Saturday."""
    return wall.isoweekday() % 7


def _local_week(wall: datetime, locale: Locale) -> tuple[int, int]:
    return week_and_year(wall.toordinal(), wall.year, locale.first_weekday, locale.week_anchor)


def _iso_week(wall: datetime, _: Locale) -> tuple[int, int]:
    return week_and_year(wall.toordinal(), wall.year, *ISO_WEEK)


def _quarter(wall: datetime) -> int:
    return (wall.month + 2) // 3


def _hour12(wall: datetime) -> int:
    return wall.hour % 12 or 12


def _minutes(wall: datetime) -> str:
    return f"{wall.minute:02d}"


def _minutes_and_seconds(wall: datetime) -> str:
    return f"{wall.minute:02d}{wall.second:02d}"


def _era_year(wall: datetime, locale: Locale) -> int:
    era = locale.era_of(wall.date())
    return wall.year - era.since.year + era.first_year


def _meridiem(letter: str) -> Writer:
    return lambda wall, locale: locale.meridiem.write(wall.hour, wall.minute, letter)


def _ordinal(number: Callable[[datetime], int], period: str) -> Writer:
    return lambda wall, locale: locale.ordinals.write(number(wall), period)


def _fraction(digits: int) -> Writer:
    return lambda wall, _: f"{wall.microsecond // 1000:03d}000000"[:digits]


def _offset(separator: str) -> Writer:
    def write(wall: datetime, _: Locale) -> str:
        minutes = round((wall.utcoffset() or timedelta()) / _MINUTE)
        sign = "-" if minutes < 0 else "+"
        return f"{sign}{abs(minutes) // 60:02d}{separator}{abs(minutes) % 60:02d}"

    return write


def _long_zone_name(wall: datetime, _: Locale) -> str:
    return "Coordinated Universal Time" if wall.tzinfo is UTC else wall.tzname() or ""


def _week_tokens(
    letter: str, year_letter: str, week: Callable[[datetime, Locale], tuple[int, int]]
) -> dict[str, Writer]:
    return {
        letter: lambda wall, locale: str(week(wall, locale)[1]),
        f"{letter}o": lambda wall, locale: locale.ordinals.write(week(wall, locale)[1], letter),
        letter * 2: lambda wall, locale: f"{week(wall, locale)[1]:02d}",
        year_letter * 2: lambda wall, locale: f"{week(wall, locale)[0] % 100:02d}",
        year_letter * 4: lambda wall, locale: f"{week(wall, locale)[0]:04d}",
        year_letter * 5: lambda wall, locale: f"{week(wall, locale)[0]:05d}",
    }


WRITERS: Mapping[str, Writer] = {
    "M": lambda wall, _: str(wall.month),
    "Mo": _ordinal(lambda wall: wall.month, "M"),
    "MM": lambda wall, _: f"{wall.month:02d}",
    "Q": lambda wall, _: str(_quarter(wall)),
    "Qo": _ordinal(_quarter, "Q"),
    "D": lambda wall, _: str(wall.day),
    "Do": _ordinal(lambda wall: wall.day, "D"),
    "DD": lambda wall, _: f"{wall.day:02d}",
    "DDD": lambda wall, _: str(day_of_year(wall)),
    "DDDo": _ordinal(day_of_year, "DDD"),
    "DDDD": lambda wall, _: f"{day_of_year(wall):03d}",
    "d": lambda wall, _: str(weekday_of(wall)),
    "do": _ordinal(weekday_of, "d"),
    "e": lambda wall, locale: str((weekday_of(wall) - locale.first_weekday) % 7),
    "E": lambda wall, _: str(wall.isoweekday()),
    **_week_tokens("w", "g", _local_week),
    **_week_tokens("W", "G", _iso_week),
    "Y": lambda wall, _: f"{wall.year:04d}",
    "YY": lambda wall, _: f"{wall.year % 100:02d}",
    "YYYY": lambda wall, _: f"{wall.year:04d}",
    "YYYYY": lambda wall, _: f"{wall.year:05d}",
    "YYYYYY": lambda wall, _: f"+{wall.year:06d}",
    "y": lambda wall, locale: str(_era_year(wall, locale)),
    "yy": lambda wall, locale: f"{_era_year(wall, locale):02d}",
    "yyy": lambda wall, locale: f"{_era_year(wall, locale):03d}",
    "yyyy": lambda wall, locale: f"{_era_year(wall, locale):04d}",
    "yo": lambda wall, locale: locale.ordinals.write(_era_year(wall, locale), "y"),
    **dict.fromkeys(("N", "NN", "NNN"), lambda wall, locale: locale.era_of(wall.date()).short),
    "NNNN": lambda wall, locale: locale.era_of(wall.date()).name,
    "NNNNN": lambda wall, locale: locale.era_of(wall.date()).narrow,
    "A": _meridiem("A"),
    "a": _meridiem("a"),
    "H": lambda wall, _: str(wall.hour),
    "HH": lambda wall, _: f"{wall.hour:02d}",
    "h": lambda wall, _: str(_hour12(wall)),
    "hh": lambda wall, _: f"{_hour12(wall):02d}",
    "k": lambda wall, _: str(wall.hour or 24),
    "kk": lambda wall, _: f"{wall.hour or 24:02d}",
    "Hmm": lambda wall, _: f"{wall.hour}{_minutes(wall)}",
    "hmm": lambda wall, _: f"{_hour12(wall)}{_minutes(wall)}",
    "Hmmss": lambda wall, _: f"{wall.hour}{_minutes_and_seconds(wall)}",
    "hmmss": lambda wall, _: f"{_hour12(wall)}{_minutes_and_seconds(wall)}",
    "m": lambda wall, _: str(wall.minute),
    "mm": lambda wall, _: f"{wall.minute:02d}",
    "s": lambda wall, _: str(wall.second),
    "ss": lambda wall, _: f"{wall.second:02d}",
    **{"S" * digits: _fraction(digits) for digits in range(1, 10)},
    "Z": _offset(":"),
    "ZZ": _offset(""),
    "z": lambda wall, _: wall.tzname() or "",
    "zz": _long_zone_name,
    "X": lambda wall, _: str((wall - _EPOCH) // timedelta(seconds=1)),
    "x": lambda wall, _: str((wall - _EPOCH) // timedelta(milliseconds=1)),
}


def _month(names: tuple[str, ...]) -> Writer:
    return lambda wall, _: names[wall.month - 1]


def _weekday(names: tuple[str, ...]) -> Writer:
    return lambda wall, _: names[weekday_of(wall)]


# Which form of a name stands depends on the pattern around it, so these are made once a pattern.
NAME_WRITERS: Mapping[str, Callable[[Locale, str], Writer]] = {
    "MMM": lambda locale, pattern: _month(locale.months_short.within(pattern)),
    "MMMM": lambda locale, pattern: _month(locale.months.within(pattern)),
    "dd": lambda locale, pattern: _weekday(locale.weekdays_min.within(pattern)),
    "ddd": lambda locale, pattern: _weekday(locale.weekdays_short.within(pattern)),
    "dddd": lambda locale, pattern: _weekday(locale.weekdays.within(pattern)),
}
