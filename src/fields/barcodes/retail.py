"""Codes of a fixed number of digits with a check digit: EAN, UPC, GTIN, SSCC, GLN, ISBN, ISSN."""

import re
from collections.abc import Callable

from fields.barcodes.check_digits import gs1_check_digit, isbn10_check_digit, issn_check_digit
from fields.cell import Cell
from fields.problems import Refusal
from fields.wording import shown

CheckDigit = Callable[[str], str]

# What stands between the digits in print.
_SEPARATORS = re.compile(r"[\s\-‐-―−]")


def gs1_number(label: str, *lengths: int) -> Callable[[str, Cell], str]:
    """The rule of a number of one of these lengths that ends with GS1's check digit."""

    def rule(text: str, cell: Cell) -> str:
        return _checked(_bare(text), label, lengths, gs1_check_digit, cell)

    return rule


def upc_e(text: str, cell: Cell) -> str:
    """Eight digits: number system 0 or 1, six, and the check digit of the UPC-A that they stand for."""
    digits = _bare(text)
    if not _is_digits(digits) or len(digits) != 8 or digits[0] not in "01":
        suggestion = _as_upc_e(digits)
        raise _wrong(cell, "UPC-E has 8 digits and starts with 0 or 1", text, suggestion)
    expected = gs1_check_digit(expanded_upc_e(digits)[:-1])
    if digits[-1] != expected:
        raise _wrong(cell, f"the check digit of this UPC-E is {expected}", text, digits[:-1] + expected)
    return digits


def expanded_upc_e(digits: str) -> str:
    """The UPC-A of twelve digits that a UPC-E of eight stands for.

    Source: GS1 General Specifications, "UPC-E: decoding": the last of the six digits tells which zeros are
    left out.
    """
    system, six, check = digits[0], digits[1:7], digits[7:]
    last = six[5]
    if last in "012":
        middle = six[:2] + last + "0000" + six[2:5]
    elif last == "3":
        middle = six[:3] + "00000" + six[3:5]
    elif last == "4":
        middle = six[:4] + "00000" + six[4]
    else:
        middle = six[:5] + "0000" + last
    return system + middle + check


def isbn_10(text: str, cell: Cell) -> str:
    """Ten digits, the last of which may be X."""
    digits = _bare(text).upper()
    return _checked(digits, "ISBN-10", (10,), isbn10_check_digit, cell)


def isbn_13(text: str, cell: Cell) -> str:
    """Thirteen digits that start with 978 or 979; an ISBN-10 is refused with its new number."""
    digits = _bare(text).upper()
    if len(digits) == 10 and _passes(isbn_10, digits, cell):
        raise _wrong(cell, "this is an ISBN-10", text, isbn_13_of(digits))
    if not digits.startswith(("978", "979")):
        raise _wrong(cell, "an ISBN-13 has 13 digits and starts with 978 or 979", text)
    return _checked(digits, "ISBN-13", (13,), gs1_check_digit, cell)


def isbn(text: str, cell: Cell) -> str:
    """An ISBN of either length."""
    return (isbn_10 if len(_bare(text)) == 10 else isbn_13)(text, cell)


def isbn_13_of(isbn10: str) -> str:
    """The number of thirteen digits that a book of ten has since 2007."""
    body = "978" + isbn10[:9]
    return body + gs1_check_digit(body)


def issn(text: str, cell: Cell) -> str:
    """Eight digits, the last of which may be X; or the EAN-13 of a journal, which starts with 977."""
    digits = _bare(text).upper()
    if len(digits) == 13 and digits.startswith("977"):
        return _checked(digits, "ISSN", (13,), gs1_check_digit, cell)
    return _checked(digits, "ISSN", (8,), issn_check_digit, cell)


def _checked(digits: str, label: str, lengths: tuple[int, ...], check: CheckDigit, cell: Cell) -> str:
    body, last = digits[:-1], digits[-1:]
    if not _is_digits(body) or len(digits) not in lengths:
        suggestion = digits + check(digits) if _is_digits(digits) and len(digits) + 1 in lengths else None
        reason = f"{label} has {' or '.join(map(str, lengths))} digits, the last of which checks the others"
        raise _wrong(cell, reason, digits, suggestion)
    expected = check(body)
    if last != expected:
        raise _wrong(cell, f"the check digit of this {label} is {expected}", digits, body + expected)
    return digits


def _as_upc_e(digits: str) -> str | None:
    """The UPC-E of six or seven digits whose check digit was left out, or of a UPC-A that has one."""
    if not _is_digits(digits):
        return None
    if len(digits) == 12:
        return next((short for short in _shortened(digits) if expanded_upc_e(short) == digits), None)
    body = digits if len(digits) == 7 else f"0{digits}"
    if len(body) != 7 or body[0] not in "01":
        return None
    return body + gs1_check_digit(expanded_upc_e(body + "0")[:-1])


def _shortened(upc_a: str) -> list[str]:
    """Every UPC-E that might stand for the UPC-A, none if its check digit or number system rules that out."""
    system, maker, item, check = upc_a[0], upc_a[1:6], upc_a[6:11], upc_a[11]
    if system not in "01" or gs1_check_digit(upc_a[:-1]) != check:
        return []
    ends = ((maker[:2], item[2:], maker[2]), (maker[:3], item[3:], "3"), (maker[:4], item[4], "4"))
    return [system + "".join(end) + check for end in (*ends, (maker, item[4]))]


def _passes(rule: Callable[[str, Cell], str], digits: str, cell: Cell) -> bool:
    try:
        rule(digits, cell)
    except Refusal:
        return False
    return True


def _bare(text: str) -> str:
    return _SEPARATORS.sub("", text)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _wrong(cell: Cell, reason: str, text: str, suggestion: str | None = None) -> Refusal:
    message = f"{cell.name}: {reason}; {shown(text)} does not fit."
    return cell.refusal("bad_barcode", message, suggestion=suggestion)
