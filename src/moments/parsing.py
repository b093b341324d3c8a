"""Dates read by a pattern, as forgivingly as Moment reads them."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from moments.assembling import assemble
from moments.locales import Locale, resolve_locale
from moments.names import name_reader
from moments.reading import READERS, Reader, Reading
from moments.tokens import Piece, expand, pieces
from moments.zones import resolve_zone, to_wall

# What a pattern leaves out is taken from here when no `now` is given.
_NO_DAY = date(2000, 1, 1)


def parse_moment(
    text: str, pattern: str, *, time_zone: str = "utc", locale: str = "en", now: datetime | None = None
) -> datetime | None:
    """The instant that `text` means when it is read by `pattern`; None when it means no date.

    Each token takes the next thing that it can read, and skips what stands before it; words and signs of
    the pattern need not be there. What stands before the first part of a date (the year of "10:30") is
    that of `now`, or of 1 January 2000; what stands behind the last is the first of its kind. A text
    without an offset is read on the clocks of `time_zone`. Raises UnknownZone and UnknownLocale.
    """
    language = resolve_locale(locale)
    zone = resolve_zone(time_zone)
    reading = _read(text, _compiled(pattern, language))
    if reading is None:
        return None
    today = to_wall(now, zone).date() if now else _NO_DAY
    return assemble(reading, today, zone, language)


@dataclass(frozen=True, slots=True)
class _Step:
    """What to look for next, and what to do with it; words of the pattern have no reader."""

    expression: re.Pattern[str]
    reader: Reader | None


@lru_cache(maxsize=1024)
def _compiled(pattern: str, locale: Locale) -> tuple[_Step, ...]:
    return tuple(_step(piece, locale) for piece in pieces(expand(pattern, locale)))


def _step(piece: Piece, locale: Locale) -> _Step:
    found = piece.is_token and (name_reader(piece.text, locale) or READERS.get(piece.text))
    expression, reader = found or (re.escape(piece.text), None)
    return _Step(re.compile(expression, re.IGNORECASE), reader)


def _read(text: str, steps: tuple[_Step, ...]) -> Reading | None:
    """What the steps found in `text`; None when they found nothing, or no more than a half of the day."""
    reading = Reading()
    for step in steps:
        match = step.expression.search(text)
        if match and match[0]:
            text = text[match.end() :]
            if step.reader:
                step.reader(reading, match[0])
    return None if reading == Reading(meridiem=reading.meridiem) else reading
