"""Pictures of barcodes: what is drawn can be read again (the extra `barcode`)."""

from io import BytesIO
from typing import Any

import pytest

import fields

zxingcpp: Any = pytest.importorskip("zxingcpp")
Image: Any = pytest.importorskip("PIL.Image")

DRAWN = [
    ("ean8", "73513537"),
    ("ean13", "6291041500213"),
    ("upca", "036000291452"),
    ("upce", "04252614"),
    ("code39", "CODE 39"),
    ("code93", "TEST93"),
    ("code128", "Hello World 123"),
    ("itf", "123456"),
    ("qr", "https://example.com/é"),
    ("datamatrix", "abc"),
    ("pdf417", "abc def"),
    ("aztec", "abc"),
    ("gs1-128", "(01)09521234543213(10)AB"),
    ("gs1datamatrix", "010952123454321310AB\x1d21X"),
    ("databar", "09521234543213"),
    ("databarexpanded", "(01)09521234543213(3103)000123"),
]


def picture(text: str, format: str, **how: bool) -> bytes:
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.__members__[format], **how)
    pixels = zxingcpp.write_barcode_to_image(made, scale=4)
    height, width = pixels.shape
    file = BytesIO()
    Image.frombytes("L", (width, height), bytes(memoryview(pixels))).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(("type", "text"), DRAWN)
def test_a_barcode_is_drawn_as_svg(type: str, text: str) -> None:
    answer = fields.draw_barcode(text, type)

    assert answer.problems == ()
    assert "<svg" in answer.value


@pytest.mark.parametrize(
    ("type", "format", "text"),
    [("ean8", "EAN8", "73513537"), ("ean13", "EAN13", "6291041500213"), ("qr", "QRCode", "é")],
)
def test_a_picture_gives_its_barcode_back(type: str, format: str, text: str) -> None:
    [found] = fields.read_barcodes(picture(text, format))

    assert (found.text, found.type, found.format) == (text, type, format)
    assert fields.check("barcode", {"text": found.text, "type": found.type}).ok


@pytest.mark.parametrize(
    ("format", "type"),
    [
        ("Code128", "gs1128"),
        ("DataMatrix", "gs1datamatrix"),
        ("QRCode", "gs1qr"),
        ("DataBarExpanded", "databarexpanded"),
    ],
)
def test_an_element_string_is_read_with_its_identifiers_in_brackets(format: str, type: str) -> None:
    [found] = fields.read_barcodes(picture("(01)09521234543213(10)AB", format, gs1=True))

    assert (found.text, found.type) == ("(01)09521234543213(10)AB", type)
    assert fields.check("barcode", {"text": found.text, "type": found.type}).ok


def test_what_cannot_be_drawn_is_told() -> None:
    [problem] = fields.draw_barcode("40156", "codabar").problems

    assert problem.message.startswith("The barcode cannot be drawn")


@pytest.mark.parametrize(
    ("text", "type"), [("73513536", "ean8"), ("x", "quokka"), ("0306406152", "isbn10"), ("é", "code128")]
)
def test_what_is_no_barcode_or_has_no_picture_is_not_drawn(text: str, type: str) -> None:
    [problem] = fields.draw_barcode(text, type).problems

    assert problem.code == "bad_barcode"


@pytest.mark.parametrize("file", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"])
def test_what_is_no_picture_has_no_barcodes(file: bytes) -> None:
    assert fields.read_barcodes(file) == ()


def test_a_picture_that_unpacks_to_a_vast_one_is_not_unpacked() -> None:
    file = BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")

    assert len(file.getvalue()) < 100_000
    assert fields.read_barcodes(file.getvalue()) == ()
