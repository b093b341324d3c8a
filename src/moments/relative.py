"""Spans of time in words: "a few seconds", "25 days", "a year"."""

import math
from datetime import datetime

from moments.arithmetic import add, difference
from moments.locales import resolve_locale
from moments.units import Unit

# Moment's thresholds: from 45 seconds on it is a minute, from 22 hours on a day, and so on.
_THRESHOLDS = (("s", 45), ("m", 45), ("h", 22), ("d", 26), ("M", 11), ("y", math.inf))
_MONTHS_A_DAY = 4800 / 146_097  # 4800 months are 146097 days, a full turn of the calendar
_SECONDS_A_DAY = 86_400


def humanise(seconds: float, *, locale: str = "en") -> str:
    """A span in words, without "in" or "ago": "a few seconds", "25 days", "a month".

    A negative span is one in the past, which some languages bend. Raises UnknownLocale.
    """
    days = abs(seconds) / _SECONDS_A_DAY
    return _words(abs(seconds), days, days * _MONTHS_A_DAY, 1 if seconds > 0 else -1, locale)


def humanise_between(instant: datetime, reference: datetime, *, locale: str = "en") -> str:
    """The span from `reference` to `instant` in words, its months counted on the calendar.

    This is Moment's fromNow: 46 days are "2 months", but 1 January to 16 February is "a month". Raises
    UnknownLocale.
    """
    early, late = sorted((instant, reference))
    months = difference(late, early, Unit.MONTH)
    rest = (late - add(early, months, Unit.MONTH)).total_seconds() / _SECONDS_A_DAY
    days = math.floor(months / _MONTHS_A_DAY + 0.5) + rest
    sign = 1 if instant > reference else -1
    return _words(days * _SECONDS_A_DAY, days, months + rest * _MONTHS_A_DAY, sign, locale)


def _words(seconds: float, days: float, months: float, sign: int, locale: str) -> str:
    amounts = (seconds, seconds / 60, seconds / 3600, days, months, months / 12)
    relative = resolve_locale(locale).relative
    for (key, threshold), amount in zip(_THRESHOLDS, amounts, strict=True):
        count = math.floor(amount + 0.5)
        if key != "s" and count <= 1:
            return relative(key, 1, sign)
        if count < threshold:
            return relative(key if key == "s" else key * 2, count, sign)
    raise AssertionError("the last threshold is infinite")
