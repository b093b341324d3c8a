"""A file becomes an attachment: its bytes are kept, and the cell tells what they are."""

from dataclasses import dataclass

import fields
from local_twins.airtable.files.images import Size, image_size
from local_twins.airtable.files.thumbnails import thumbnails
from local_twins.airtable.model.attachments import Attachment, address
from local_twins.airtable.storage.files import StoredFile
from local_twins.airtable.storage.store import Store

_HEAD_BYTES = 1445  # as many as a type is told by


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in, with what its sender says of it."""

    filename: str
    declared_type: str
    content: bytes


def attach(store: Store, attachment_id: str, upload: Upload) -> Attachment:
    """Keep the file, and give what the cell tells of it: address, size, type, and more of a picture."""
    kind = _kind(upload)
    store.files.add(attachment_id, "", StoredFile(kind, upload.content))
    size = image_size(kind, upload.content)
    told = {
        "id": attachment_id,
        "url": address(attachment_id, upload.filename),
        "filename": upload.filename,
        "size": len(upload.content),
        "type": kind,
    }
    return told if size is None else told | _picture(store, attachment_id, upload, size)


def _kind(upload: Upload) -> str:
    """The type that the first bytes show; where they show none, the one that was declared."""
    checked = fields.check_file_kind(upload.content[:_HEAD_BYTES], declared=upload.declared_type)
    if not checked.problems:
        return str(checked.value["type"])
    return checked.problems[0].suggestion or "application/octet-stream"


def _picture(store: Store, attachment_id: str, upload: Upload, size: Size) -> Attachment:
    """Width, height, and the thumbnails that could be made."""
    told: Attachment = {"width": size.width, "height": size.height}
    shown: Attachment = {}
    for part, small in thumbnails(upload.content, size).items():
        if small is not None:
            store.files.add(attachment_id, part, StoredFile("image/png", small.content))
        url = address(attachment_id, upload.filename, part if small else "")
        width, height = small.size if small else size
        shown[part] = {"url": url, "width": width, "height": height}
    return told | ({"thumbnails": shown} if shown else {})
