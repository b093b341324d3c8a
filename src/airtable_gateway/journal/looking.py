"""Whether a write was applied, found out by looking: what a killed process no longer could write down."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from airtable_gateway.journal.change import Change, Image
from airtable_gateway.journal.restoring import comparable
from airtable_gateway.journal.sight import Sight, Spot
from airtable_gateway.records import Record, Upserted
from airtable_gateway.settling.likeness import is_like

CLOCK_MARGIN = timedelta(minutes=2)
"""How far Airtable's clock may be behind the one that dated a change."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: it is so (and `answer` is what Airtable would have said), it is not, or who knows."""

    verdict: Literal["applied", "absent", "unclear"]
    answer: Any = None


ABSENT, UNCLEAR = Look("absent"), Look("unclear")

IsClaimed = Callable[[str], Awaitable[bool]]
"""Whether another change is known to have made the record."""


async def look_for_creation(sight: Sight, spot: Spot, change: Change, is_claimed: IsClaimed) -> Look:
    """New records with these values, exactly as many as were to be made."""
    rows = change.arguments["rows"]
    new = [record for record in await _new_records(sight, spot, change) if not await is_claimed(record.id)]
    if not new:
        return ABSENT
    found: list[Record] = []
    for row in rows:
        # Default values, automations and a mark field fill cells that were not sent.
        alike = [record for record in new if _has(spot, record, row)]
        equal = [record for record in alike if _has_no_other(spot, record, row)]
        matches = equal if len(equal) == rows.count(row) else alike
        if len(matches) != rows.count(row):
            return ABSENT if not alike and _is_told_exactly(change) else UNCLEAR
        found.append(next(record for record in matches if record not in found))
    return Look("applied", found)


async def look_for_update(sight: Sight, spot: Spot, change: Change, _: IsClaimed) -> Look:
    """The records with the values that were sent, or with those of before."""
    sent = {item["id"]: item["fields"] for item in change.arguments["records"]}
    records = await sight.records(spot, tuple(sent))
    seen = [_of_record(spot, change, records[key], fields) for key, fields in sent.items()]
    if "neither" in seen or {"new", "old"} <= set(seen):
        return UNCLEAR
    return ABSENT if "old" in seen else Look("applied", [records[key] for key in sent])


async def look_for_deletion(sight: Sight, spot: Spot, change: Change, _: IsClaimed) -> Look:
    """None of the records, or all of them."""
    records = await sight.records(spot, tuple(change.arguments["records"]))
    there = [key for key, record in records.items() if record]
    if there:
        return ABSENT if len(there) == len(records) else UNCLEAR
    return Look("applied", list(change.arguments["records"]))


async def look_for_upsert(sight: Sight, spot: Spot, change: Change, is_claimed: IsClaimed) -> Look:
    """For every row one record that has its values, changed or made."""
    rows, has = change.arguments["rows"], _is_replaced if change.arguments.get("replace") else _has
    known = await sight.records(spot, tuple(change.before))
    new = [record for record in await _new_records(sight, spot, change) if not await is_claimed(record.id)]
    there = [*(record for record in known.values() if record), *new]
    candidates = {record.id: record for record in there}
    ids = change.arguments.get("ids") or [""] * len(rows)
    found = [
        [record for record in candidates.values() if wanted in ("", record.id) and has(spot, record, row)]
        for wanted, row in zip(ids, rows, strict=True)
    ]
    if any(len(alike) != 1 for alike in found):
        is_as_before = all(_is_as_before(spot, change, key, known[key]) for key in known)
        return ABSENT if is_as_before and not any(found) else UNCLEAR
    records = [alike[0] for alike in found]
    created = tuple(record.id for record in records if record.id not in change.before)
    updated = tuple(record.id for record in records if record.id in change.before)
    return Look("applied", Upserted(records, created, updated))


LOOKS: Mapping[str, Callable[[Sight, Spot, Change, IsClaimed], Awaitable[Look]]] = {
    "create": look_for_creation,
    "update": look_for_update,
    "replace": look_for_update,
    "upsert": look_for_upsert,
    "delete": look_for_deletion,
}
"""How the outcome of each operation is found; that of any other is not."""


async def _new_records(sight: Sight, spot: Spot, change: Change) -> list[Record]:
    since = (change.at - CLOCK_MARGIN).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return await sight.select(spot, f'IS_AFTER(CREATED_TIME(),"{since}")')


def _of_record(
    spot: Spot, change: Change, record: Record | None, sent: Mapping[str, Any]
) -> Literal["same", "new", "old", "neither"]:
    """Whether it has the values that were sent, those of before, both because they are equal, or neither."""
    if record is None:
        return "neither"
    is_old = _is_as_before(spot, change, record.id, record)
    is_new = _has(spot, record, sent) and (change.operation != "replace" or _has_no_other(spot, record, sent))
    match is_new, is_old:
        case True, True:
            return "same"
        case True, False:
            return "new"
        case False, True:
            return "old"
        case _:
            return "neither"


def _has(spot: Spot, record: Record, sent: Mapping[str, Any]) -> bool:
    """Whether the record has the values that were sent, whatever else it has."""
    if spot.schema is None:
        return False
    named = {spot.schema.field(name).name for name in sent}
    shown = {name: value for name, value in record.fields.items() if name in named}
    return is_like(sent, shown, spot.schema)


def _is_replaced(spot: Spot, record: Record, sent: Mapping[str, Any]) -> bool:
    """Whether the record has the values that were sent, and nothing else."""
    return _has(spot, record, sent) and _has_no_other(spot, record, sent)


def _has_no_other(spot: Spot, record: Record, sent: Mapping[str, Any]) -> bool:
    return spot.schema is not None and is_like(sent, record.fields, spot.schema)


def _is_as_before(spot: Spot, change: Change, record_id: str, record: Record | None) -> bool:
    """Whether the record has in the cells that were to be written what it had before."""
    image = change.before.get(record_id)
    if not isinstance(image, Image) or record is None or spot.schema is None:
        return False
    cells = spot.cells(record)
    types = {field.id: field.type for field in spot.schema.fields}
    return all(
        comparable(types.get(key, ""), cells.get(key), {}) == comparable(types.get(key, ""), value, {})
        for key, value in image.fields.items()
    )


def _is_told_exactly(change: Change) -> bool:
    """Whether the values that were sent are found as they were sent: no typecast, no files."""
    values: Sequence[Any] = [value for row in change.arguments["rows"] for value in row.values()]
    has_files = any(isinstance(value, list) and value and isinstance(value[0], dict) for value in values)
    return not change.arguments["typecast"] and not has_files
