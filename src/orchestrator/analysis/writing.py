"""Findings written into the base: a row a table, in the table that create_metadata_table keeps."""

import json
from collections.abc import Sequence
from typing import Any

from orchestrator.analysis.analyses import Analysis
from orchestrator.analysis.errors import AnalysisRefused
from orchestrator.analysis.facts import Json
from orchestrator.analysis.finding import Finding
from orchestrator.toolbox import Toolbox, ToolCall

_KEY = "Table ID"
_TOP = 5
_AT_ONCE = 10
_COLUMNS = ("Improvements", "Last Analysis", "Analysis Status")


async def write_back(toolbox: Toolbox, analysis: Analysis, table_name: str, *, dry_run: bool) -> Json:
    """What was written, or would be: each table's five most urgent findings as JSON.

    Raises AnalysisRefused where a tool refuses, as it does for a table that is no metadata table.
    """
    writer = _Writer(toolbox, analysis, table_name)
    rows = _rows(analysis)
    if dry_run:
        described = await writer.call("create_metadata_table", table_name=table_name, dry_run=True)
        return {"dry_run": True, "message": described.get("message", ""), "rows": rows}
    described = await writer.call("create_metadata_table", table_name=table_name)
    await writer.add_columns()
    for start in range(0, len(rows), _AT_ONCE):
        portion = rows[start : start + _AT_ONCE]
        await writer.call("upsert_records", table_id=table_name, records=portion, merge_on=[_KEY])
    return {"dry_run": False, "table_id": described["table_id"], "table": table_name, "rows": len(rows)}


class _Writer:
    """Calls tools that write, each under a key of its own: a repeated request writes nothing twice."""

    def __init__(self, toolbox: Toolbox, analysis: Analysis, table: str) -> None:
        self._toolbox = toolbox
        self._analysis = analysis
        self._table = table

    async def add_columns(self) -> None:
        """Make the columns for findings that the table lacks."""
        told = await self.call("describe_table", table_id=self._table, detail="names")
        for name in _COLUMNS:
            if name not in told["fields"]:
                await self.call("create_field", table_id=self._table, name=name, type="multilineText")

    async def call(self, tool: str, **arguments: Any) -> Json:
        """The tool's structured answer. Raises AnalysisRefused."""
        given = {"base_id": self._analysis.base_id, **arguments}
        outcome = await self._toolbox.call(ToolCall(tool, given, acting_for=self._analysis.owner))
        if outcome.is_error:
            raise AnalysisRefused(f"{tool}: {outcome.text}")
        return outcome.structured or {}


def _rows(analysis: Analysis) -> list[dict[str, Any]]:
    by_table: dict[str, list[Finding]] = {}
    for finding in analysis.findings:
        by_table.setdefault(finding.table_id, []).append(finding)
    at = (analysis.finished_at or analysis.started_at).isoformat()
    return [
        {_KEY: id, "Improvements": _improvements(found), "Last Analysis": at, "Analysis Status": "done"}
        for id, found in by_table.items()
    ]


def _improvements(findings: Sequence[Finding]) -> str:
    return json.dumps(
        [
            {
                "category": finding.category,
                "field": finding.field,
                "priority": finding.priority,
                "description": finding.description,
                "recommendation": finding.recommendation,
                "effort": finding.effort,
                "confidence": finding.confidence,
            }
            for finding in findings[:_TOP]
        ],
        ensure_ascii=False,
        indent=1,
    )
