"""What is read by name: months, weekdays, halves of the day, eras and ordinals of a locale."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from moments.locales import Locale
from moments.locales.locale import Names
from moments.reading import Reader, Reading

_LETTERS = r"[^\W\d_]"


def name_reader(token: str, locale: Locale) -> tuple[str, Reader] | None:
    """What finds the words that `token` stands for in `locale`, and their reader; None for other tokens."""
    make = _READERS.get(token)
    return make(locale) if make else None


def month_called(word: str, locale: Locale) -> int | None:
    """The month, 1 to 12, that `word` names in English or in `locale`, else None.

    In English the first three letters decide, as they do in JavaScript.
    """
    english = _ENGLISH_MONTHS.find(word[:3])
    if english >= 0 and english % 3 == 0 and len(word) >= 3:
        return english // 3 + 1
    return next((index + 1 for form, index in _month_forms(locale) if form == word), None)


_ENGLISH_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"


def _months(locale: Locale) -> tuple[str, Reader]:
    return _words("month", _month_forms(locale), first=1)


@lru_cache(maxsize=64)
def _month_forms(locale: Locale) -> list[tuple[str, int]]:
    return _forms(locale.months, locale.months_short)


def _weekdays(locale: Locale) -> tuple[str, Reader]:
    return _words("weekday", _forms(locale.weekdays, locale.weekdays_short, locale.weekdays_min), first=0)


def _forms(*families: Names) -> list[tuple[str, int]]:
    """Every form with its index, longest first; points at the end of abbreviations may be left out."""
    pairs = {pair for names in families for pair in names.forms()}
    pairs |= {(form.rstrip("."), index) for form, index in pairs}
    return sorted(((form.lower(), index) for form, index in pairs), key=lambda pair: (-len(pair[0]), pair))


def _words(name: str, forms: list[tuple[str, int]], *, first: int) -> tuple[str, Reader]:
    def read(reading: Reading, text: str) -> None:
        word = text.lower()
        index = next((index for form, index in forms if word.startswith(form)), None)
        if index is None:
            reading.is_impossible = True
        else:
            setattr(reading, name, first + index)

    known = "|".join(re.escape(form) for form, _ in forms)
    # A name with a number (1月) is not a part of a longer number (11月).
    return f"(?<![0-9])(?:{known}){_LETTERS}*|[0-9]{{0,16}}{_LETTERS}+", read


def _ordinal_day(locale: Locale) -> tuple[str, Reader]:
    def read(reading: Reading, text: str) -> None:
        reading.day = int("".join(each for each in text[:2] if each in "0123456789"))

    return f"[0-9]{{1,2}}(?:{locale.ordinals.suffix})?", read


def _meridiem(locale: Locale) -> tuple[str, Reader]:
    def read(reading: Reading, text: str) -> None:
        reading.meridiem = text

    return locale.meridiem.pattern, read


def _eras(locale: Locale) -> tuple[str, Reader]:
    eras = {
        name.casefold(): index
        for index, era in enumerate(locale.eras)
        for name in (era.name, era.short, era.narrow)
    }

    def read(reading: Reading, text: str) -> None:
        reading.era = eras.get(text.casefold())

    return "|".join(map(re.escape, eras)), read


def _era_year(_: Locale) -> tuple[str, Reader]:
    def read(reading: Reading, text: str) -> None:
        reading.year = 1 if text == "元" else int(text)

    return "元|[0-9]+", read


_READERS: Mapping[str, Callable[[Locale], tuple[str, Reader]]] = {
    **dict.fromkeys(("MMM", "MMMM"), lru_cache(maxsize=64)(_months)),
    **dict.fromkeys(("dd", "ddd", "dddd"), lru_cache(maxsize=64)(_weekdays)),
    **dict.fromkeys(("a", "A"), _meridiem),
    **dict.fromkeys(("N", "NN", "NNN", "NNNN", "NNNNN"), _eras),
    "Do": _ordinal_day,
    "yo": _era_year,
}
