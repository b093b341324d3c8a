"""The table of symbologies: what each may hold, and what zxing calls it when a picture is wanted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fields.barcodes import retail
from fields.barcodes.charsets import capacity, characters
from fields.barcodes.check_digits import code_39_check_character
from fields.cell import Cell
from fields.later import later
from fields.wording import hint, nearest, shown


@dataclass(frozen=True, slots=True)
class Symbology:
    """`rule` gives the text in its normal form or refuses it; `picture` is a name of zxing's, "" for none.

    `aliases` are other names; case, spaces and hyphens never matter in any of them. `is_gs1` says that the
    symbol starts with FNC1 and holds an element string.
    """

    name: str
    rule: Callable[[str, Cell], str]
    picture: str = ""
    aliases: tuple[str, ...] = ()
    is_gs1: bool = False


def _same(text: str) -> str:
    return text


_element_string = later("barcodes.gs1", "element_string")
_CODE_39 = characters(
    "Code 39", r"[0-9A-Z \-.$/+%]{1,80}", "0-9, A-Z, space and -.$/+%", lambda text: text.upper().strip("*")
)
_ASCII = r"[\x00-\x7f]{1,80}"
_CODE_93 = characters("Code 93", _ASCII, "up to 80 characters of ASCII", _same)
_CODE_128 = characters("Code 128", _ASCII, "up to 80 characters of ASCII", _same)
_CODABAR = characters(
    "Codabar", r"[A-D]?[0-9\-$:/.+]{1,60}[A-D]?", "0-9 and -$:/.+ between two of A to D", str.upper
)
_ITF = characters(
    "ITF", r"(?a:\d\d){1,40}", "an even number of digits, two to a pair", lambda text: f"0{text}"
)


def _checked_code_39(text: str, cell: Cell) -> str:
    """Code 39 whose last character checks the others, modulo 43 (ISO/IEC 16388, annex A)."""
    held = _CODE_39(text, cell)
    expected = code_39_check_character(held[:-1])
    if len(held) > 1 and held[-1] == expected:
        return held
    message = f"{cell.name}: the last character of {shown(text)} should check the others and be {expected!r}."
    suggestion = held[:-1] + expected if len(held) > 1 else None
    raise cell.refusal("bad_barcode", message, suggestion=suggestion)


def _gtin_or_elements(text: str, cell: Cell) -> str:
    """DataBar holds one GTIN, told with or without its application identifier."""
    bare = text.strip().removeprefix("(01)")
    return retail.gs1_number("GTIN", 14)(bare, cell)


_MEMBERS = (
    Symbology("ean8", retail.gs1_number("EAN-8", 8), "EAN8", ("gtin8", "jan8")),
    Symbology("ean13", retail.gs1_number("EAN-13", 13), "EAN13", ("ean", "gtin13", "jan", "jan13")),
    Symbology("upca", retail.gs1_number("UPC-A", 12), "UPCA", ("upc", "gtin12", "ucc12")),
    Symbology("upce", retail.upc_e, "UPCE"),
    Symbology("itf14", retail.gs1_number("ITF-14", 14), "ITF", ("gtin14", "dun14")),
    Symbology("gtin", retail.gs1_number("GTIN", 8, 12, 13, 14)),
    Symbology("sscc", retail.gs1_number("SSCC", 18), aliases=("sscc18",)),
    Symbology("gln", retail.gs1_number("GLN", 13)),
    Symbology("isbn10", retail.isbn_10),
    Symbology("isbn13", retail.isbn_13, "EAN13"),
    Symbology("isbn", retail.isbn),
    Symbology("issn", retail.issn),
    Symbology("code39", _CODE_39, "Code39", ("code3of9",)),
    Symbology("code39mod43", _checked_code_39, "Code39", ("code39checked", "code39checkdigit")),
    Symbology("code93", _CODE_93, "Code93"),
    Symbology("code128", _CODE_128, "Code128"),
    Symbology("codabar", _CODABAR, "Codabar", ("nw7",)),
    Symbology("itf", _ITF, "ITF", ("interleaved2of5", "i2of5")),
    Symbology("gs1128", _element_string, "Code128", ("ean128", "ucc128", "uccean128", "gs1"), is_gs1=True),
    Symbology(
        "databar",
        _gtin_or_elements,
        "DataBar",
        ("gs1databar", "rss14", "databaromni", "databarstk", "databarlimited", "databarltd"),
    ),
    Symbology(
        "databarexpanded",
        _element_string,
        "DataBarExpanded",
        ("gs1databarexpanded", "rssexpanded", "databarexp", "databarexpstk"),
        is_gs1=True,
    ),
    Symbology("gs1datamatrix", _element_string, "DataMatrix", is_gs1=True),
    Symbology("gs1qr", _element_string, "QRCode", ("gs1qrcode",), is_gs1=True),
    # Capacities: ISO/IEC 18004 (version 40, level L), 16022 (144 x 144), 15438 (level 0), 24778 (32 layers).
    Symbology("qr", capacity("a QR code", 7089, 4296, 2953), "QRCode", ("qrcode",)),
    Symbology("datamatrix", capacity("Data Matrix", 3116, 2335, 1555), "DataMatrix"),
    Symbology("pdf417", capacity("PDF417", 2710, 1850, 1108), "PDF417"),
    Symbology("aztec", capacity("Aztec", 3832, 3067, 1914), "Aztec", ("azteccode",)),
)

SYMBOLOGIES: Mapping[str, Symbology] = MappingProxyType({member.name: member for member in _MEMBERS})
"""Every symbology by the name that a barcode's `type` has."""

_NAMES: Mapping[str, str] = MappingProxyType(
    {alias: member.name for member in _MEMBERS for alias in (member.name, *member.aliases)}
)


def symbology(name: Any, cell: Cell) -> Symbology:
    """The symbology of that name or alias. Refuses what is none."""
    known = known_symbology(name) if isinstance(name, str) else None
    if known:
        return known
    near = nearest(name, SYMBOLOGIES) if isinstance(name, str) else None
    message = f"{cell.name}: there is no symbology {shown(name)}.{hint(near)}"
    raise cell.refusal("bad_barcode", message, path=("type",), suggestion=near)


def known_symbology(name: str) -> Symbology | None:
    """The symbology of that name or alias, None if there is none."""
    known = _NAMES.get(_folded(name))
    return SYMBOLOGIES[known] if known else None


def _folded(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())
