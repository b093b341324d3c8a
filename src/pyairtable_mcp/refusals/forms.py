"""The form of an argument in a few words, made of the JSON schema that the tool list shows."""

import json
from collections.abc import Mapping
from typing import Any

_NAMES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_WIDEST = 12
"""Choices of one argument that are shown."""


def form_of(schema: Mapping[str, Any]) -> str:
    """What a value of this schema looks like: {"id": text, "fields": {...}}, or [text, ...]."""
    match schema:
        case {"enum": [*choices]}:
            shown = [json.dumps(choice, ensure_ascii=False) for choice in choices[:_WIDEST]]
            return " or ".join([*shown, "..."] if len(choices) > _WIDEST else shown)
        case {"const": value}:
            return json.dumps(value, ensure_ascii=False)
        case {"anyOf": [*branches]}:
            return " or ".join(dict.fromkeys(form_of(branch) for branch in branches))
        case {"type": "array"}:
            return f"[{form_of(schema.get('items') or {})}, ...]"
        case {"type": "object", "properties": properties} if properties:
            return call_form(schema)
        case {"type": "object"}:
            return f'{{"key": {form_of(_member(schema))}, ...}}'
        case {"type": str(type)} if type in _NAMES:
            return _NAMES[type] + _bounds(schema)
        case _:
            return "value"


def call_form(schema: Mapping[str, Any]) -> str:
    """The members of an object, those that may be left out with a ? behind their names."""
    required = schema.get("required", ())
    members = [
        f'"{name}"{"" if name in required else "?"}: {form_of(member)}'
        for name, member in schema.get("properties", {}).items()
    ]
    return "{" + ", ".join(members) + "}"


def _member(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stands behind each key of an object whose keys are free."""
    members = schema.get("additionalProperties")
    return members if isinstance(members, Mapping) else {}


def _bounds(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    shortest, longest = schema.get("minLength"), schema.get("maxLength")
    match low, high, shortest, longest:
        case int(), int(), _, _:
            return f" from {low} to {high}"
        case int(), None, _, _:
            return f" from {low}"
        case None, None, int(), int():
            return f" of {shortest} to {longest} characters"
        case _:
            return ""
