"""Attachments as cells keep them: a file that is kept here has an address without a host."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

Attachment = dict[str, Any]
"""`{"id", "url", "filename"}`, and once its bytes are here `size`, `type`, of pictures `width`, `height`."""

ATTACHMENTS = "/attachments/"
"""What the addresses of kept files begin with; the host is told with each answer, for it may change."""


def address(attachment_id: str, filename: str, part: str = "") -> str:
    """Where a kept file is served, or with `part` its thumbnail of that name."""
    return f"{ATTACHMENTS}{attachment_id}/{part and part + '/'}{quote(filename, safe='')}"


def with_origin(attachment: Mapping[str, Any], origin: str) -> Attachment:
    """The attachment with whole addresses of the files that are kept here."""
    shown = dict(attachment)
    if str(shown.get("url", "")).startswith(ATTACHMENTS):
        shown["url"] = origin + shown["url"]
    if "thumbnails" in shown:
        small = shown["thumbnails"].items()
        shown["thumbnails"] = {name: {**picture, "url": origin + picture["url"]} for name, picture in small}
    return shown
