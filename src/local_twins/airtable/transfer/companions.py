"""What goes in and out beside the cells of records: their comments, and the bytes of their files."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any

from local_twins.airtable.model.comments import Comment
from local_twins.airtable.model.ids import new_id
from local_twins.airtable.model.schema import Base
from local_twins.airtable.storage import sql
from local_twins.airtable.storage.files import StoredFile
from local_twins.airtable.storage.store import OWNER, Store
from local_twins.airtable.transfer.refusals import ImportRefused

Json = dict[str, Any]


def exported_comments(store: Store, record_id: str) -> list[Json]:
    """The comments of a record, oldest first."""
    return [
        {
            "id": comment.id,
            "author": comment.author_id,
            "text": comment.text,
            "createdTime": comment.created_time,
            "lastUpdatedTime": comment.updated_time,
            "parentCommentId": comment.parent_id,
        }
        for comment in store.comments.of(record_id)
    ]


def import_comments(store: Store, record_id: str, models: Iterable[Mapping[str, Any]], now: str) -> None:
    """Write the comments of a record that comes in. Raises ImportRefused."""
    for model in models:
        if not isinstance(model.get("text"), str):
            raise ImportRefused(f"record {record_id} has a comment without text")
        store.comments.add(
            Comment(
                0,
                model.get("id") or new_id("com"),
                record_id,
                model.get("author") or OWNER.id,
                model["text"],
                model.get("createdTime") or now,
                model.get("lastUpdatedTime"),
                model.get("parentCommentId"),
            )
        )


def exported_files(store: Store, base: Base) -> list[Json]:
    """The files of a base's attachments and their thumbnails, in base64."""
    holders = {table.id for table, field in base.fields.values() if field.type == "multipleAttachments"}
    found = (store.connection.execute(sql.FILES_OF_TABLE, (table_id,)) for table_id in sorted(holders))
    ids = [key for lines in found for (key,) in lines]
    lines = (line for key in ids for line in store.connection.execute(sql.FILES, (key,)))
    return [
        {"id": key, "part": part, "type": type_, "content": base64.b64encode(content).decode()}
        for key, part, type_, content in lines
    ]


def import_files(store: Store, models: Iterable[Mapping[str, Any]]) -> None:
    """Keep the files that come in. Raises ImportRefused."""
    for model in models:
        try:
            content = base64.b64decode(model["content"], validate=True)
        except (binascii.Error, ValueError):
            raise ImportRefused(f"the content of file {model['id']} is not base64") from None
        kind = model.get("type") or "application/octet-stream"
        store.files.add(model["id"], model.get("part") or "", StoredFile(kind, content))
