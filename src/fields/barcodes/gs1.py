"""GS1 element strings: "(01)09521234543213(10)AB-123", as print shows them or as scanners send them."""

import re

from biip import ParseError
from biip.gs1_element_strings import GS1ElementString
from biip.gs1_messages import GS1Message

from fields.cell import Cell
from fields.wording import shown

_LONGEST = 4_000  # characters; the largest symbol holds fewer
_SEPARATOR = "\x1d"  # what scanners send for FNC1 between elements of variable length
# Symbology identifiers that scanners may send first: GS1-128, DataBar, Data Matrix, QR (ISO/IEC 15424).
_IDENTIFIER = re.compile(r"\](?:C1|e0|d2|Q3|J1)")


def element_string(text: str, cell: Cell) -> str:
    """The element string as the symbol holds it, without brackets; FNC1 is the character U+001D.

    Refuses unknown application identifiers, values that are not of their form, and wrong check digits
    (GS1 General Specifications, section 3, as biip has them).
    """
    message = _message(text, cell)
    for element in message.element_strings:
        _check(element, text, cell)
    return str(GS1Message.from_element_strings(message.element_strings).value)


def element_string_for_people(text: str) -> str:
    """The element string with its application identifiers in brackets. Takes what `element_string` gave."""
    return str(_parsed(text).as_hri())


def _message(text: str, cell: Cell) -> GS1Message:
    reason = f"it has 1 to {_LONGEST:,} characters"
    if text.strip() and len(text) <= _LONGEST:
        try:
            return _parsed(text)
        except (ParseError, ValueError) as wrong:
            reason = str(wrong).strip().rstrip(".")
    message = f"{cell.name}: {shown(text)} is no GS1 element string: {reason}."
    raise cell.refusal("bad_barcode", message)


def _parsed(text: str) -> GS1Message:
    bare = _IDENTIFIER.sub("", text.strip(" \r\n"), count=1).strip(_SEPARATOR)
    if not bare.startswith("("):
        return GS1Message.parse(bare)
    message = GS1Message.parse_hri(bare)
    if message.as_hri() != "".join(bare.split()):
        raise ParseError("its brackets do not part it into identifiers and values")
    return message


def _check(element: GS1ElementString, text: str, cell: Cell) -> None:
    wrong = element.gtin_error or element.sscc_error or element.gln_error
    if wrong:
        message = f"{cell.name}: in {shown(text)}, ({element.ai.ai}) is wrong: {wrong.rstrip('.')}."
        raise cell.refusal("bad_barcode", message)
