"""Locales by the names that people give them: en, en_US, de-CH."""

import re
from functools import lru_cache

from babel import Locale

from fields.strict.currencies import MINOR_DIGITS

# Spelt in ways that CLDR does not have.
_SPELT = ("rs", "rs.", "fr.", "sfr.", "us$", "rp.", "tl", "euro", "円", "元", "원")


# They only tell in which direction to write.
_MARKS = re.compile("[\u061c\u200e\u200f\u2066-\u2069]")


def without_marks(text: str) -> str:
    """The text without invisible marks of direction."""
    return _MARKS.sub("", text)


@lru_cache
def babel_locale(name: str) -> Locale:
    """What Babel knows of the locale. Raises UnknownLocaleError, or ValueError for what is no name."""
    return Locale.parse(name.replace("-", "_").strip())


@lru_cache
def currency_words(locale: Locale) -> frozenset[str]:
    """Every sign and code that may stand beside an amount there, in lower case."""
    symbols = locale.currency_symbols
    known = {*MINOR_DIGITS, *symbols, *symbols.values(), *_SPELT}
    return frozenset(without_marks(word).strip().lower() for word in known)
