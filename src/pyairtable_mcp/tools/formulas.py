"""Tools that test a formula before it is used: on given values, or on a table's records."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, NotRequired, TypedDict, TypeVar

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import BaseSchema, Record, RecordQuery, TableSchema
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.parameters import AllIfEmpty, BaseId, Filter, TableId
from pyairtable_mcp.reading import formula_inputs
from pyairtable_mcp.reading.windows import by_ids, first_records
from pyairtable_mcp.refusals import filter_advice, formula_mistakes
from pyairtable_mcp.tool import READS, ToolContext, tool

_RECORDS = 1_000
"""Records that one call evaluates: ten pages."""
_IDS = 400
"""Record ids in one filter: about 10,000 characters."""
_RECORD_ID = re.compile(r"rec[0-9A-Za-z]{14}")


class FormulaEvaluated(TypedDict):
    """`value` for given values; `results`, a value a record, for a table's records.

    `missing` are the record_ids that the table lacks or the filter leaves out.
    """

    result_type: str
    value: NotRequired[Any]
    results: NotRequired[list[dict[str, Any]]]
    evaluated: NotRequired[int]
    missing: NotRequired[list[str]]
    note: NotRequired[str]


class FormulaChecked(TypedDict):
    """Whether the formula can work, what is wrong and where, what it yields, which fields it reads."""

    valid: bool
    problems: list[dict[str, Any]]
    result_type: str | None
    depends_on: list[str]


@tool(READS, narrower="Choose records by record_ids or filter_by_formula.")
async def evaluate_formula(
    ctx: ToolContext,
    formula: str,
    *,
    fields: dict[str, Any] | None = None,
    field_types: dict[str, str] | None = None,
    base_id: BaseId = "",
    table_id: TableId = "",
    record_ids: Annotated[list[str] | None, AllIfEmpty] = None,
    filter_by_formula: Filter = "",
) -> FormulaEvaluated:
    """Compute a formula: on given values, or on records of a table; values given too stand in for theirs."""
    _require_both_or_neither(base_id, table_id)
    _require_known_types(field_types or {})
    if not base_id:
        if record_ids or filter_by_formula:
            raise ToolError("record_ids and filter_by_formula choose records: give base_id and table_id too.")
        return _on_values(_compiled(formula, field_types, None), fields or {})
    schema = await ctx.schema_with(base_id, table_id)
    table = schema.table(table_id)
    types = formula_inputs.field_types(table) | _by_name(table, field_types or {})
    compiled = _compiled(formula, types, formula_inputs.field_names(table))
    given = _by_name(table, fields or {})
    if given and not record_ids and not filter_by_formula:
        return _on_values(compiled, given)
    asked = _Asked(schema, table, given, record_ids or [], filter_by_formula)
    return await _on_records(ctx, compiled, asked)


@tool(READS)
async def validate_formula(
    ctx: ToolContext, formula: str, *, base_id: BaseId = "", table_id: TableId = ""
) -> FormulaChecked:
    """Check a formula: syntax, functions, arguments and, with a table, its fields and types."""
    import formula as language

    _require_both_or_neither(base_id, table_id)
    types, names = None, None
    if base_id:
        table = await ctx.table(base_id, table_id)
        types, names = formula_inputs.field_types(table), formula_inputs.field_names(table)
    try:
        report = language.check(formula, types, field_names=names)
    except language.FormulaSyntaxError as error:
        problem = {"code": "syntax", "message": str(error), "span": [error.start, error.end]}
        if meant := formula_mistakes.unescaped(formula, types or ()):
            problem["suggestion"] = meant
        return {"valid": False, "problems": [problem], "result_type": None, "depends_on": []}
    return {
        "valid": not report.problems,
        "problems": [_problem_row(problem) for problem in report.problems],
        "result_type": report.result_type,
        "depends_on": sorted(report.depends_on),
    }


def _require_both_or_neither(base_id: str, table_id: str) -> None:
    if bool(base_id) != bool(table_id):
        raise ToolError("base_id and table_id go together: give both of them, or neither.")


def _problem_row(problem: Any) -> dict[str, Any]:
    row = {
        "code": problem.code,
        "message": problem.message,
        "span": list(problem.span),
        "suggestion": problem.suggestion,
    }
    return {key: value for key, value in row.items() if value}


def _require_known_types(types: Mapping[str, str]) -> None:
    import fields

    for name, type in types.items():
        if type not in fields.FIELD_TYPES:
            near = get_close_matches(type, fields.FIELD_TYPES, n=3, cutoff=0.5)
            told = f"Nearest: {shortened(near)}." if near else f"Types: {shortened(fields.FIELD_TYPES, 40)}."
            raise ToolError(f"field_types: there is no type {type[:80]!r}, given for {name[:80]!r}. {told}")


V = TypeVar("V")


def _by_name(table: TableSchema, values: Mapping[str, V]) -> dict[str, V]:
    """The values by exact field names. Raises FieldNotFound."""
    return {table.field(name).name: value for name, value in values.items()}


def _on_values(compiled: Any, values: Mapping[str, Any]) -> FormulaEvaluated:
    import formula as language

    return {"result_type": compiled.result_type, "value": language.to_rest(compiled.one(values))}


@dataclass(frozen=True, slots=True)
class _Asked:
    """The records that a formula is asked for, and the values that stand in for their own."""

    schema: BaseSchema
    table: TableSchema
    given: Mapping[str, Any]
    record_ids: Sequence[str]
    filter: str

    def filters(self) -> Iterator[str]:
        """The filters that keep those records, each with as many ids as one can hold."""
        if not self.record_ids:
            yield self.filter
        for start in range(0, len(self.record_ids), _IDS):
            ids = by_ids(self.record_ids[start : start + _IDS])
            yield f"AND({ids},{self.filter})" if self.filter else ids


async def _on_records(ctx: ToolContext, compiled: Any, asked: _Asked) -> FormulaEvaluated:
    _require_record_ids(asked.record_ids)
    needed = sorted(compiled.depends_on - asked.given.keys()) or [asked.table.primary_field.name]
    records, more = await _records(ctx, asked, needed)
    rows = await formula_inputs.with_link_names(ctx, asked.schema, asked.table, records, needed)
    given = [{**row, **asked.given} for row in rows]
    results = await asyncio.to_thread(_results, compiled, given, records)
    answer = FormulaEvaluated(result_type=compiled.result_type, results=results, evaluated=len(results))
    found = {record.id for record in records}
    if missing := [record_id for record_id in dict.fromkeys(asked.record_ids) if record_id not in found]:
        answer["missing"] = missing
    if asked.filter and not records:
        note = await filter_advice.of_empty(ctx, asked.schema.id, asked.table.id, asked.filter)
        return answer | {"note": note} if note else answer
    if more:
        answer["note"] = "There are more records; choose some by record_ids or filter_by_formula."
    return answer


async def _records(ctx: ToolContext, asked: _Asked, names: Sequence[str]) -> tuple[list[Record], bool]:
    """The first records that were asked for, and whether there are more."""
    records: list[Record] = []
    more = False
    for chosen in asked.filters():
        query = RecordQuery(fields=names, filter_by_formula=chosen)
        found, more = await first_records(ctx, asked.schema.id, asked.table.id, query, limit=_RECORDS)
        records += found
    wanted = set(asked.record_ids)
    # A filter such as 1)&(1 would end the choice of ids, whatever stands around it.
    return [record for record in records if not wanted or record.id in wanted], more


def _require_record_ids(record_ids: Sequence[str]) -> None:
    """The ids stand in a formula, so that nothing but an id may be among them."""
    for record_id in record_ids:
        if not _RECORD_ID.fullmatch(record_id):
            raise ToolError(f"record_ids: {record_id[:80]!r} is no record id; they begin with rec.")
    if len(record_ids) > _RECORDS:
        raise ToolError(f"record_ids: {len(record_ids)} are too many; give up to {_RECORDS} in one call.")


def _results(
    compiled: Any, rows: Sequence[dict[str, Any]], records: Sequence[Record]
) -> list[dict[str, Any]]:
    import formula as language

    known = [{"id": record.id, "created_time": record.created_time} for record in records]
    values = compiled.map(rows, records=known)
    return [
        {"id": record.id, "value": language.to_rest(value)}
        for record, value in zip(records, values, strict=True)
    ]


def _compiled(text: str, types: dict[str, str] | None, names: dict[str, str] | None) -> Any:
    """The formula ready to run. Raises ToolError with everything that is wrong with it."""
    import formula as language

    try:
        return language.compile(text, types, field_names=names)
    except language.FormulaSyntaxError as error:
        told = formula_mistakes.syntax(error, types or ())
        raise ToolError(f"The formula does not parse: {told}") from error
    except language.FormulaCheckError as error:
        problems = formula_mistakes.problems_told(error.report.problems)
        raise ToolError(f"The formula cannot work: {problems}") from error
