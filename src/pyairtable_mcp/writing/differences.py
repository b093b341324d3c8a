"""What a write would change, record by record, for a dry run and for the question before a removal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from airtable_gateway import Gateway, Record, RecordNotFound, Refused
from pyairtable_mcp.answers.budget import shortened

Difference = dict[str, Any]
"""{index or id, before, after}: the cells that differ; a new record has no before, a removed one no after."""


def of_new(rows: Iterable[Mapping[str, Any]]) -> list[Difference]:
    """Records that would be created."""
    return [{"index": index, "after": dict(row)} for index, row in enumerate(rows)]


def of_removed(records: Iterable[Record]) -> list[Difference]:
    """Records that would be deleted."""
    return [{"id": record.id, "before": record.fields} for record in records]


async def present(gateway: Gateway, base: str, table: str, record_ids: Sequence[str]) -> dict[str, Record]:
    """The records by id, as they are now. Raises RecordNotFound for the first that is not there."""
    found = {record.id: record for record in await gateway.records(base, table, record_ids, fresh=True)}
    for record_id in record_ids:
        if record_id not in found:
            raise RecordNotFound(record_id)
    return found


async def names_of(gateway: Gateway, base: str, table: str, records: Sequence[Record]) -> str:
    """The records as a question names them: what their primary field says, and the id of a single one."""
    primary = await _primary_name(gateway, base, table)
    names = [str(record.fields.get(primary) or record.id) for record in records]
    return f"{shortened(names)} ({records[0].id})" if len(records) == 1 else shortened(names, 10)


async def _primary_name(gateway: Gateway, base: str, table: str) -> str:
    """The primary field's name; "" for a token that may not read schemas."""
    try:
        return (await gateway.schema(base)).table(table).primary_field.name
    except Refused:
        return ""


def of_change(record: Record, fields: Mapping[str, Any]) -> Difference:
    """A record that would be changed: only the cells that would differ."""
    changed = {name: value for name, value in fields.items() if not _equal(record.fields.get(name), value)}
    return {
        "id": record.id,
        "before": {name: record.fields.get(name) for name in changed},
        "after": changed,
    }


def _equal(before: Any, after: Any) -> bool:
    """Airtable leaves empty cells and unticked boxes out of what it returns."""
    return before == after or (before is None and (after is False or after in ("", [], None)))
