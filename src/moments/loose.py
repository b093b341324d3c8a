"""Dates as people write them: "02/17/2013 7:31", "4 Mar 2017 7:00", "March 4, 2017 3pm"."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from moments.calendar import days_in_month
from moments.errors import MomentOutOfRange
from moments.iso import iso_pattern, read_common_iso
from moments.locales import Locale, resolve_locale
from moments.names import month_called
from moments.parsing import parse_moment
from moments.zones import from_wall, resolve_zone, to_wall


def parse_loose(
    text: str, *, time_zone: str = "utc", locale: str = "en", now: datetime | None = None
) -> datetime | None:
    """The instant that `text` means, or None: ISO 8601 first, then what JavaScript's Date.parse takes.

    Numbers stand in American order (month, day, year) unless the first is a year, which may go without a
    day; months may be named in English or in `locale`; two-digit years up to 49 are of this century. A date
    without a year is of the year of `now`, or of 2001 as in JavaScript. Words before the date, weekdays,
    "at", the "th" of "4th" and what stands in parentheses are passed over. A time without an offset is read
    on the clocks of `time_zone`. JavaScript turns 30 February into 1 or 2 March, and "5" into May; here
    they are no dates.
    Raises UnknownZone and UnknownLocale.
    """
    zone = resolve_zone(time_zone)
    common = read_common_iso(text, zone)
    if common:
        return common
    pattern = iso_pattern(text)
    if pattern:
        return parse_moment(text, pattern, time_zone=time_zone)
    found = _scan(text, resolve_locale(locale))
    return _assembled(found, to_wall(now, zone).year if now else 2001, zone) if found else None


_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# "at" and "T" stand before a time; the signs for year, month and day behind the numbers of a date in Chinese.
_CONNECTIVES = frozenset({"at", "t", "年", "月", "日"})
# Hours east of UTC.
_ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0}
_ZONES |= {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}

_TOKENS = re.compile(
    r"""
    (?P<clock>[0-9]{1,2}:[0-9]{1,2}(?::[0-9]{1,2}(?:[.,][0-9]+)?)?)
  | (?P<hour>[0-9]{1,2})(?=\s*[ap]\.?m\b)
  | (?P<number>[0-9]{1,6})(?:st|nd|rd|th)?-?
  | (?P<offset>[+-][0-9]{1,2}(?::?[0-9]{2})?)(?![0-9])
  | (?P<half>[ap]\.?m\b\.?)
  | (?P<word>[^\W\d_]+)\.?-?
  | (?P<skipped>[\s,./']+|-(?![0-9])|\([^()]*\))
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(slots=True)
class _Found:
    """What has been found in a text: numbers of the date in their order, a named month, and the time."""

    locale: Locale
    numbers: list[int] = field(default_factory=list)
    month: int | None = None
    clock: timedelta | None = None
    offset: timedelta | None = None


def _scan(text: str, locale: Locale) -> _Found | None:
    found, position = _Found(locale), 0
    while position < len(text):
        match = _TOKENS.match(text, position)
        if not match or not match.lastgroup or not _READERS[match.lastgroup](found, match[match.lastgroup]):
            return None
        position = match.end()
    return found


def _read_clock(found: _Found, text: str) -> bool:
    hour, minute, second = ([*text.replace(",", ".").split(":"), "0"])[:3]
    clock = timedelta(hours=int(hour), minutes=int(minute), milliseconds=int(float(second) * 1000))
    is_shown = int(minute) < 60 and float(second) < 60 and clock <= timedelta(days=1)
    found.clock = clock
    return is_shown


def _read_hour(found: _Found, text: str) -> bool:
    found.clock = timedelta(hours=int(text))
    return True


def _read_number(found: _Found, text: str) -> bool:
    found.numbers.append(int(text))
    return len(found.numbers) <= 3


def _read_offset(found: _Found, text: str) -> bool:
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    size = timedelta(hours=int(hours), minutes=int(minutes))
    comes_after_a_time = found.clock is not None or found.offset is not None
    found.offset = -size if text[0] == "-" else size
    return comes_after_a_time


def _read_half(found: _Found, text: str) -> bool:
    if found.clock is None or found.clock >= timedelta(hours=13):
        return False
    hours = timedelta(hours=12 if text[0] in "Pp" else 0)
    found.clock = found.clock % timedelta(hours=12) + hours
    return True


def _read_word(found: _Found, text: str) -> bool:
    word = text.lower()
    month = month_called(word, found.locale)
    if month:
        found.month = month
    elif word in _ZONES:
        found.offset = timedelta(hours=_ZONES[word])
    else:
        return not found.numbers or word in _CONNECTIVES or word.startswith(_WEEKDAYS)
    return True


def _pass_over(_: _Found, __: str) -> bool:
    return True


# Each says whether the text can still be a date.
_READERS: dict[str, Callable[[_Found, str], bool]] = {
    "clock": _read_clock,
    "hour": _read_hour,
    "number": _read_number,
    "offset": _read_offset,
    "half": _read_half,
    "word": _read_word,
    "skipped": _pass_over,
}


def _assembled(found: _Found, this_year: int, zone: tzinfo) -> datetime | None:
    day = _day(found, this_year)
    if day is None:
        return None
    try:
        wall = datetime.combine(day, time.min) + (found.clock or timedelta())
        return from_wall(wall, zone) if found.offset is None else from_wall(wall, UTC) - found.offset
    except (OverflowError, MomentOutOfRange):
        return None


def _day(found: _Found, this_year: int) -> date | None:
    order = _with_month if found.month else _in_numbers
    parts = order(found, this_year)
    if parts is None:
        return None
    year, month, day = parts
    year += 2000 if year <= 49 else 1900 if year <= 99 else 0
    if not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month) or year > 9999:
        return None
    return date(year, month, day)


def _with_month(found: _Found, this_year: int) -> tuple[int, int, int] | None:
    match found.numbers:
        case [number] if number > 31:
            return number, found.month or 0, 1
        case [number]:
            return this_year, found.month or 0, number
        case [first, second, *_] if first > 31:
            return first, found.month or 0, second
        case [first, second, *_]:
            return second, found.month or 0, first
    return None


def _in_numbers(found: _Found, this_year: int) -> tuple[int, int, int] | None:
    match found.numbers:
        case [first, second, third] if first > 31:
            return first, second, third
        case [first, second, third]:
            return third, first, second
        case [first, second] if first > 31:
            return first, second, 1
        case [first, second]:
            return this_year, first, second
    return None
