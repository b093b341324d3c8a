"""Rows made ready to be written: exact names, and values checked against the table's schema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import Refused, TableSchema
from pyairtable_mcp.aside import aside
from pyairtable_mcp.naming import written_rows
from pyairtable_mcp.tool import ToolContext

if TYPE_CHECKING:
    from fields import Problem

_BEYOND_TYPECAST = frozenset({"unknown_field", "computed", "duplicate_field"})
"""The problems that typecasting does not mend."""

_SHOWN = 20
"""Problems that one answer tells."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Rows by exact names, and what looks doubtful in them."""

    rows: list[dict[str, Any]]
    warnings: list[str]


class Warns(Protocol):
    """Rows, or a plan, with what looks doubtful in them."""

    @property
    def warnings(self) -> list[str]:
        """What a careful person would ask, a sentence each."""
        ...


Answer = TypeVar("Answer")


def warned(answer: Answer, about: Warns) -> Answer:
    """The answer, an object, with the warnings if there are any."""
    if about.warnings:
        cast("dict[str, Any]", answer)["warnings"] = about.warnings
    return answer


def cells_of(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a record given plainly, or as Airtable's API wraps them."""
    inner = record.get("fields")
    return inner if len(record) == 1 and isinstance(inner, Mapping) else record


async def made_ready(
    ctx: ToolContext, base: str, table: str, rows: Sequence[Mapping[str, Any]], *, typecast: bool
) -> Ready:
    """Refuse rows that must not be written, with every problem at once; else give them ready to be sent.

    What is refused is the context's choice: what Airtable would refuse, what strict rules refuse, or nothing.
    Raises ToolError. A token that may not read schemas leaves names and judgement to Airtable.
    """
    try:
        schema = await ctx.table(base, table, rechecked=True)
    except Refused:
        return Ready([dict(row) for row in rows], [])

    def judged() -> tuple[list[dict[str, Any]], list[str]]:
        return _judged(ctx, schema, rows, typecast=typecast)

    exact, refused = await aside(judged, len(rows))
    if refused:
        # A field or a choice may be newer than the schema that is kept.
        newer = (await ctx.gateway.schema(base, fresh=True)).table(table)
        if newer != schema:
            schema = newer
            exact, refused = await aside(judged, len(rows))
    if refused:
        raise ToolError("Nothing was written. " + " ".join(refused))
    doubts = await aside(lambda: _doubts(ctx, schema, exact, typecast=typecast), len(rows))
    return Ready(exact, doubts)


def _doubts(
    ctx: ToolContext, schema: TableSchema, rows: Sequence[Mapping[str, Any]], *, typecast: bool
) -> list[str]:
    """What a careful person would ask about rows that Airtable takes."""
    if ctx.validation == "off":
        return []
    if typecast:
        return _told(_cast(schema, rows))
    if ctx.validation == "strict":
        return []
    return _told(_problems(schema, rows, "strict", typecast=False))


def _judged(
    ctx: ToolContext, schema: TableSchema, rows: Sequence[Mapping[str, Any]], *, typecast: bool
) -> tuple[list[dict[str, Any]], list[str]]:
    exact = written_rows(schema, rows)
    if ctx.validation == "off":
        return exact, []
    return exact, _told(_problems(schema, exact, ctx.validation, typecast=typecast))


def _problems(
    table: TableSchema, rows: Sequence[Mapping[str, Any]], mode: Any, *, typecast: bool
) -> "list[list[Problem]]":
    import fields

    return [
        [problem for problem in checked.problems if not typecast or problem.code in _BEYOND_TYPECAST]
        for checked in fields.check_records(as_model(table), rows, mode=mode, partial=True)
    ]


def _cast(table: TableSchema, rows: Sequence[Mapping[str, Any]]) -> "list[list[Problem]]":
    """What typecasting would change, drop or create, and what it cannot read."""
    import fields

    judged = fields.check_records(as_model(table), rows, mode="airtable", partial=True, typecast=True)
    return [[*checked.problems, *checked.warnings] for checked in judged]


def _told(problems: "Sequence[list[Problem]]") -> list[str]:
    """The messages, each with the index of its record when there are several, and how many are left out."""
    messages = [
        f"records[{index}]: {problem.message}" if len(problems) > 1 else problem.message
        for index, found in enumerate(problems)
        for problem in found
    ]
    more = len(messages) - _SHOWN
    return [*messages[:_SHOWN], f"And {more} more."] if more > 0 else messages


def as_model(table: TableSchema) -> dict[str, Any]:
    """The table as the meta API gives it, which is how `fields` takes it."""
    return {
        "id": table.id,
        "name": table.name,
        "primaryFieldId": table.primary_field_id,
        "fields": [
            {"id": field.id, "name": field.name, "type": field.type, "options": field.options}
            for field in table.fields
        ],
    }
