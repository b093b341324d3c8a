"""Files put back into their cells: those still there by id, kept ones sent anew, others by address."""

from collections.abc import Mapping, Sequence
from typing import Any

from airtable_gateway.journal.attachment_write import UploadAttachment
from airtable_gateway.journal.change import Change, Image, Images
from airtable_gateway.journal.ground import Pen, Progress
from airtable_gateway.journal.plan import Step
from airtable_gateway.journal.port import KeptFiles
from airtable_gateway.journal.record_writes import UpdateRecords
from airtable_gateway.journal.restoring import ATTACHMENTS, attachment_by_address
from airtable_gateway.journal.sight import Spot
from airtable_gateway.records import RecordChange

_ANY_TYPE = "application/octet-stream"


class AttachmentCells:
    """The cells with files of the records that are restored."""

    def __init__(self, files: KeptFiles) -> None:
        self._files = files
        self._now: dict[str, Image | None] = {}
        self._by_address: dict[tuple[str, str], list[str]] = {}

    def saw(self, now: Images) -> None:
        """Note what the cells hold now."""
        self._now |= now

    async def value(
        self, step: Step, key: str, value: Any, progress: Progress
    ) -> list[dict[str, Any]] | None:
        """The cell's files as the API takes them; those that will be sent anew are left out."""
        there = self._there(step, key)
        addressed = self._by_address[step.subject, key] = []
        written = []
        for item in value or ():
            present = progress.id_now(item.get("id", ""))
            if present in there:
                written.append({"id": present})
            elif await self._files.file(item["id"]) is None:
                written.append(attachment_by_address(item))
                addressed.append(present)
        return written or None

    def by_address(self, steps: Sequence[Step], rows: Sequence[Mapping[str, Any]]) -> list[str]:
        """The last ids of the files that these rows of the steps give by address, in their order."""
        return [
            last_id
            for step, row in zip(steps, rows, strict=True)
            for key in row
            for last_id in self._by_address.get((step.subject, key), ())
        ]

    async def fill(
        self, pen: Pen, spot: Spot, change: Change, steps: Sequence[Step], progress: Progress
    ) -> None:
        """Send the kept files into their cells, and bring the cells' files into their old order."""
        types = {field.id: field.type for field in spot.schema.fields} if spot.schema else {}
        for step in steps:
            for key, value in step.values.items():
                if types.get(key) == ATTACHMENTS and value:
                    cell = await self._send(pen, spot, change, (step, key, value), progress)
                    await _put_in_order(pen, spot, change, (step, key, value), progress, cell)

    async def _send(
        self, pen: Pen, spot: Spot, change: Change, cell: tuple[Step, str, Any], progress: Progress
    ) -> list[dict[str, Any]]:
        """The cell's files after those that were kept are sent; none when none was."""
        step, key, value = cell
        there = self._there(step, key)
        filled: list[dict[str, Any]] = []
        for item in value:
            last_id = progress.id_now(item.get("id", ""))
            content = None if last_id in there else await self._files.file(item["id"])
            if content is not None:
                filled = await pen.take_back(
                    _upload(spot, progress.id_now(step.subject), key, item, content), change, [last_id]
                )
                progress.replaced(item["id"], filled[-1]["id"])
        return filled

    def _there(self, step: Step, key: str) -> set[str]:
        """The files that are in the cell now."""
        now = None if step.verb == "recreate" else self._now.get(step.subject)
        return {item["id"] for item in (now.fields.get(key) if now else None) or ()}


def _upload(
    spot: Spot, record_id: str, key: str, item: Mapping[str, Any], content: bytes
) -> UploadAttachment:
    return UploadAttachment(
        spot.place.base_id,
        spot.place.table_id,
        record_id,
        key,
        item.get("filename", "file"),
        item.get("type", _ANY_TYPE),
        content,
    )


async def _put_in_order(
    pen: Pen,
    spot: Spot,
    change: Change,
    cell: tuple[Step, str, Any],
    progress: Progress,
    filled: Sequence[Mapping[str, Any]],
) -> None:
    """What was sent stands behind what was there; a file by address has no id yet, and stays where it is."""
    step, key, value = cell
    wanted = [progress.id_now(item.get("id", "")) for item in value]
    present = [item["id"] for item in filled]
    if sorted(wanted) == sorted(present) and wanted != present:
        files = {key: [{"id": attachment_id} for attachment_id in wanted]}
        record = RecordChange(progress.id_now(step.subject), files)
        await pen.take_back(UpdateRecords(spot.place.base_id, spot.place.table_id, [record]), change)
