"""Numbers as text: written with a fixed number of digits, read out of what people type."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from math import isfinite
from typing import Any

from fields.plain import number_text

# Doubles reach 1e308: quantising one to eight places needs more digits than Decimal's default of 28.
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)

# Languages that write 1.234,5 for 1,234.5, and countries that do not though they speak one (CLDR).
_DECIMAL_COMMA = frozenset(
    {"af", "bg", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl", "hr", "hu", "id", "is"}
    | {"it", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "tr", "uk", "vi"}
)
_DECIMAL_POINT = frozenset(
    {
        "de-ch",
        "de-li",
        "it-ch",
        "es-do",
        "es-gt",
        "es-hn",
        "es-mx",
        "es-ni",
        "es-pa",
        "es-pe",
        "es-pr",
        "es-sv",
    }
    | {"es-us"}
)
_SWAPPED = str.maketrans(",.", ".,")
# Currency signs, and the quotes and spaces that group digits in some countries.
_SIGNS = r"[$¢-¥֏؋৲৳฿₠-₿﷼]"
_GROUPING = r"(?<=\d)[\s'’_](?=\d{3}(?!\d))"
_NUMERAL = r"(?:([-−+])\s*)?((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3}(?!\d))?)"

# In whatever country: digits in groups, a fraction behind the other sign.
_LONGEST_NUMERAL = 400  # characters; the largest double has 309 digits
_ANY_GROUPED = (
    r"[1-9]\d{0,2}(?P<group>[.,'’\s])(?:\d{2,3}(?P=group))*\d{3}(?:(?!(?P=group))(?P<point>[.,])\d+)?"
)
_ANY_NUMERAL = (
    rf"(?P<sign>[-−+]?)\s?(?P<symbol>{_SIGNS}?)\s?(?P<inner>[-−+]?)"
    rf"(?P<digits>(?P<plain>\d+(?:\.\d*)?(?:[eE][-+]?\d{{1,3}})?|\.\d+)|{_ANY_GROUPED}|(?P<comma>\d+,\d+))"
    rf"\s?(?P<after>{_SIGNS}?)"
)

_GROUPED = r"(?:0|[1-9]\d*|[1-9]\d{0,2}(?:[,'’\s]\d{2,3})*[,'’\s]\d{3})?(?:(?<=\d)|(?=\.\d))"
_WHOLE = rf"[-−]?\s?{_SIGNS}?\s?[-−]?{_GROUPED}(?:\.\d+)?(?:[eE][-+]?\d{{1,3}})?\s?(?:{_SIGNS}|%)?"


def is_number(value: Any) -> bool:
    """Whether the value is a JSON number; a boolean is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_json_number(number: float | Decimal) -> float | None:
    """The double that JSON carries, whole ones as int; None when there is no such finite double."""
    try:
        double = float(number)
    except OverflowError:
        return None
    if not isfinite(double):
        return None
    return int(double) if double.is_integer() and abs(double) < 1e21 else double


def rounded(number: float | Decimal, digits: int) -> Decimal:
    """The number as people write it, to so many digits after the point, halves away from zero."""
    return _WIDE.quantize(_decimal(number), Decimal(1).scaleb(-digits))


def fixed(number: float, digits: int | None, *, shift: int = 0, grouped: bool = False) -> str:
    """The number times ten to the `shift`, to so many digits (None: as many as it has)."""
    double = as_json_number(number)
    if double is None:
        return number_text(number)
    moved = _decimal(double).scaleb(shift, _WIDE)
    if digits is None:
        return number_text(float(moved))
    exact = _WIDE.quantize(moved, Decimal(1).scaleb(-digits))
    exact = exact or exact.copy_abs()
    return f"{exact:,f}" if grouped else f"{exact:f}"


def read_number(text: str, *, locale: str = "en", shift: int = 0) -> float | None:
    """The first number in the text times ten to the `shift`, or None.

    Currency signs and digit grouping are skipped, and the locale says which of , and . is which.
    """
    number = exact_number(text, locale=locale, shift=shift)
    return None if number is None else as_json_number(number)


def exact_number(text: str, *, locale: str = "en", shift: int = 0) -> Decimal | None:
    """What `read_number` reads, to the last digit, of which a double may keep fewer."""
    bare = re.sub(_GROUPING, "", re.sub(_SIGNS, "", _ordered(text, locale))).replace(",", "")
    found = re.search(_NUMERAL, bare)
    if not found:
        return None
    number = Decimal(found[2]).scaleb(shift, _WIDE)
    return number.copy_negate() if found[1] in ("-", "−") else number


def is_exactly(number: float, exact: Decimal) -> bool:
    """Whether the double is the number as people write it: 0.1 is one tenth."""
    return _decimal(number) == exact


def meant_number(text: str, *, shift: int = 0) -> float | None:
    """The number that the text is in every country where it is one, times ten to the `shift`; None if unsure.

    "1.234,5" and "1,234.5" are the same number; "1,234" may be either of two, unless a sign of currency,
    which has no three digits behind the point, stands beside it.
    """
    found = re.fullmatch(_ANY_NUMERAL, text.strip()) if len(text) <= _LONGEST_NUMERAL else None
    if not found or (found["sign"] and found["inner"]) or (found["symbol"] and found["after"]):
        return None
    digits = _in_english(found)
    if digits is None:
        return None
    number = Decimal(digits).scaleb(shift, _WIDE)
    return as_json_number(number.copy_negate() if found["sign"] + found["inner"] in ("-", "−") else number)


def _in_english(found: re.Match[str]) -> str | None:
    """The digits with a point for the fraction and nothing between them."""
    if found["plain"]:
        return str(found["plain"])
    has_sign = bool(found["symbol"] or found["after"])
    if found["comma"]:
        return str(found["comma"]).replace(",", ".")
    group, digits = found["group"], str(found["digits"])
    if digits.count(group) == 1 and group in ".," and not found["point"] and not has_sign:
        return None
    return "".join(digits.split(group)).replace(",", ".")


def is_one_number(text: str, *, locale: str = "en") -> bool:
    """Whether the text is a number and nothing else: with a sign of currency or per cent, well grouped.

    Leading zeros and a plus sign mean something to whoever wrote them, so that 007 and +1 are no numbers.
    """
    return re.fullmatch(_WHOLE, _ordered(text.strip(), locale)) is not None


def _ordered(text: str, locale: str) -> str:
    """The text with , and . as English has them."""
    name = locale.lower().replace("_", "-")
    has_comma = name.partition("-")[0] in _DECIMAL_COMMA and name not in _DECIMAL_POINT
    return text.translate(_SWAPPED) if has_comma else text


def _decimal(number: float | Decimal) -> Decimal:
    # Through the shortest text: 0.1 is one tenth to a person, not 0.1000000000000000055.
    return Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
