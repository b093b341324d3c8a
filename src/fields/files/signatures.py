"""What a file is by its first bytes (WHATWG MIME Sniffing Standard, sections 6 and 7; then `filetype`)."""

import re
from collections.abc import Iterator
from typing import Any

HEAD_BYTES = 1445  # as many as the standard's resource header has

_Part = tuple[int, bytes]

# Type, and the bytes that stand at each offset.
_SIGNATURES: tuple[tuple[str, tuple[_Part, ...]], ...] = (
    ("image/x-icon", ((0, b"\x00\x00\x01\x00"),)),
    ("image/x-icon", ((0, b"\x00\x00\x02\x00"),)),
    ("image/bmp", ((0, b"BM"),)),
    ("image/gif", ((0, b"GIF87a"),)),
    ("image/gif", ((0, b"GIF89a"),)),
    ("image/webp", ((0, b"RIFF"), (8, b"WEBPVP"))),
    ("image/png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    ("image/jpeg", ((0, b"\xff\xd8\xff"),)),
    ("audio/aiff", ((0, b"FORM"), (8, b"AIFF"))),
    ("audio/mpeg", ((0, b"ID3"),)),
    ("application/ogg", ((0, b"OggS\x00"),)),
    ("audio/midi", ((0, b"MThd\x00\x00\x00\x06"),)),
    ("video/avi", ((0, b"RIFF"), (8, b"AVI "))),
    ("audio/wave", ((0, b"RIFF"), (8, b"WAVE"))),
    ("font/ttf", ((0, b"\x00\x01\x00\x00"),)),
    ("font/otf", ((0, b"OTTO"),)),
    ("font/collection", ((0, b"ttcf"),)),
    ("font/woff", ((0, b"wOFF"),)),
    ("font/woff2", ((0, b"wOF2"),)),
    ("application/vnd.ms-fontobject", ((34, b"LP"),)),
    ("application/x-gzip", ((0, b"\x1f\x8b\x08"),)),
    ("application/zip", ((0, b"PK\x03\x04"),)),
    ("application/x-rar-compressed", ((0, b"Rar!\x1a\x07\x00"),)),
    ("application/x-rar-compressed", ((0, b"Rar!\x1a\x07\x01\x00"),)),
    ("application/x-rar-compressed", ((0, b"Rar \x1a\x07\x00"),)),
    ("application/pdf", ((0, b"%PDF-"),)),
    ("application/postscript", ((0, b"%!PS-Adobe-"),)),
    ("text/plain", ((0, b"\xfe\xff"),)),
    ("text/plain", ((0, b"\xff\xfe"),)),
    ("text/plain", ((0, b"\xef\xbb\xbf"),)),
    # Not in the standard: what must never pass for anything else.
    ("application/x-msdownload", ((0, b"MZ"),)),
    ("application/x-executable", ((0, b"\x7fELF"),)),
    ("application/x-mach-binary", ((0, b"\xcf\xfa\xed\xfe"),)),
    ("text/x-script", ((0, b"#!"),)),
)
_SIGNED = frozenset(type for type, _ in _SIGNATURES)
EXECUTABLES = frozenset(
    {"application/x-msdownload", "application/x-executable", "application/x-mach-binary", "text/x-script"}
)
_TAGS = "!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p"
_MARKUP = re.compile(rf"(?i)[\t\n\f\r ]*(?:<(?:{_TAGS})[ >]|<!--)".encode())
_XML = re.compile(rb"[\t\n\f\r ]*<\?xml")
_MP3_FRAME = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa\xfb][\x00-\xef]", re.DOTALL)
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def sniff(head: bytes) -> str | None:
    """The MIME type that the first bytes of a file tell, None when they tell nothing."""
    start = head[:HEAD_BYTES]
    return next(filter(None, _guesses(start)), None)


def is_binary(head: bytes) -> bool:
    """Whether there is a byte that no text has ("binary data byte" of the standard)."""
    return _BINARY.search(head[:HEAD_BYTES]) is not None


def _guesses(head: bytes) -> Iterator[str | None]:
    yield "text/html" if _MARKUP.match(head) else None
    yield "text/xml" if _XML.match(head) else None
    yield from (type for type, parts in _SIGNATURES if all(head.startswith(part, at) for at, part in parts))
    yield _by_brand(head)
    yield "video/webm" if _is_webm(head) else None
    yield "audio/mpeg" if _MP3_FRAME.match(head) else None
    yield _by_filetype(head)


def _by_brand(head: bytes) -> str | None:
    """MP4: the first box is `ftyp`, and its major or a compatible brand starts with mp4."""
    size = int.from_bytes(head[:4], "big")
    if len(head) < 12 or head[4:8] != b"ftyp" or size % 4 or size < 12:
        return None
    brands = (head[at : at + 3] for at in (8, *range(16, min(size, len(head)), 4)))
    return "video/mp4" if b"mp4" in brands else None


def _is_webm(head: bytes) -> bool:
    """EBML whose element DocType, 42 82, names webm."""
    at = head.find(b"\x42\x82", 4, 40)
    return head.startswith(b"\x1a\x45\xdf\xa3") and at > 0 and b"webm" in head[at : at + 16]


def _by_filetype(head: bytes) -> str | None:
    import filetype  # type: ignore[import-untyped] # filetype ships no types

    guess: Any = filetype.guess(head) if head else None
    # Where the standard has a pattern, a looser one tells nothing: GIF88a is no GIF.
    return str(guess.mime) if guess and guess.mime not in _SIGNED else None
