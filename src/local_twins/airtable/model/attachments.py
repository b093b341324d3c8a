"""Attachments as cells keep them: a file that is kept here has an address without a host."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import HMAC, compare_digest
from typing import Any, NamedTuple
from urllib.parse import quote

Attachment = dict[str, Any]
"""`{"id", "url", "filename"}`, and once its bytes are here `size`, `type`, of pictures `width`, `height`."""

ATTACHMENTS = "/attachments/"
"""What the addresses of kept files begin with; the host is told with each answer, for it may change."""

_VALID = timedelta(hours=2)
"""For so long at least an address leads to its file (docs: "Attachments": URLs expire after 2 hours)."""
_STEP_SECONDS = 1800
"""Addresses end at whole steps, so that a file keeps its address for a while."""


class Addresses(NamedTuple):
    """Makes whole addresses of kept files, which lead there for some hours; `origin` is scheme and host."""

    origin: str
    key: bytes
    now: datetime

    def of(self, path: str) -> str:
        """The address of a kept file."""
        ends = (int((self.now + _VALID).timestamp()) // _STEP_SECONDS + 1) * _STEP_SECONDS
        return f"{self.origin}{path}?expires={ends}&signature={_signature(self.key, _subject(path), ends)}"


def is_signed(key: bytes, path: str, expires: str, signature: str) -> bool:
    """Whether the signature is the one of that path and end; whatever the name of the file in it."""
    ends = int(expires) if expires.isascii() and expires.isdecimal() and len(expires) < 16 else 0
    return compare_digest(_signature(key, _subject(path), ends).encode(), signature.encode())


def address(attachment_id: str, filename: str, part: str = "") -> str:
    """Where a kept file is served, or with `part` its thumbnail of that name."""
    return f"{ATTACHMENTS}{attachment_id}/{part and part + '/'}{quote(filename, safe='')}"


def with_addresses(value: Any, addresses: Addresses) -> Any:
    """The JSON value with whole addresses of the files that are kept here, at any depth."""
    if isinstance(value, list):
        return [with_addresses(member, addresses) for member in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: addresses.of(member)
        if key == "url" and isinstance(member, str) and member.startswith(ATTACHMENTS)
        else with_addresses(member, addresses)
        for key, member in value.items()
    }


def _subject(path: str) -> str:
    """What is signed: the attachment, and the thumbnail if it is one; a renamed file keeps its address."""
    return path.removeprefix(ATTACHMENTS).rsplit("/", 1)[0]


def _signature(key: bytes, subject: str, ends: int) -> str:
    return HMAC(key, f"{subject}\n{ends}".encode(), sha256).hexdigest()[:32]
