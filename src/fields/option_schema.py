"""A judge of options by their schema: the part of JSON Schema that Airtable's options need."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from fields.problems import Path, Problem
from fields.wording import hint, listed, nearest, quoted, sendable, shown

Schema: TypeAlias = Mapping[str, Any]

_KINDS: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "object": lambda value: isinstance(value, Mapping),
        "array": lambda value: isinstance(value, list | tuple),
        "string": lambda value: isinstance(value, str),
        "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
        "boolean": lambda value: isinstance(value, bool),
    }
)


def violations(value: Any, schema: Schema, label: str, path: Path = ()) -> Iterator[Problem]:
    """Everything in which the value departs from the schema, outermost first.

    Understands type, enum, minimum, maximum, minLength, properties, required, additionalProperties, items.
    """
    kind = schema["type"]
    if not _KINDS[kind](value):
        yield Problem("bad_option", f"{_where(label, path)} is of type {kind}, not {shown(value)}.", path)
    elif kind == "object":
        yield from _object_violations(value, schema, label, path)
    elif kind == "array":
        for index, member in enumerate(value):
            yield from violations(member, schema["items"], label, (*path, index))
    else:
        yield from _scalar_violations(value, schema, label, path)


def given_violations(value: Any, schema: Schema, label: str, path: Path = ()) -> Iterator[Problem]:
    """As `violations`, of options as they are read: what is missing, null or unknown to the schema passes."""
    if schema["type"] == "object" and isinstance(value, Mapping):
        properties: Mapping[str, Schema] = schema.get("properties", {})
        for key in value.keys() & properties.keys():
            if value[key] is not None:
                yield from given_violations(value[key], properties[key], label, (*path, key))
    elif schema["type"] == "array" and isinstance(value, list | tuple):
        for index, member in enumerate(value):
            yield from given_violations(member, schema["items"], label, (*path, index))
    else:
        yield from violations(value, schema, label, path)


def _object_violations(value: Mapping[str, Any], schema: Schema, label: str, path: Path) -> Iterator[Problem]:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    for key in schema.get("required", ()):
        if key not in value:
            message = f"{_where(label, (*path, key))} is missing{_choice_of(properties[key])}."
            yield Problem("missing_option", message, (*path, key))
    for key, member in value.items():
        if key in properties:
            yield from violations(member, properties[key], label, (*path, key))
        elif not schema.get("additionalProperties", True):
            yield _unknown(str(key), properties, label, path)


def _unknown(key: str, properties: Mapping[str, Schema], label: str, path: Path) -> Problem:
    takes = f"It takes {listed(properties)}." if properties else "It takes none."
    message = (
        f"{_where(label, path)} has no option {quoted(key)} to write. {takes}{hint(nearest(key, properties))}"
    )
    return Problem("bad_option", message, (*path, sendable(key)))


def _scalar_violations(value: Any, schema: Schema, label: str, path: Path) -> Iterator[Problem]:
    where = _where(label, path)
    if "enum" in schema and value not in schema["enum"]:
        near = nearest(value, schema["enum"])
        message = f"{where} is {shown(value)}{_choice_of(schema)}.{hint(near)}"
        yield Problem("bad_option", message, path, near)
    if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        bounds = f"{schema['minimum']} to {schema['maximum']}"
        nearer = min(max(value, schema["minimum"]), schema["maximum"])
        yield Problem("bad_option", f"{where} goes from {bounds}, not {shown(value)}.", path, nearer)
    if len(value if isinstance(value, str) else "filled") < schema.get("minLength", 0):
        yield Problem("bad_option", f"{where} is empty.", path)


def _choice_of(schema: Schema) -> str:
    return f"; it is one of {listed(schema['enum'])}" if "enum" in schema else ""


def _where(label: str, path: Path) -> str:
    return f"{label}: options" + "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in path
    )
