"""Amounts of money: exact to the currency's smallest part, read and written as people do."""

from decimal import Decimal, InvalidOperation
from typing import Any

from fields.cell import Cell
from fields.numerals import as_json_number, rounded
from fields.problems import OPTIONS, Refusal
from fields.strict.currencies import MINOR_DIGITS
from fields.wording import hint, shown

_LONGEST = 100  # characters of an amount as text
_MOST_DIGITS = 40  # before the point, or zeros after it
_NOISE_DIGITS = 9  # where 0.1 + 0.2 shows that it is a double


def money(value: Any, cell: Cell) -> str:
    """A decimal numeral to the smallest part of the option `currency`: "5" is "5.00" in USD, "5" in JPY.

    Takes a numeral as text, or a JSON number. Refuses digits that the currency does not have.
    """
    digits = minor_digits(cell)
    exact = _decimal(value)
    if exact is None:
        raise cell.refusal("bad_amount", f'{cell.name} takes an amount such as "12.50", not {shown(value)}.')
    return f"{_cut(exact, digits, cell):f}"


def amount(value: float, cell: Cell) -> float:
    """The number if the option `currency` has its digits; noise of doubles is cut off."""
    digits, exact = minor_digits(cell), rounded(value, _NOISE_DIGITS)
    if rounded(exact, digits) != exact:
        raise _too_fine(str(value), as_json_number(rounded(exact, digits)), digits, cell)
    return as_json_number(exact) or 0


def minor_digits(cell: Cell) -> int:
    """The digits after the point in the option `currency`. Refuses what is no currency to count in."""
    code = cell.options.get("currency")
    if isinstance(code, str) and code in MINOR_DIGITS:
        return MINOR_DIGITS[code]
    # Codes are alike by design: nobody meant Hong Kong's dollar by HRK, but "usd" is clear.
    folded = code.strip().upper() if isinstance(code, str) else ""
    near = folded if folded in MINOR_DIGITS else None
    message = f"{cell.name}: currency is a code of ISO 4217 such as EUR, not {shown(code)}.{hint(near)}"
    raise cell.refusal("unknown_currency", message, path=(OPTIONS, "currency"), suggestion=near)


def money_text(value: float, cell: Cell) -> str | None:
    """The amount as the locale writes it, with the symbol of the option `currency`; None without one."""
    code = cell.string("currency")
    if code not in MINOR_DIGITS or as_json_number(value) is None:
        return None
    from babel import UnknownLocaleError
    from babel.numbers import format_currency

    from fields.strict.locales import babel_locale

    try:
        locale = babel_locale(cell.locale)
    except (UnknownLocaleError, ValueError):
        return None
    return format_currency(rounded(value, MINOR_DIGITS[code]), code, locale=locale)


def _decimal(value: Any) -> Decimal | None:
    """The number as a person reads it: through its shortest text, never through its bits."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, int) and value.bit_length() > 1024:
        return None
    text = value.strip() if isinstance(value, str) else repr(value)
    try:
        exact = Decimal(text if len(text) <= _LONGEST and text.isascii() and "_" not in text else "")
    except InvalidOperation:
        return None
    return exact if exact.is_finite() and abs(exact.adjusted()) <= _MOST_DIGITS else None


def _cut(exact: Decimal, digits: int, cell: Cell) -> Decimal:
    cut = rounded(exact, digits)
    if cut == exact:
        return cut
    raise _too_fine(f"{exact:f}", f"{cut:f}", digits, cell)


def _too_fine(told: str, suggestion: Any, digits: int, cell: Cell) -> Refusal:
    held = f"{digits} digits" if digits else "no digits"
    message = f"{cell.name}: {cell.string('currency')} has {held} after the point, and {told} has more."
    return cell.refusal("bad_amount", message, suggestion=suggestion)
