"""Tools that look at a whole table: what its records hold, and which of them say the same."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, NotRequired, TypedDict

from pydantic import Field

from airtable_gateway import RecordQuery, TableSchema
from pyairtable_mcp.parameters import BaseId, FieldChoice, FieldNames, TableId
from pyairtable_mcp.reading.windows import all_records, first_records
from pyairtable_mcp.tool import READS, Lean, ToolContext, tool

_CORE = ("field_type", "filled_count", "empty_count", "fill_rate", "distinct_count", "error_count")
"""What is said of a field when there is no room for more."""


class TableAnalyzed(TypedDict):
    """`field_analysis` has a profile a field; `data_quality_insights` what looks wrong, with evidence."""

    table_name: str
    table_id: str
    analysis_summary: dict[str, Any]
    field_analysis: dict[str, Any]
    data_quality_insights: list[dict[str, Any]]
    note: NotRequired[str]


class DuplicatesFound(TypedDict):
    """`duplicates` are groups of records that say the same, the largest first."""

    table_id: str
    duplicate_check_fields: list[str]
    total_records_checked: int
    duplicate_groups_found: int
    total_duplicate_records: int
    duplicates: list[dict[str, Any]]


def _cores_alone(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with the core of each field's profile."""
    cores = {
        name: {key: profile[key] for key in _CORE if key in profile}
        for name, profile in answer["field_analysis"].items()
    }
    return {**answer, "field_analysis": cores}


def _ids_alone(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with the id of each record of a group, and no more of it."""
    groups = [
        {**group, "records": [{"id": record["id"]} for record in group["records"]]}
        for group in answer["duplicates"]
    ]
    return {**answer, "duplicates": groups}


@tool(
    READS,
    narrower="Choose fields.",
    lean=Lean("of each field only fill and distinct values are told", _cores_alone),
)
async def analyze_table_data(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    *,
    sample_size: Annotated[int, Field(ge=1)] = 100,
    fields: FieldChoice = None,
) -> TableAnalyzed:
    """Profile fields (fill, distinct, quantiles, top values, ranges) and report quality problems."""
    from pyairtable_mcp.analysis import profiles

    table = _narrowed(await ctx.table(base_id, table_id, fields or ()), fields)
    names = [field.name for field in table.fields] if fields else None
    query = RecordQuery(fields=names)
    records, more = await first_records(ctx, base_id, table.id, query, limit=sample_size)
    profile = await asyncio.to_thread(profiles.profile_table, table, records, now=ctx.now())
    told = profile.to_json()
    answer = TableAnalyzed(
        table_name=table.name,
        table_id=table.id,
        analysis_summary=told["analysis_summary"],
        field_analysis=told["field_analysis"],
        data_quality_insights=[finding.to_json() for finding in profiles.findings(profile)],
    )
    if more:
        answer["note"] = f"The first {sample_size} records were looked at; raise sample_size for more."
    return answer


@tool(
    READS,
    narrower="Name more fields to narrow the search. Read a group's records with get_records.",
    lean=Lean("the groups give ids without fields", _ids_alone),
)
async def find_duplicates(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    fields: FieldNames,
    *,
    ignore_empty: bool = True,
    threshold: Annotated[float, Field(gt=0, le=1)] = 1.0,
) -> DuplicatesFound:
    """Find records that say the same in these fields; threshold 1: but for case and spaces, 0.9: nearly."""
    from pyairtable_mcp.analysis import duplicates

    table = await ctx.table(base_id, table_id, fields)
    names = [table.field(name).name for name in fields]
    records = await all_records(ctx, base_id, table.id, RecordQuery(fields=names))
    groups = await asyncio.to_thread(
        duplicates.find, records, names, threshold=threshold, ignore_empty=ignore_empty
    )
    return DuplicatesFound(
        table_id=table.id,
        duplicate_check_fields=names,
        total_records_checked=len(records),
        duplicate_groups_found=len(groups),
        total_duplicate_records=sum(len(group.members) for group in groups),
        duplicates=[group.to_json() for group in groups],
    )


def _narrowed(table: TableSchema, names: list[str] | None) -> TableSchema:
    return replace(table, fields=tuple(table.field(name) for name in names)) if names else table
