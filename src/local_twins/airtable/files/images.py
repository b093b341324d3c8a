"""How large a picture is, read off the first bytes of its file."""

import struct
from collections.abc import Callable, Mapping
from typing import NamedTuple


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


def image_size(type: str, content: bytes) -> Size | None:
    """The size of a PNG, JPEG, GIF or WebP picture; None for other files and for broken ones."""
    read = _READERS.get(type)
    try:
        size = read(content) if read else None
    except (struct.error, IndexError):
        return None
    return size if size and size.width and size.height else None


def _png(content: bytes) -> Size | None:
    """The IHDR chunk comes first (PNG specification, 5.6)."""
    return Size(*struct.unpack_from(">II", content, 16)) if content[12:16] == b"IHDR" else None


def _gif(content: bytes) -> Size:
    """The logical screen (GIF89a specification, 18)."""
    return Size(*struct.unpack_from("<HH", content, 6))


def _jpeg(content: bytes) -> Size | None:
    """The first frame header, SOF0 to SOF15 (ITU-T T.81, B.2.2), behind any number of other segments."""
    place = 2
    while content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:  # a fill byte
            place += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, place + 5)
            return Size(width, height)
        else:
            (length,) = struct.unpack_from(">H", content, place + 2)
            place += 2 + length
    return None


def _webp(content: bytes) -> Size | None:
    """The first chunk tells the kind of picture (RFC 9649, 2.5 to 2.7)."""
    read = _WEBP_READERS.get(content[12:16])
    return read(content) if read else None


def _webp_lossy(content: bytes) -> Size:
    width, height = struct.unpack_from("<HH", content, 26)
    return Size(width & 0x3FFF, height & 0x3FFF)  # the two upper bits are a scale


def _webp_lossless(content: bytes) -> Size:
    (bits,) = struct.unpack_from("<I", content, 21)
    return Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)


def _webp_extended(content: bytes) -> Size:
    width, height = (int.from_bytes(content[place : place + 3], "little") for place in (24, 27))
    struct.unpack_from("<3s", content, 27)
    return Size(width + 1, height + 1)


_WEBP_READERS: Mapping[bytes, Callable[[bytes], Size]] = {
    b"VP8 ": _webp_lossy,
    b"VP8L": _webp_lossless,
    b"VP8X": _webp_extended,
}
_READERS: Mapping[str, Callable[[bytes], Size | None]] = {
    "image/png": _png,
    "image/gif": _gif,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
}
