"""Which record each row of an upsert meets, told before it is made: compared as Airtable does."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from airtable_gateway import (
    AirtableError,
    FieldSchema,
    InvalidFormula,
    InvalidRequest,
    Record,
    RecordQuery,
    TableSchema,
    matching_formula,
)
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.aside import aside
from pyairtable_mcp.reading.windows import all_records
from pyairtable_mcp.tool import ToolContext
from pyairtable_mcp.writing import differences, planning
from pyairtable_mcp.writing.checking import Ready, rules_of
from pyairtable_mcp.writing.differences import Difference
from pyairtable_mcp.writing.planning import Place, Plan, Rows

_MERGEABLE = frozenset(
    {"number", "singleLineText", "multilineText", "richText"}
    | {"singleSelect", "multipleSelects", "date", "dateTime"}
)
"""Numbers, texts, selects and dates (docs: "Update multiple records", fieldsToMergeOn)."""
_UNTOLD = "richText"
"""The type that a formula may see in another form than records have it."""
_FEW = 100
"""Rows whose records are asked for; for more, the table is read once instead of sifted time and again."""
_ROWS_A_FILTER = 25
"""A few thousand characters, but for long texts."""


def key(row: Mapping[str, Any], names: Sequence[str]) -> Hashable:
    """What is the same for rows and records that are equal in the fields of these names."""
    return tuple(_comparable(row.get(name)) for name in names)


def keys(
    table: TableSchema, rows: Sequence[Mapping[str, Any]], names: Sequence[str], *, typecast: bool
) -> list[Hashable]:
    """The key of each row as it would be kept, of a value that would be refused as it was given."""
    import fields

    given = [{name: row[name] for name in names} for row in rows]
    checked = fields.check_records(rules_of(table), given, mode="airtable", partial=True, typecast=typecast)
    return [key(row | normal.value, names) for row, normal in zip(given, checked, strict=True)]


async def planned(
    ctx: ToolContext, place: Place, table: TableSchema, ready: Ready, names: Sequence[str]
) -> Plan:
    """What an upsert of the rows, merged on these fields, would do."""
    rows, refused, warnings = await planning.judged(ctx, place, dict(enumerate(ready.rows)))
    warnings = [*ready.warnings, *warnings]
    if unfit := [field for field in map(table.field, names) if field.type not in _MERGEABLE]:
        return Plan([], {**{index: _unfit(unfit) for index in rows}, **refused}, warnings)
    written = dict.fromkeys([*names, *(name for row in rows.values() for name in row)])
    records = await _candidates(ctx, place, table, rows, names, RecordQuery(fields=list(written)))
    told, ambiguous = await aside(lambda: _met(rows, records, names), len(rows) + len(records))
    return Plan(told, {**refused, **ambiguous}, warnings)


async def _candidates(
    ctx: ToolContext, place: Place, table: TableSchema, rows: Rows, names: Sequence[str], query: RecordQuery
) -> list[Record]:
    """All records that may equal a row: the whole table, where there are many rows or no filter can tell."""
    if not rows:
        return []
    found: dict[str, Record] = {}
    try:
        for told in _filters(table, list(rows.values()), names) or [""]:
            asked = replace(query, filter_by_formula=told)
            records = await all_records(ctx, place.base, table.id, asked, fresh=True)
            found |= {record.id: record for record in records}
    except InvalidFormula:
        return await all_records(ctx, place.base, table.id, query, fresh=True)
    return list(found.values())


def _filters(table: TableSchema, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[str]:
    """Filters that every record passes which equals a row, none if they would be too many or cannot tell."""
    if len(rows) > _FEW or any(table.field(name).type == _UNTOLD for name in names):
        return []
    starts = range(0, len(rows), _ROWS_A_FILTER)
    filters = [matching_formula(table, rows[start : start + _ROWS_A_FILTER], names) for start in starts]
    return [told for told in filters if told] if all(filters) else []


def _met(
    rows: Rows, records: Sequence[Record], names: Sequence[str]
) -> tuple[list[Difference], dict[int, AirtableError]]:
    """What each row would do to the record that equals it in these fields, and which equal several."""
    found: dict[Hashable, list[Record]] = {}
    for record in records:
        found.setdefault(key(record.fields, names), []).append(record)
    told: list[Difference] = []
    ambiguous: dict[int, AirtableError] = {}
    for index, row in rows.items():
        match found.get(key(row, names), []):
            case []:
                told.append({"index": index, "after": row})
            case [record]:
                told.append({"index": index, **differences.of_change(record, row)})
            case several:
                ambiguous[index] = _ambiguous([record.id for record in several], names)
    return told, ambiguous


def _comparable(value: Any) -> Hashable:
    """1 and 1.0 are one number, nothing is as empty as "", and a rich text's last newline is not its own."""
    match value:
        case None | False | "" | []:
            return None
        case bool():
            return bool, value  # which would be the number 1 else
        case str():
            return value.removesuffix("\n")
        case list():
            return tuple(map(_comparable, value))
        case Mapping():
            return tuple((name, _comparable(member)) for name, member in value.items())
        case _:
            return value  # type: ignore[no-any-return] # JSON has nothing else but numbers and true


def _unfit(fields: Sequence[FieldSchema]) -> AirtableError:
    told = ", ".join(f"{field.name!r} is a {field.type} field" for field in fields)
    return InvalidRequest(
        f"{told}, and Airtable merges on numbers, texts, selects and dates alone.",
        hint="Name another field in merge_on.",
    )


def _ambiguous(record_ids: Sequence[str], names: Sequence[str]) -> AirtableError:
    return InvalidRequest(
        f"{len(record_ids)} records are the same in {shortened(names)}: {shortened(record_ids, 5)}.",
        hint="Name one more field in merge_on, or write to the one that is meant with update_record.",
    )
