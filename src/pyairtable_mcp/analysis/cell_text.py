"""Any cell value as one plain text, the way a spreadsheet would hold it."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

# From here on even JavaScript writes an exponent; twenty more zeros help nobody.
_EXPONENT_FROM = 1e21


def cell_text(value: Any) -> str:
    """The value as text: "" for nothing, members of a list joined with ", ".

    A collaborator is their name (else e-mail address, else id), an attachment "filename (url)", a barcode its
    text, a button its label, a checkbox true or false, a computed error Airtable's word for it.
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return number_text(value)
        case list() | tuple():
            return ", ".join(cell_text(member) for member in value)
        case Mapping():
            return _object_text(value)
    return str(value)


def number_text(number: float) -> str:
    """The number in plain digits: 3 for 3.0, 0.0000001 for 1e-7; an exponent from 1e21 on."""
    if not abs(number) < _EXPONENT_FROM:
        return repr(float(number))
    digits = f"{Decimal(repr(number)):f}"
    whole = digits.removesuffix(".0")
    return "0" if whole == "-0" else whole


def _object_text(value: Mapping[str, Any]) -> str:
    match value:
        case {"filename": filename, "url": url}:
            return f"{filename} ({url})"
        case {"error": told} | {"specialValue": told}:
            return cell_text(told)
        case {"state": _}:
            return cell_text(value.get("value"))
    telling = next((value[key] for key in ("name", "text", "label", "email", "id") if value.get(key)), None)
    return cell_text(telling) if telling else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
