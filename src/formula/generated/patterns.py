"""Patterns of dates as expressions of Python, for those that consist of the commonest tokens."""

import re
from collections.abc import Callable
from typing import Any

from moments import resolve_locale

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# A token counts only with no letter on either side: so no longer token of Moment's is cut in two.
_PIECE = re.compile(
    r"(?<![A-Za-z])(?P<token>YYYY|MMMM|MMM|MM|M|DD|D|HH|H|mm|ss|ddd|dddd)(?![A-Za-z])|(?P<words>[^A-Za-z\[\]\\\n\r]+)"
    r"|\[(?P<quoted>[^\[\]\n\r]*)\]"
)
_NUMBERS = {
    "YYYY": ("year", 4),
    "MM": ("month", 2),
    "M": ("month", 1),
    "DD": ("day", 2),
    "D": ("day", 1),
    "HH": ("hour", 2),
    "H": ("hour", 1),
    "mm": ("minute", 2),
    "ss": ("second", 2),
}
"""The part of a datetime that a token writes, and in how many digits at least."""


class _Padded(dict[int, str]):
    """Whole numbers in so many digits: looking one up takes a fifth of the time of writing it."""

    def __init__(self, digits: int) -> None:
        self._digits = digits

    def __missing__(self, number: int) -> str:
        return self.setdefault(number, f"{number:0{self._digits}}")


_PADDED = {digits: _Padded(digits) for digits in (1, 2, 4)}


def expression(pattern: str, locale: str, date: str, constant: Callable[[Any], str]) -> str | None:
    """Code of the text that `pattern` writes of the datetime named `date`; None for any other pattern.

    Every word of the pattern goes through `constant`. Names are written in English only: elsewhere their
    form depends on what stands around them.
    """
    parts = []
    position = 0
    for match in _PIECE.finditer(pattern):
        if match.start() != position:
            return None
        position = match.end()
        part = _part(match, locale, date, constant)
        if part is None:
            return None
        parts.append(f"{{{part}}}")
    return f'f"{"".join(parts)}"' if position == len(pattern) and parts else None


def _part(match: re.Match[str], locale: str, date: str, constant: Callable[[Any], str]) -> str | None:
    token = match["token"]
    if token is None:
        return constant(match["words"] or match["quoted"])
    if token in _NUMBERS:
        attribute, digits = _NUMBERS[token]
        return f"{constant(_PADDED[digits])}[{date}.{attribute}]"
    return _name(token, locale, date, constant)


def _name(token: str, locale: str, date: str, constant: Callable[[Any], str]) -> str | None:
    if locale.strip().lower() != "en":
        return None
    english = resolve_locale("en")
    names, index = {
        "MMMM": (english.months, f"{date}.month - 1"),
        "MMM": (english.months_short, f"{date}.month - 1"),
        "dddd": (english.weekdays, f"{date}.isoweekday() % 7"),
        "ddd": (english.weekdays_short, f"{date}.isoweekday() % 7"),
    }[token]
    return f"{constant(names.within(token))}[{index}]"
