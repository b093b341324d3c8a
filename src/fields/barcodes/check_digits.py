"""The digit at the end of a code that tells a slip of the hand."""

CODE_39 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
"""The characters of Code 39 in the order of their values."""


def gs1_check_digit(digits: str) -> str:
    """The check digit of EAN, UPC, ITF-14, SSCC, GLN: weights 3, 1, 3 from the right.

    Source: GS1 General Specifications, "Check digit calculations".
    """
    total = sum(int(digit) * (1 if index % 2 else 3) for index, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def isbn10_check_digit(digits: str) -> str:
    """The last of an ISBN-10, X for ten: weights 10 to 2, modulo 11 (ISO 2108)."""
    return _modulo_11(digits, 10)


def issn_check_digit(digits: str) -> str:
    """The last of an ISSN, X for ten: weights 8 to 2, modulo 11 (ISO 3297)."""
    return _modulo_11(digits, 8)


def code_39_check_character(text: str) -> str:
    """The character that stands for the sum of all characters' places in Code 39's set, modulo 43."""
    return CODE_39[sum(CODE_39.index(sign) for sign in text) % len(CODE_39)]


def _modulo_11(digits: str, first_weight: int) -> str:
    total = sum(int(digit) * (first_weight - index) for index, digit in enumerate(digits))
    return "0123456789X"[-total % 11]
