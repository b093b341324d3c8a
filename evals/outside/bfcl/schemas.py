"""BFCL's function documents as tools of an MCP server: its type names are those of several languages."""

from collections.abc import Mapping
from typing import Any

from bfcl_eval.constants.type_mappings import GORILLA_TO_OPENAPI

from evals.outside.bfcl.data import Json

_TYPES = {**GORILLA_TO_OPENAPI, "Boolean": "boolean"}
"""BFCL's own table of types, with the one that it leaves out."""

_ANY = frozenset({"any", "Any", ""})


def json_schema(document: Json) -> dict[str, Any]:
    """The parameters of a function as JSON Schema; all but the names of types stays as it is.

    Raises KeyError for a type that BFCL's table does not know.
    """
    schema: dict[str, Any] = _converted(document["parameters"])
    return schema


def _converted(schema: Any) -> Any:
    if not isinstance(schema, Mapping):
        return schema
    told = {key: value for key, value in schema.items() if key != "type"}
    named = schema.get("type", "")
    # "any" is what JSON Schema says by silence.
    told |= {} if named in _ANY else {"type": _TYPES[named]}
    for key in ("items", "additionalProperties"):
        if key in told:
            told[key] = _converted(told[key])
    if isinstance(properties := told.get("properties"), Mapping):
        told["properties"] = {name: _converted(one) for name, one in properties.items()}
    return told
