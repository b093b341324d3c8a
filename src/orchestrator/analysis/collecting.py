"""The facts of a base, collected through the tools: schema in full, a sample of records, their quality."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.analysis.errors import AnalysisRefused
from orchestrator.analysis.facts import Base, Column, Json, Table
from orchestrator.toolbox import Toolbox, ToolCall

_FIELDS_AT_ONCE = 20
"""Few enough that no answer is cut, whatever the fields hold."""

NEEDED_TOOLS = (
    "list_tables",
    "get_records",
    "create_metadata_table",
    "analyze_table_data",
    "upsert_records",
    "describe_table",
    "list_views",
    "create_field",
)
"""What an analysis reads with, and what its findings are written back with."""

Progress = Callable[[str], None]
"""Told the name of each table once it is read."""


@dataclass(frozen=True, slots=True)
class Collector:
    """Reads bases on behalf of `owner`, at most `sample` records of each table."""

    toolbox: Toolbox
    owner: str
    sample: int = 100

    async def tables(self, base: str) -> Json:
        """The base with its tables: ids, names, number of fields. Raises AnalysisRefused."""
        return await self._ask("list_tables", base_id=base, detail="tables")

    async def collect(self, base: str, progress: Progress = lambda _: None) -> Base:
        """All that the rules need to know. Raises AnalysisRefused, ToolsUnreachable."""
        listed = await self.tables(base)
        tables = []
        for row in listed["tables"]:
            tables.append(await self._table(listed["base_id"], row))
            progress(row["name"])
        return Base(listed["base_id"], listed["base_name"], tuple(tables))

    async def _table(self, base: str, row: Json) -> Table:
        place = {"base_id": base, "table_id": row["id"]}
        named = await self._ask("describe_table", **place, detail="names")
        views = await self._ask("list_views", **place)
        records = [record["fields"] async for record in self._records(place)]
        fields: list[Json] = []
        insights: list[Json] = []
        for names in _portions(named["fields"]):
            described = await self._ask("describe_table", **place, detail="full", fields=names)
            fields.extend(described["fields"])
            told = await self._ask("analyze_table_data", **place, fields=names, sample_size=self.sample)
            insights.extend(told["data_quality_insights"])
        return Table(
            id=row["id"],
            name=row["name"],
            columns=tuple(_column(field, records) for field in fields),
            primary=named["primary_field"],
            views=len(views["views"]),
            sampled=len(records),
            insights=tuple(insights),
        )

    async def _records(self, place: Json) -> AsyncIterator[Json]:
        """The sample, page by page: an answer may hold fewer records than were asked for."""
        missing, cursor = self.sample, None
        while missing > 0:
            more: dict[str, Any] = {} if cursor is None else {"cursor": cursor}
            page = await self._ask("get_records", **place, max_records=missing, **more)
            for record in page["records"]:
                yield record
            missing -= len(page["records"])
            cursor = page.get("cursor")
            if cursor is None or not page["records"]:
                return

    async def _ask(self, tool: str, **arguments: Any) -> Json:
        outcome = await self.toolbox.call(ToolCall(tool, arguments, acting_for=self.owner))
        if outcome.is_error or outcome.structured is None:
            raise AnalysisRefused(f"{tool}: {outcome.text}")
        return outcome.structured


def _portions(names: Sequence[str]) -> list[list[str]]:
    return [list(names[start : start + _FIELDS_AT_ONCE]) for start in range(0, len(names), _FIELDS_AT_ONCE)]


def _column(row: Json, records: Sequence[Json]) -> Column:
    return Column(row["name"], row["type"], row, tuple(record.get(row["name"]) for record in records))
