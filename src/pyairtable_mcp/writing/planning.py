"""What a write of records would do, told before it is made: what would change, and what would be refused."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from airtable_gateway import (
    AirtableError,
    BaseSchema,
    InvalidValue,
    Record,
    RecordNotFound,
    Refused,
    TableSchema,
)
from pyairtable_mcp.allowed_links import addition_refused
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.aside import aside
from pyairtable_mcp.refusals.explaining import explain
from pyairtable_mcp.tool import ToolContext
from pyairtable_mcp.writing import differences, linking
from pyairtable_mcp.writing.checking import Ready, rules_of
from pyairtable_mcp.writing.differences import Difference

_DOUBLES_TOLD = 5
_PEOPLE = frozenset({"singleCollaborator", "multipleCollaborators"})

Rows = dict[int, dict[str, Any]]
"""Rows by their index in the call."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change, the rows that would be refused by their index, and what looks doubtful."""

    differences: list[Difference]
    refused: Mapping[int, AirtableError]
    warnings: list[str]

    def require_all(self) -> None:
        """Raises the AirtableError of the first row that would be refused."""
        for _, error in sorted(self.refused.items()):
            raise error

    def message(self, verb: str) -> str:
        """How many rows would be written and how many would not."""
        count = len(self.refused)
        return f"{len(self.differences)} to {verb}" + (f", {count} not: see errors" if count else "")

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The refused rows as the answer to the write would list them."""
        return [
            {"index": index, "status": "failed", "error": explain(error)}
            for index, error in sorted(self.refused.items())
        ]


@dataclass(frozen=True, slots=True)
class Place:
    """The table of a write, by names or ids, and whether Airtable is to make values fit."""

    base: str
    table: str
    typecast: bool


async def of_new(ctx: ToolContext, place: Place, ready: Ready) -> Plan:
    """What creating the rows would do."""
    rows, refused, warnings = await judged(ctx, place, dict(enumerate(ready.rows)))
    planned: list[Difference] = [{"index": index, "after": row} for index, row in rows.items()]
    return Plan(planned, refused, [*ready.warnings, *warnings])


async def of_changes(ctx: ToolContext, place: Place, ids: Sequence[str], ready: Ready) -> Plan:
    """What writing each row into the record of the same index would do: only the cells that would differ."""
    sent = [record_id for record_id in ids if record_id.isascii() and record_id.isalnum()]
    found = await ctx.gateway.records(place.base, place.table, sent, fresh=True)
    known = {record.id: record for record in found}
    absent: dict[int, AirtableError] = {
        index: RecordNotFound(record_id) for index, record_id in enumerate(ids) if record_id not in known
    }
    present = {index: row for index, row in enumerate(ready.rows) if index not in absent}
    rows, refused, warnings = await judged(ctx, place, present)
    changed = await aside(lambda: _changed(known, ids, rows), len(rows))
    return Plan(changed, {**absent, **refused}, [*ready.warnings, *warnings])


def doubled(ids: Sequence[str]) -> list[str]:
    """A warning for each record that a batch changes more than once."""
    places: dict[str, list[int]] = {}
    for index, record_id in enumerate(ids):
        places.setdefault(record_id, []).append(index)
    several = [indexes for indexes in places.values() if len(indexes) > 1]
    told = [
        f"{_listed(indexes)} change the same record, {shortened([ids[indexes[0]]])}: of a cell that several "
        "of them give, the last value stays."
        for indexes in several[:_DOUBLES_TOLD]
    ]
    more = len(several) - _DOUBLES_TOLD
    return [*told, f"And {more} more records are changed more than once."] if more > 0 else told


def _listed(indexes: Sequence[int]) -> str:
    shown = [f"records[{index}]" for index in indexes[:_DOUBLES_TOLD]]
    more = len(indexes) - len(shown)
    return f"{', '.join(shown)} and {more} more" if more else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _changed(known: dict[str, Record], ids: Sequence[str], rows: Rows) -> list[Difference]:
    """The differences of one row after the other: a record's second row meets what the first one left."""
    planned: list[Difference] = []
    for index, row in rows.items():
        record = known[ids[index]]
        planned.append(differences.of_change(record, row))
        known[record.id] = replace(record, fields=record.fields | row)
    return planned


async def judged(
    ctx: ToolContext, place: Place, rows: Rows
) -> tuple[Rows, dict[int, AirtableError], list[str]]:
    """The rows as they would be kept, those that would be refused, and what typecasting would add beside.

    A token that may not read schemas leaves the judgement to Airtable.
    """
    try:
        schema = await ctx.schema_with(place.base, place.table, rechecked=True)
    except Refused:
        return rows, {}, []
    table = schema.table(place.table)
    kept, refused = await aside(lambda: _normal(schema, place, rows), len(rows))
    if place.typecast and ctx.allowed.tables:
        hidden = {index: addition_refused(schema, table, row) for index, row in kept.items()}
        refused |= {index: error for index, error in hidden.items() if error}
        kept = {index: row for index, row in kept.items() if index not in refused}
    linked = await linking.look(ctx, schema, table, kept, typecast=place.typecast)
    written = {index: row for index, row in kept.items() if index not in linked.refused}
    return written, {**refused, **linked.refused}, [*linked.warnings, *_people_unknown(table, written)]


def _people_unknown(table: TableSchema, rows: Rows) -> list[str]:
    """A warning if people are written: the API lists nobody who may be one."""
    people = [field.name for field in table.fields if field.type in _PEOPLE]
    named = [name for name in people if any(row.get(name) for row in rows.values())]
    told = f"Whether {shortened(named)} would name people of this base is not known: Airtable refuses others."
    return [told] if named else []


def _normal(schema: BaseSchema, place: Place, rows: Rows) -> tuple[Rows, dict[int, AirtableError]]:
    """The rows in the form in which they would be kept, and those with values that Airtable does not take."""
    import fields

    rules = rules_of(schema.table(place.table))
    kept: Rows = {}
    refused: dict[int, AirtableError] = {}
    judged = fields.check_records(
        rules, list(rows.values()), mode="airtable", partial=True, typecast=place.typecast
    )
    for (index, row), checked in zip(rows.items(), judged, strict=True):
        if (unsendable := _unsendable(row)) is not None:
            refused[index] = unsendable
        elif checked.problems:
            refused[index] = InvalidValue(" ".join(problem.message for problem in checked.problems))
        else:
            kept[index] = checked.value
    return kept, refused


def _unsendable(row: Mapping[str, Any]) -> AirtableError | None:
    """Why no request can hold the row, whatever typecasting would make of it, None if one can."""
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return InvalidValue("A text holds half a surrogate pair, which cannot be sent. Remove it.")
    return None
