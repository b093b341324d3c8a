"""Amounts as people write them in their country: "1.234,56 €", "CHF 1’234.50", "($5.00)"."""

import re
import unicodedata
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import NumberFormatError, get_decimal_symbol, get_group_symbol, parse_decimal

from fields.cell import Cell
from fields.problems import OPTIONS
from fields.strict.currencies import MINOR_DIGITS
from fields.strict.locales import babel_locale, currency_words, without_marks
from fields.wording import quoted, shown

_LONGEST = 200  # characters of an amount with its currency
_SIGNS = "-+−﹣－"
_SPACES = " \u00a0\u2007\u2009\u202f"
# A point before the first digit is the number's, unless it ends an abbreviation: $.50, but Rs.500.
_CORE = re.compile(r"(?s)(.*?)((?:(?<![^\W\d_])[.,])?\d(?:.*\d)?)(.*)")
_NATIVE = str.maketrans("٫٬", ".,")


def formatted_amount(text: str, cell: Cell) -> str:
    """The amount in a text written in the option `locale`, as a decimal numeral. Refuses anything else."""
    locale = _locale(cell)
    found = _amount(without_marks(text).strip(), locale) if len(text) <= _LONGEST else None
    if found is None:
        name = locale.english_name
        message = f"{cell.name} cannot read {shown(text)} as an amount in {name}. Check , and . in it."
        raise cell.refusal("bad_amount", message)
    return f"{found:f}"


def _locale(cell: Cell) -> Locale:
    name = cell.string("locale", cell.locale)
    try:
        return babel_locale(name)
    except (UnknownLocaleError, ValueError):
        message = f"{cell.name}: locale is a name such as en_US or de_CH, not {quoted(name)}."
        raise cell.refusal("bad_option", message, path=(OPTIONS, "locale")) from None


def _amount(text: str, locale: Locale) -> Decimal | None:
    in_brackets = text.startswith("(") and text.endswith(")")
    parts = _CORE.fullmatch(text[1:-1] if in_brackets else text)
    if not parts:
        return None
    before, numeral, after = parts.groups()
    signs = [sign for sign in before + after if sign in _SIGNS]
    if len(signs) + in_brackets > 1 or not _is_currency(before, after, locale):
        return None
    found = _number(numeral, locale)
    is_negative = in_brackets or any(sign not in "+＋" for sign in signs)
    return -found if found is not None and is_negative else found


def _is_currency(before: str, after: str, locale: Locale) -> bool:
    """Whether one currency at most stands beside the number: a sign, a code, or $5 USD."""
    words = [_bare(before), _bare(after)]
    named = [word for word in words if word]
    known = currency_words(locale)
    is_one = len(named) <= 1 or (_is_sign(words[0]) and words[1].upper() in MINOR_DIGITS)
    return is_one and all(word in known or _is_sign(word) for word in named)


def _bare(affix: str) -> str:
    return affix.translate(dict.fromkeys(map(ord, _SIGNS))).strip().lower()


def _is_sign(word: str) -> bool:
    return len(word) == 1 and unicodedata.category(word) == "Sc"


def _number(numeral: str, locale: Locale) -> Decimal | None:
    """Strictly: digits are grouped as the locale groups them, or not at all."""
    written = "".join(map(_ascii_digit, numeral))
    if written != numeral:
        # Arabic and Indian digits come with separators of their own, or with English ones.
        written, locale = written.translate(_NATIVE), Locale("en")
    group, point = get_group_symbol(locale), get_decimal_symbol(locale)
    tidy = _regrouped(written, group)
    if not set(tidy) <= {*"0123456789", group, point}:
        return None
    try:
        return parse_decimal(tidy, locale=locale, strict=True)
    except NumberFormatError:
        return None


def _ascii_digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if unicodedata.decimal(sign, None) is not None else sign


def _regrouped(numeral: str, group: str) -> str:
    """Any space for a locale that groups with one of them, any apostrophe for one that does with that."""
    for alike in (_SPACES, "'’"):
        if group in alike:
            return numeral.translate(dict.fromkeys(map(ord, alike), group))
    return numeral
