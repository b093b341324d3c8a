"""Schemas without the words that JSON Schema does not know.

To a validator they say nothing, but Google's own type of a schema refuses them, and tools that other people
made do have them: `optional: true`.
"""

from collections.abc import Mapping
from typing import Any

_SCHEMAS = frozenset(
    {
        "additionalItems", "additionalProperties", "allOf", "anyOf", "contains", "else", "if", "items", "not",
        "oneOf", "prefixItems", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
    }
)  # fmt: skip
"""Their values are schemas, or lists of schemas."""

_NAMED = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})
"""Their values are schemas by name."""

_VALUES = frozenset(
    {
        "$anchor", "$comment", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema", "$vocabulary",
        "const", "contentEncoding", "contentMediaType", "contentSchema", "default", "dependentRequired",
        "deprecated", "description", "enum", "examples", "exclusiveMaximum", "exclusiveMinimum", "format",
        "maxContains", "maxItems", "maxLength", "maxProperties", "maximum", "minContains", "minItems",
        "minLength", "minProperties", "minimum", "multipleOf", "pattern", "readOnly", "required", "title",
        "type", "uniqueItems", "writeOnly",
    }
)  # fmt: skip
"""The other words of JSON Schema, drafts 7 to 2020-12."""


def known(schema: Any) -> Any:
    """The schema with the words that JSON Schema knows, which stay as they are."""
    if isinstance(schema, list):
        return [known(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {word: _value(word, value) for word, value in schema.items() if _is_known(word)}


def _is_known(word: str) -> bool:
    return word in _VALUES or word in _SCHEMAS or word in _NAMED


def _value(word: str, value: Any) -> Any:
    if word in _NAMED and isinstance(value, Mapping):
        return {name: known(one) for name, one in value.items()}
    return known(value) if word in _SCHEMAS else value
