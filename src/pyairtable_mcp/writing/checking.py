"""Rows made ready to be written: exact names, and values checked against the table's schema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import Refused, TableSchema
from pyairtable_mcp.aside import aside
from pyairtable_mcp.naming import written_rows
from pyairtable_mcp.once import OncePerObject
from pyairtable_mcp.tool import ToolContext

if TYPE_CHECKING:
    from fields import Mode, Problem, TableRules

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

    def judged() -> _Judged:
        return _judged(ctx, schema, rows, typecast=typecast)

    found = await aside(judged, len(rows))
    if found.refused:
        # A field or a choice may be newer than the schema that is kept.
        newer = (await ctx.gateway.schema(base, fresh=True)).table(table)
        if newer != schema:
            schema = newer
            found = await aside(judged, len(rows))
    if found.refused:
        raise ToolError("Nothing was written. " + " ".join(found.refused))
    return Ready(found.rows, found.doubts)


@dataclass(frozen=True, slots=True)
class _Judged:
    """Rows by exact names, why they must not be written, and else what a careful person would ask."""

    rows: list[dict[str, Any]]
    refused: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def _judged(
    ctx: ToolContext, table: TableSchema, rows: Sequence[Mapping[str, Any]], *, typecast: bool
) -> _Judged:
    exact = written_rows(table, rows)
    if ctx.validation == "off":
        return _Judged(exact)
    rules = rules_of(table)
    if typecast:
        return _Judged(exact, *map(_told, _cast(rules, exact)))
    strict = _problems(rules, exact, "strict")
    if ctx.validation == "strict":
        return _Judged(exact, _told(strict))
    # Strict rules refuse all that Airtable refuses, so that it need not be asked of rows that pass them.
    refused = _problems(rules, exact, "airtable") if any(strict) else []
    return _Judged(exact, _told(refused), _told(strict))


def _problems(
    rules: "TableRules", rows: Sequence[Mapping[str, Any]], mode: "Mode"
) -> "list[Sequence[Problem]]":
    import fields

    return [checked.problems for checked in fields.check_records(rules, rows, mode=mode, partial=True)]


def _cast(
    rules: "TableRules", rows: Sequence[Mapping[str, Any]]
) -> "tuple[list[Sequence[Problem]], list[Sequence[Problem]]]":
    """What typecasting does not mend; and what it would change, drop or create, or cannot read."""
    import fields

    judged = fields.check_records(rules, rows, mode="airtable", partial=True, typecast=True)
    return [_beyond_typecast(checked.problems) for checked in judged], [
        (*checked.problems, *checked.warnings) for checked in judged
    ]


def _beyond_typecast(problems: "Sequence[Problem]") -> "Sequence[Problem]":
    return [problem for problem in problems if problem.code in _BEYOND_TYPECAST]


def _told(problems: "Sequence[Sequence[Problem]]") -> list[str]:
    """The messages, each with the index of its record when there are several, and how many are left out."""
    messages = [
        f"records[{index}]: {problem.message}" if len(problems) > 1 else problem.message
        for index, found in enumerate(problems)
        for problem in found
    ]
    more = len(messages) - _SHOWN
    return [*messages[:_SHOWN], f"And {more} more."] if more > 0 else messages


def _rules(table: TableSchema) -> "TableRules":
    import fields

    return fields.TableRules.of(
        {
            "id": table.id,
            "name": table.name,
            "primaryFieldId": table.primary_field_id,
            "fields": [
                {"id": field.id, "name": field.name, "type": field.type, "options": field.options}
                for field in table.fields
            ],
        }
    )


rules_of = OncePerObject(_rules, most=200)
"""The rules of a table, made once: the options of its fields are long, and a schema serves many calls."""
