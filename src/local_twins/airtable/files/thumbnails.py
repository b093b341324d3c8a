"""Small pictures of a picture, where Pillow is installed (the extra `barcode`)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from local_twins.airtable.files.images import Size

logger = logging.getLogger(__name__)

BOXES: Mapping[str, Size] = {"small": Size(108, 36), "large": Size(512, 512), "full": Size(3000, 3000)}
"""What each thumbnail of Airtable's fits into, in pixels (docs: "Attachments", thumbnails)."""

_MOST_PIXELS = 50_000_000
"""A picture of more is not opened: a small file may hold a huge one."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A smaller PNG of a picture."""

    size: Size
    content: bytes


def thumbnails(content: bytes, size: Size) -> dict[str, Thumbnail | None]:
    """The picture in every box; None where the picture itself fits. {} when none can be made."""
    if size.width * size.height > _MOST_PIXELS:
        return {}
    try:
        return {name: _fitted(content, size, box) for name, box in BOXES.items()}
    except ImportError:
        return {}
    except (OSError, ValueError, SyntaxError) as error:  # what Pillow raises for broken files
        logger.info("no thumbnails: %s", error)
        return {}


def _fitted(content: bytes, size: Size, box: Size) -> Thumbnail | None:
    from PIL import Image

    if size.width <= box.width and size.height <= box.height:
        return None
    with Image.open(BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as picture:
        picture.thumbnail(box)
        plain = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    written = BytesIO()
    plain.save(written, "PNG")
    return Thumbnail(Size(*plain.size), written.getvalue())
