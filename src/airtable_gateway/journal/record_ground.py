"""Taking changes of records back: values restored, deleted records made again, created ones deleted."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from airtable_gateway.errors import FieldNotFound, NotFound, Refused
from airtable_gateway.gateway import WRITE_LIMIT
from airtable_gateway.journal.attachment_cells import AttachmentCells
from airtable_gateway.journal.change import Change, Image
from airtable_gateway.journal.ground import Pen, Progress, Survey
from airtable_gateway.journal.plan import GONE, Difference, Plan, Step
from airtable_gateway.journal.port import KeptFiles
from airtable_gateway.journal.record_writes import (
    CreateRecords,
    DeleteRecords,
    UpdateRecords,
    files_made,
    image,
)
from airtable_gateway.journal.restoring import (
    ATTACHMENTS,
    comparable,
    linked_ids,
    writable_value,
)
from airtable_gateway.journal.sight import Sight, Spot
from airtable_gateway.records import RecordChange
from airtable_gateway.schema import FieldSchema

T = TypeVar("T")


class RecordGround:
    """See `Ground`."""

    def __init__(self, sight: Sight, files: KeptFiles) -> None:
        self._sight = sight
        self._cells = AttachmentCells(files)

    async def survey(self, change: Change, progress: Progress) -> Survey:
        """See `Ground.survey`."""
        spot = await self._spot(change)
        ids = {subject: progress.id_now(subject) for subject in change.after}
        records = await self._sight.records(spot, tuple(dict.fromkeys(ids.values())))
        shown = tuple(spot.writable) or _fields_of(change)
        now: dict[str, Image | None] = {
            subject: image(spot, record, shown) if (record := records[present]) else None
            for subject, present in ids.items()
        }
        self._cells.saw(now)
        types, present = _types(spot), progress.present

        def same(key: str, one: Any, other: Any) -> bool:
            kind = types.get(key, "")
            return bool(comparable(kind, one, present) == comparable(kind, other, present))

        def equal(key: str, one: Any, other: Any) -> bool:
            kind = types.get(key, "")
            return same(key, one, other) and linked_ids(kind, one, present) == linked_ids(
                kind, other, present
            )

        return Survey(now, same, equal)

    async def obstacles(self, plan: Plan, progress: Progress) -> list[Difference]:
        """See `Ground.obstacles`: links to records that are gone."""
        spot = await self._spot(plan.change)
        differences = []
        for step in plan.steps:
            for key, value in step.values.items():
                if absent := await self._absent(spot, key, value, progress):
                    progress.absent |= absent
                    name = plan.change.names.get(key, key)
                    gone = f"{', '.join(sorted(absent))}: {GONE}"
                    differences.append(Difference(step.subject, name, value, None, gone))
        return differences

    async def recreate(self, pen: Pen, plan: Plan, steps: Sequence[Step], progress: Progress) -> list[Step]:
        """See `Ground.recreate`: links among records that are all made again come last."""
        spot = await self._spot(plan.change)
        awaited = progress.awaited_ids
        rows = [await self._row(spot, step, progress, progress.absent | awaited) for step in steps]
        later = [
            Step("restore", step.subject, links)
            for step in steps
            if (links := _links_to(spot, step, awaited, progress))
        ]
        write = CreateRecords(spot.place.base_id, spot.place.table_id, rows)
        files = self._cells.by_address(steps, rows)
        records = await pen.take_back(
            write, plan.change, [*(progress.id_now(step.subject) for step in steps), *files]
        )
        for step, record in zip(steps, records, strict=True):
            progress.replaced(step.subject, record.id)
        _note_files(progress, files, files_made(spot, rows, records))
        await self._cells.fill(pen, spot, plan.change, steps, progress)
        return later

    async def restore(self, pen: Pen, plan: Plan, steps: Sequence[Step], progress: Progress) -> None:
        """See `Ground.restore`."""
        spot = await self._spot(plan.change)
        pairs = [(step, await self._row(spot, step, progress, progress.absent)) for step in steps]
        for few in _tens([pair for pair in pairs if pair[1]]):
            rows = [row for _, row in few]
            changes = [RecordChange(progress.id_now(step.subject), row) for step, row in few]
            files = self._cells.by_address([step for step, _ in few], rows)
            write = UpdateRecords(spot.place.base_id, spot.place.table_id, changes)
            records = await pen.take_back(write, plan.change, files)
            _note_files(progress, files, files_made(spot, rows, records))
        await self._cells.fill(pen, spot, plan.change, steps, progress)

    async def remove(self, pen: Pen, plan: Plan, steps: Sequence[Step], progress: Progress) -> None:
        """See `Ground.remove`."""
        place = plan.change.place
        for few in _tens([progress.id_now(step.subject) for step in steps]):
            await pen.take_back(DeleteRecords(place.base_id, place.table_id, tuple(few)), plan.change)

    async def _spot(self, change: Change) -> Spot:
        return await self._sight.spot(change.place.base_id, change.place.table_id)

    async def _absent(self, spot: Spot, key: str, value: Any, progress: Progress) -> set[str]:
        """The records that the value links to and that are neither there nor made again."""
        field = _field(spot, key)
        wanted = linked_ids(field.type, value, progress.present) if field else []
        wanted = [target for target in wanted if target not in progress.awaited_ids]
        if field is None or not wanted:
            return set()
        try:
            linked = await self._sight.spot(spot.place.base_id, str(field.options["linkedTableId"]))
            found = await self._sight.records(linked, tuple(dict.fromkeys(wanted)))
        except (NotFound, Refused):
            # Who may not look into the linked table leaves it to Airtable to refuse what is gone.
            return set()
        return {target for target, record in found.items() if record is None}

    async def _row(self, spot: Spot, step: Step, progress: Progress, absent: set[str]) -> dict[str, Any]:
        """The step's values as the API takes them; a field that was deleted since is left out."""
        row: dict[str, Any] = {}
        for key, value in step.values.items():
            field = _field(spot, key)
            if spot.schema and field is None:
                progress.losses.append(f"{step.subject}: the field {key}, which was deleted since")
            elif field and field.type == ATTACHMENTS:
                row[key] = await self._cells.value(step, key, value, progress)
            else:
                row[key] = writable_value(field.type if field else "", value, progress.present, absent)
        is_new = step.verb == "recreate"
        return {key: value for key, value in row.items() if not (is_new and value in (None, []))}


def _note_files(progress: Progress, last_ids: Sequence[str], made: Sequence[str]) -> None:
    """Note the new ids of files that were given by address."""
    for last_id, new_id in zip(last_ids, made, strict=False):
        if new_id:
            progress.replaced(last_id, new_id)


def _field(spot: Spot, key: str) -> FieldSchema | None:
    """The field of that id, None when it was deleted since or no schema tells."""
    if spot.schema is None:
        return None
    try:
        return spot.schema.field(key)
    except FieldNotFound:
        return None


def _types(spot: Spot) -> dict[str, str]:
    return {field.id: field.type for field in spot.schema.fields} if spot.schema else {}


def _fields_of(change: Change) -> tuple[str, ...]:
    """The fields that the change knows, where no schema tells more."""
    images = [*change.before.values(), *change.after.values()]
    return tuple(dict.fromkeys(key for image in images if image for key in image.fields))


def _links_to(spot: Spot, step: Step, awaited: set[str], progress: Progress) -> dict[str, Any]:
    """The step's links of which some lead to records that are not made yet."""
    types = _types(spot)
    return {
        key: value
        for key, value in step.values.items()
        if awaited & set(linked_ids(types.get(key, ""), value, progress.present))
    }


def _tens(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + WRITE_LIMIT] for start in range(0, len(items), WRITE_LIMIT))
