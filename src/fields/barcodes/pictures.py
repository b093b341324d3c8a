"""Pictures of barcodes, drawn and read by zxing-cpp (the extra `barcode`). No file is touched."""

from dataclasses import dataclass
from io import BytesIO

from fields.barcodes.symbologies import SYMBOLOGIES, Symbology, known_symbology, symbology
from fields.cell import Cell
from fields.checked import Checked
from fields.problems import Problem, Refusal
from fields.types.text import any_text

MOST_PIXELS = 50_000_000  # a picture may say that it is vast and be small: it is asked before it is unpacked


@dataclass(frozen=True, slots=True)
class ReadBarcode:
    """One barcode found in a picture: its text, the name of its symbology, and zxing's name for that.

    Element strings of GS1 have their application identifiers in brackets.
    """

    text: str
    type: str
    format: str


def draw_barcode(text: str, type: str, *, scale: int = 3) -> Checked:
    """An SVG document of the barcode as `.value`, or why the text cannot stand under such a barcode.

    `type` is a name of SYMBOLOGIES; `scale` is the width of the narrowest bar in pixels. Raises ImportError
    without the extra `barcode`.
    """
    import zxingcpp

    cell = Cell("Barcode", strict=True)
    try:
        found = symbology(type, cell)
        held = found.rule(any_text(text, cell), cell)
        if not found.picture:
            raise cell.refusal("bad_barcode", f"A number of type {found.name} has no picture of its own.")
    except Refusal as refusal:
        return Checked(problems=refusal.problems)
    try:
        format = zxingcpp.BarcodeFormat.__members__[found.picture]
        made = zxingcpp.create_barcode(_content(held, found), format, gs1=found.is_gs1)
    except (ValueError, RuntimeError) as wrong:
        return Checked(problems=(Problem("bad_barcode", f"The barcode cannot be drawn: {wrong}."),))
    return Checked(value=zxingcpp.write_barcode_to_svg(made, scale=scale), text=held)


def read_barcodes(picture: bytes) -> tuple[ReadBarcode, ...]:
    """Every barcode in a PNG, JPEG, GIF, BMP or WebP file; none if it is no such file or too large.

    Raises ImportError without the extra `barcode`.
    """
    import zxingcpp
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(picture), formats=("PNG", "JPEG", "GIF", "BMP", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                return ()
            found = zxingcpp.read_barcodes(image.convert("L"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return ()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return ()
    gs1 = zxingcpp.ContentType.GS1
    return tuple(_found(code.text, code.format.name, is_gs1=code.content_type == gs1) for code in found)


def _content(text: str, symbology: Symbology) -> str:
    if not symbology.is_gs1:
        return text
    from fields.barcodes.gs1 import element_string_for_people

    return element_string_for_people(text)


def _found(text: str, format: str, *, is_gs1: bool) -> ReadBarcode:
    named = known_symbology(f"gs1{format}" if is_gs1 else format) or known_symbology(format)
    if is_gs1 and format == "Code128":
        named = SYMBOLOGIES["gs1128"]
    return ReadBarcode(text, named.name if named else format.lower(), format)
