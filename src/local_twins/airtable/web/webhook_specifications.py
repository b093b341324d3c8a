"""What a webhook asks to be told of, judged before it is kept."""

from collections.abc import Callable, Mapping
from typing import Any

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.schema import Base

Json = dict[str, Any]
_Rule = Callable[[Base, Any], bool]

_DATA_TYPES: Mapping[str, str] = {
    "tableData": "data.records:read",
    "tableFields": "schema.bases:read",
    "tableMetadata": "schema.bases:read",
}
"""What a webhook may be told of, and the scope that reads it."""
_CHANGE_TYPES = frozenset({"add", "remove", "update"})
_SOURCES = frozenset(
    {"client", "publicApi", "formSubmission", "formPageSubmission", "automation", "system", "sync"}
    | {"anonymousUser", "unknown"}
)


def checked_specification(base: Base, told: Any) -> Json:
    """The specification as it was given. Raises Refusal for what Airtable could not follow."""
    options = told.get("options") if isinstance(told, dict) else None
    filters = options.get("filters") if isinstance(options, dict) else None
    includes = options.get("includes", {}) if isinstance(options, dict) else None
    if not isinstance(filters, dict) or not isinstance(includes, dict) or not filters.get("dataTypes"):
        raise Refusal(errors.PARAMETERS_INVALID)
    if not _holds(base, filters, _FILTERS) or not _holds(base, includes, _INCLUDES):
        raise Refusal(errors.PARAMETERS_INVALID)
    return dict(told)


def scopes_of(specification: Mapping[str, Any]) -> frozenset[str]:
    """The scopes that read what the specification asks for."""
    return frozenset(_DATA_TYPES[name] for name in specification["options"]["filters"]["dataTypes"])


def _holds(base: Base, given: Json, rules: Mapping[str, _Rule]) -> bool:
    return all(key in rules and rules[key](base, value) for key, value in given.items())


def _some_of(allowed: frozenset[str]) -> _Rule:
    return lambda _base, value: (
        isinstance(value, list) and all(isinstance(member, str) and member in allowed for member in value)
    )


def _fields(base: Base, value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(member, str) and member in base.fields for member in value
    )


def _scope(base: Base, value: Any) -> bool:
    ids = {table.id for table in base.tables} | {view.id for table in base.tables for view in table.views}
    return isinstance(value, str) and value in ids


def _flag(_base: Base, value: Any) -> bool:
    return isinstance(value, bool)


_FILTERS: Mapping[str, _Rule] = {
    "dataTypes": _some_of(frozenset(_DATA_TYPES)),
    "recordChangeScope": _scope,
    "changeTypes": _some_of(_CHANGE_TYPES),
    "fromSources": _some_of(_SOURCES),
    "watchDataInFieldIds": _fields,
    "watchSchemasOfFieldIds": _fields,
    "sourceOptions": lambda _base, value: isinstance(value, dict),
}
_INCLUDES: Mapping[str, _Rule] = {
    "includeCellValuesInFieldIds": lambda base, value: value == "all" or _fields(base, value),
    "includePreviousCellValues": _flag,
    "includePreviousFieldDefinitions": _flag,
}
