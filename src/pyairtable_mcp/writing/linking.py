"""Where the links of rows lead: to records that are there, to none, or to some that typecasting makes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from airtable_gateway import (
    AirtableError,
    BaseSchema,
    FieldSchema,
    InvalidValue,
    RecordNotFound,
    RecordQuery,
    Refused,
    TableSchema,
)
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.reading.formula_inputs import linked_table
from pyairtable_mcp.reading.quoting import field_reference, text_literal
from pyairtable_mcp.reading.windows import first_records
from pyairtable_mcp.tool import ToolContext

_LINK = "multipleRecordLinks"
_RECORD_ID = re.compile(r"rec[0-9A-Za-z]{14}")
_PLAIN = frozenset({"singleLineText", "multilineText", "email", "url", "phoneNumber", "singleSelect"})
"""Primary fields whose text a filter can compare; of the others it sees a number or a date."""
_NAMES_A_FILTER = 100
_LOOKED_UP = 5_000
"""Records of one table that are looked for, and read to compare their names: fifty requests."""


@dataclass(slots=True)
class Linked:
    """The rows that Airtable would refuse for their links, by index, and what typecasting would add."""

    refused: dict[int, AirtableError] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Cell:
    """Record ids, or under typecast names of records too, written into a link field of a row."""

    index: int
    field: FieldSchema
    targets: Sequence[str]


@dataclass(frozen=True, slots=True)
class _There:
    """Those of the targets that a table has, by id and by name; `alike` are names but for their case."""

    ids: frozenset[str]
    names: frozenset[str]
    alike: Mapping[str, str]

    def has(self, target: str) -> bool:
        return target in self.ids or target in self.names


async def look(
    ctx: ToolContext,
    schema: BaseSchema,
    table: TableSchema,
    rows: Mapping[int, Mapping[str, Any]],
    *,
    typecast: bool,
) -> Linked:
    """Look for the records to which rows of `table` would be linked; the rows are in their normal form."""
    found = Linked()
    for linked_id, cells in _by_linked_table(table, rows).items():
        linked = linked_table(schema, cells[0].field)
        if linked is None:
            found.warnings.append(_unseen(cells, f"{linked_id} cannot be read"))
            continue
        try:
            there = await _there(ctx, schema.id, linked, cells, typecast=typecast)
        except Refused:
            # A token that may write and not read: Airtable alone knows.
            found.warnings.append(_unseen(cells, f"{linked.name} cannot be read"))
            continue
        if there is None:
            found.warnings.append(
                _unseen(cells, f"{linked.name} has too many to read, or too many are named")
            )
            continue
        _judge(found, linked, there, cells, typecast=typecast)
    return found


def _by_linked_table(table: TableSchema, rows: Mapping[int, Mapping[str, Any]]) -> dict[str, list[_Cell]]:
    cells: dict[str, list[_Cell]] = {}
    for link in table.fields:
        if link.type == _LINK:
            linked_id = str(link.options.get("linkedTableId", ""))
            written = [
                _Cell(index, link, row[link.name]) for index, row in rows.items() if row.get(link.name)
            ]
            if written:
                cells.setdefault(linked_id, []).extend(written)
    return cells


def _unseen(cells: Sequence[_Cell], reason: str) -> str:
    names = shortened(dict.fromkeys(cell.field.name for cell in cells))
    return f"Whether the records exist to which {names} would link was not looked up: {reason}."


def _judge(
    found: Linked, linked: TableSchema, there: _There, cells: Sequence[_Cell], *, typecast: bool
) -> None:
    added: dict[str, None] = {}
    for cell in cells:
        absent = [target for target in cell.targets if not there.has(target)]
        made = [target for target in absent if typecast and not _RECORD_ID.fullmatch(target)]
        error = _refusal(cell, linked, absent, made)
        if error is not None:
            found.refused.setdefault(cell.index, error)
        elif cell.index not in found.refused:
            added |= dict.fromkeys(made)
    if added:
        found.warnings.append(_told(linked, there, list(added)))


def _refusal(
    cell: _Cell, linked: TableSchema, absent: Sequence[str], made: Sequence[str]
) -> AirtableError | None:
    """Why a row with such a cell would be refused, None if it would not."""
    where = f"{cell.field.name} links to {linked.name}, which has no record"
    lost = [target for target in absent if target not in made]
    if lost:
        hint = f"Use ids that search_records gives on {linked.name}."
        return RecordNotFound(lost[0], message=f"{where} {shortened(lost)}.", hint=hint)
    for name in made:
        if problem := _unmakeable(linked.primary_field, name):
            return InvalidValue(f"{where} {shortened([name])}, and none can be made: {problem}")
    return None


def _unmakeable(primary: FieldSchema, name: str) -> str:
    """Why there can be no record with that text in its primary cell, "" if there can."""
    import fields

    checked = fields.typecast(primary.type, name, primary.options)
    if checked.problems:
        return checked.problems[0].message
    return "" if checked.value is not None else f"{primary.name} takes no such text."


def _told(linked: TableSchema, there: _There, names: Sequence[str]) -> str:
    count = "a record" if len(names) == 1 else f"{len(names)} records"
    told = f"Typecasting adds {count} to {linked.name}: {shortened(names)}."
    alike = [there.alike[name.lower()] for name in names if name.lower() in there.alike]
    return told + (f" In another case there are {shortened(alike)}: link those?" if alike else "")


async def _there(
    ctx: ToolContext, base: str, linked: TableSchema, cells: Iterable[_Cell], *, typecast: bool
) -> _There | None:
    """Which of the records that the cells name are there, None if too many had to be read to tell."""
    targets = list(dict.fromkeys(target for cell in cells for target in cell.targets))
    if len(targets) > _LOOKED_UP:
        return None
    sent = [target for target in targets if _RECORD_ID.fullmatch(target)]
    ids = frozenset(record.id for record in await ctx.gateway.records(base, linked.id, sent, fresh=True))
    names = [target for target in targets if target not in ids and not _RECORD_ID.fullmatch(target)]
    if not typecast or not names:
        return _There(ids, frozenset(), {})
    known = await _texts(ctx, base, linked, names)
    if known is None:
        return None
    return _There(ids, frozenset(known).intersection(names), {text.lower(): text for text in known})


async def _texts(ctx: ToolContext, base: str, linked: TableSchema, names: Sequence[str]) -> list[str] | None:
    """The names of records of the table, those among them that equal one of `names` but for its case.

    None if there are too many.
    """
    import fields

    primary, known = linked.primary_field, list[str]()
    for query in _queries(primary, names):
        limit = min(_LOOKED_UP, ctx.caps.read)
        records, more = await first_records(ctx, base, linked.id, query, limit=limit)
        known += [
            fields.text(primary.type, record.fields.get(primary.name), primary.options) for record in records
        ]
        if more or len(known) > _LOOKED_UP:
            return None
    return known


def _queries(primary: FieldSchema, names: Sequence[str]) -> Iterator[RecordQuery]:
    if primary.type not in _PLAIN:
        yield RecordQuery(fields=[primary.name])
        return
    for start in range(0, len(names), _NAMES_A_FILTER):
        some = names[start : start + _NAMES_A_FILTER]
        text = f'LOWER({field_reference(primary.id)}&"")'
        equal = ",".join(f"{text}={text_literal(name.lower())}" for name in some)
        yield RecordQuery(fields=[primary.name], filter_by_formula=f"OR({equal})")
