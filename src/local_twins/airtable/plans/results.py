"""The types of computed values: what formulas are told, and what the meta API shows as `result`."""

from collections.abc import Mapping
from typing import Any

from local_twins.airtable.model.lookups import lookup_ends
from local_twins.airtable.model.schema import Base, Field, Table

Result = Mapping[str, Any]

_SYSTEM_RESULTS: Mapping[str, Result] = {
    "count": {"type": "number", "options": {"precision": 0}},
    "autoNumber": {"type": "number", "options": {"precision": 0}},
}

_DATE_TIME: Result = {
    "type": "dateTime",
    "options": {
        "dateFormat": {"name": "iso", "format": "YYYY-MM-DD"},
        "timeFormat": {"name": "24hour", "format": "HH:mm"},
        "timeZone": "utc",
    },
}

FREE_NUMBER: Result = {"type": "number", "options": {"precision": 8}}
"""The result of a formula that gives numbers and says nothing of their digits."""

_FORMULA_RESULTS: Mapping[str, Result] = {
    "number": FREE_NUMBER,
    "dateTime": _DATE_TIME,
}
"""The field that shows what a formula of such a type gives; of any other type, text."""

_TEXT: Result = {"type": "singleLineText"}


def formula_types(table: Table, known: Mapping[str, str]) -> dict[str, str]:
    """The types of a table's fields by name, for the formula engine; `known` are formulas' by field id."""
    return {item.name: known.get(item.id) or _formula_type(item) for item in table.fields}


def rollup_text(field: Field) -> str:
    """The formula of a rollup over `values`.

    The meta API does not tell it, so that a base copied from Airtable has none: then numbers are summed, and
    anything else is joined.
    """
    given = field.options.get("formula")
    if given:
        return str(given)
    numeric = (field.options.get("result") or {}).get("type") in ("number", "currency", "percent", "duration")
    return "SUM(values)" if numeric else 'ARRAYJOIN(values, ", ")'


def result_of(base: Base, field: Field, known: Mapping[str, str]) -> Result:
    """The field `{"type", "options"?}` that the values of a computed field look like."""
    given = field.options.get("result")
    if given:
        return dict(given)
    if field.type in ("multipleLookupValues", "lookup"):
        _, target = lookup_ends(base, field)
        return _TEXT if target is None else _as_result(base, target, known)
    if field.type in ("createdTime", "lastModifiedTime"):
        return _DATE_TIME
    return _FORMULA_RESULTS.get(known.get(field.id, ""), _TEXT)


def _as_result(base: Base, field: Field, known: Mapping[str, str]) -> Result:
    if field.type in (
        "formula",
        "rollup",
        "multipleLookupValues",
        "lookup",
        "createdTime",
        "lastModifiedTime",
    ):
        return result_of(base, field, known)
    if field.type in _SYSTEM_RESULTS:
        return _SYSTEM_RESULTS[field.type]
    return {"type": field.type, "options": dict(field.options)} if field.options else {"type": field.type}


def _formula_type(field: Field) -> str:
    """The Airtable type, or that of the result where the schema tells it."""
    if field.type in ("formula", "rollup"):
        return str((field.options.get("result") or {}).get("type") or "any")
    return field.type
