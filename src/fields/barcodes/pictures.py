"""Pictures of barcodes, drawn and read by zxing-cpp (the extra `barcode`). No file is touched."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType

from fields.barcodes.symbologies import SYMBOLOGIES, symbology
from fields.cell import Cell
from fields.checked import Checked
from fields.problems import Problem, Refusal

MOST_PIXELS = 50_000_000  # a picture may say that it is vast and be small: it is asked before it is unpacked


@dataclass(frozen=True, slots=True)
class ReadBarcode:
    """One barcode found in a picture: its text, the name of its symbology, and zxing's name for that."""

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
        held = found.rule(text, cell)
        if not found.picture:
            raise cell.refusal("bad_barcode", f"A number of type {found.name} has no picture of its own.")
    except Refusal as refusal:
        return Checked(problems=refusal.problems)
    try:
        made = zxingcpp.create_barcode(held, zxingcpp.BarcodeFormat.__members__[found.picture])
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
    return tuple(ReadBarcode(code.text, _type_of(code.format.name), code.format.name) for code in found)


_TYPES: Mapping[str, str] = MappingProxyType(
    {member.picture: member.name for member in reversed(tuple(SYMBOLOGIES.values())) if member.picture}
)


def _type_of(format: str) -> str:
    return _TYPES.get(format, format.lower())
