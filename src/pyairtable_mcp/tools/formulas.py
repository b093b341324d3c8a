"""Tools that test a formula before it is used: on given values, or on a table's records."""

from collections.abc import Sequence
from typing import Annotated, Any, NotRequired, TypedDict

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from airtable_gateway import Record, RecordQuery
from pyairtable_mcp import formula_inputs
from pyairtable_mcp.budget import fitting
from pyairtable_mcp.parameters import Filter
from pyairtable_mcp.reading import by_ids, first_records
from pyairtable_mcp.tool import READS, ToolContext, tool

_RECORDS = 1_000
"""Records that one call evaluates: ten pages."""

Formula = Annotated[str, Field(description='e.g. IF({Hours}>8,"long","short")')]
OptionalBase = Annotated[str, Field(description="Base id or name; with table_id, its fields are used")]
OptionalTable = Annotated[str, Field(description="Table id or name")]


class FormulaEvaluated(TypedDict):
    """`value` for given values; `results`, a value a record, for a table."""

    result_type: str
    value: NotRequired[Any]
    results: NotRequired[list[dict[str, Any]]]
    evaluated: NotRequired[int]
    note: NotRequired[str]


class FormulaChecked(TypedDict):
    """Whether the formula can work, what is wrong and where, what it yields, which fields it reads."""

    valid: bool
    problems: list[dict[str, Any]]
    result_type: str | None
    depends_on: list[str]


@tool(READS)
async def evaluate_formula(
    ctx: ToolContext,
    formula: Formula,
    *,
    fields: Annotated[dict[str, Any] | None, Field(description="Values by field name")] = None,
    field_types: Annotated[dict[str, str] | None, Field(description="Airtable types by field name")] = None,
    base_id: OptionalBase = "",
    table_id: OptionalTable = "",
    record_ids: list[str] | None = None,
    filter_by_formula: Filter = "",
) -> FormulaEvaluated:
    """Compute a formula without changing anything: on given values, or on records of a table."""
    _require_both_or_neither(base_id, table_id)
    if not base_id:
        return _on_values(formula, fields or {}, field_types)
    return await _on_table(ctx, formula, base_id, table_id, _chosen(record_ids, filter_by_formula))


@tool(READS)
async def validate_formula(
    ctx: ToolContext, formula: Formula, *, base_id: OptionalBase = "", table_id: OptionalTable = ""
) -> FormulaChecked:
    """Check a formula's syntax, functions, arguments and, with a table, its fields and types."""
    import formula as language

    _require_both_or_neither(base_id, table_id)
    types, names = None, None
    if base_id:
        table = (await ctx.gateway.schema(base_id)).table(table_id)
        types, names = formula_inputs.field_types(table), formula_inputs.field_names(table)
    try:
        report = language.check(formula, types, field_names=names)
    except language.FormulaSyntaxError as error:
        problem = {"code": "syntax", "message": str(error), "span": [error.start, error.end]}
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


def _advice(problem: Any) -> str:
    return (
        f"{problem.message} Did you mean {problem.suggestion}?"
        if problem.suggestion
        else str(problem.message)
    )


def _on_values(text: str, values: dict[str, Any], types: dict[str, str] | None) -> FormulaEvaluated:
    import formula as language

    compiled = _compiled(text, types, None)
    return {"result_type": compiled.result_type, "value": language.to_rest(compiled.one(values))}


async def _on_table(ctx: ToolContext, text: str, base: str, table_id: str, chosen: str) -> FormulaEvaluated:
    schema = await ctx.gateway.schema(base)
    table = schema.table(table_id)
    compiled = _compiled(text, formula_inputs.field_types(table), formula_inputs.field_names(table))
    needed = sorted(compiled.depends_on) or [table.primary_field.name]
    query = RecordQuery(fields=needed, filter_by_formula=chosen)
    records, more = await first_records(ctx.gateway, schema.id, table.id, query, limit=_RECORDS)
    rows = await formula_inputs.with_link_names(ctx.gateway, schema, table, records, compiled.depends_on)
    results = fitting(_results(compiled, rows, records), ctx.result_budget)
    answer = FormulaEvaluated(result_type=compiled.result_type, results=results, evaluated=len(results))
    if more or len(results) < len(records):
        answer["note"] = "There are more records; choose some by record_ids or filter_by_formula."
    return answer


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


def _chosen(record_ids: list[str] | None, filter_by_formula: str) -> str:
    parts = [by_ids(record_ids)] if record_ids else []
    parts += [filter_by_formula] if filter_by_formula else []
    return "AND(" + ",".join(parts) + ")" if len(parts) > 1 else "".join(parts)


def _compiled(text: str, types: dict[str, str] | None, names: dict[str, str] | None) -> Any:
    """The formula ready to run. Raises ToolError with everything that is wrong with it."""
    import formula as language

    try:
        return language.compile(text, types, field_names=names)
    except language.FormulaSyntaxError as error:
        raise ToolError(f"The formula does not parse: {error}") from error
    except language.FormulaCheckError as error:
        problems = " ".join(_advice(problem) for problem in error.report.problems)
        raise ToolError(f"The formula cannot work: {problems}") from error
