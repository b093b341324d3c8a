"""A file sent into a cell, as a value that the journal notes."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from airtable_gateway.gateway import Gateway
from airtable_gateway.journal.change import Change, Image, Outcome, UndoPromise
from airtable_gateway.journal.record_writes import seen
from airtable_gateway.journal.sight import Sight
from airtable_gateway.journal.write import Before


@dataclass(frozen=True, slots=True)
class UploadAttachment:
    """See `Attachments.upload_attachment`."""

    base: str
    table: str
    record_id: str
    field: str
    filename: str
    content_type: str
    content: bytes = dataclasses.field(repr=False)
    operation: Literal["upload_attachment"] = dataclasses.field(default="upload_attachment", init=False)

    @property
    def record_ids(self) -> tuple[str, ...]:
        """See `Write.record_ids`."""
        return (self.record_id,)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`; the file is told by its hash."""
        return {
            "base": self.base,
            "table": self.table,
            "record": self.record_id,
            "field": self.field,
            "filename": self.filename,
            "contentType": self.content_type,
            "size": len(self.content),
            "sha256": sha256(self.content).hexdigest(),
        }

    async def look(self, sight: Sight) -> Before:
        """The cell as it is."""
        spot = await sight.spot(self.base, self.table, [self.field])
        field_id = spot.field_id(self.field)
        images, undo = await seen(sight, spot, {self.record_id: (field_id,)}, UndoPromise("full"))
        return Before(spot, undo, images, spot.names([field_id]))

    async def send(self, inner: Gateway) -> list[dict[str, Any]]:
        """See `Write.send`."""
        return await inner.upload_attachment(
            self.base,
            self.table,
            self.record_id,
            self.field,
            filename=self.filename,
            content_type=self.content_type,
            content=self.content,
        )

    def applied(self, before: Before, answer: list[dict[str, Any]]) -> Outcome:
        """See `Write.applied`."""
        cell = {before.spot.field_id(self.field): answer}
        made = (answer[-1]["id"],) if answer else ()
        return Outcome("applied", {self.record_id: Image(cell)}, answer, made=made)

    def replay(self, change: Change) -> list[dict[str, Any]]:
        """See `Write.replay`."""
        return list(change.answer)
