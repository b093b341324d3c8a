"""Any REST value as plain text, when nothing is known of its field or the value does not fit it."""

from collections.abc import Mapping
from typing import Any

# What best stands for an object: a person's name, a barcode's text, a button's label, an error.
_TELLING_KEYS = ("name", "text", "label", "filename", "error", "specialValue", "value", "email", "url", "id")


def plain(value: Any) -> str:
    """The value as text; "" for nothing, members of a list joined with commas."""
    match value:
        case None | False:
            return ""
        case True:
            return "checked"
        case str():
            return value
        case int() | float():
            return number_text(value)
        case Mapping():
            return next((plain(value[key]) for key in _TELLING_KEYS if value.get(key)), "")
        case list() | tuple():
            return ", ".join(plain(member) for member in value)
    return str(value)


def number_text(number: float) -> str:
    """The number as JavaScript writes it: 3 for 3.0, 1e-7, 1e+21."""
    if isinstance(number, int):
        # Python refuses to write integers of thousands of digits; JSON's numbers are doubles anyway.
        return str(number) if number.bit_length() < 70 else number_text(_double(number))
    if number.is_integer() and abs(number) < 1e21:
        return str(int(number))
    return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(
        repr(number), repr(number).replace("e-0", "e-")
    )


def _double(number: int) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")
