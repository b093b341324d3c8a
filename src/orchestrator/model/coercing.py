"""Whole numbers that the wire carried as 3.0, made integers where the schema wants them, and nowhere else."""

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

_DEPTH = 24
"""Schemas may refer to themselves; values this deep are left as they are."""


def coerced(value: Any, schema: Any) -> Any:
    """The value, with integral floats turned into integers at each place where only an integer fits."""
    return _coerced(value, schema, schema, _DEPTH)


def _coerced(value: Any, schema: Any, root: Any, depth: int) -> Any:
    if depth == 0:
        return value
    options = list(_options(schema, root, set()))
    match value:
        case float() if value.is_integer() and _wants_integer(options):
            return int(value)
        case Mapping():
            return {
                key: _coerced(item, _member(key, options), root, depth - 1) for key, item in value.items()
            }
        case list():
            return [
                _coerced(item, _item(place, options), root, depth - 1) for place, item in enumerate(value)
            ]
        case _:
            return value


def _options(schema: Any, root: Any, seen: set[str]) -> Iterator[Json]:
    """The schema and every one that it refers to or offers, each reference followed once."""
    if not isinstance(schema, Mapping):
        return
    yield schema
    if isinstance(reference := schema.get("$ref"), str) and reference not in seen:
        seen.add(reference)
        yield from _options(_resolved(reference, root), root, seen)
    for word in ("anyOf", "oneOf", "allOf"):
        offered = schema.get(word)
        for option in offered if isinstance(offered, list) else ():
            yield from _options(option, root, seen)


def _resolved(reference: str, root: Any) -> Any:
    """What a pointer within the schema names; None for any other reference."""
    if not reference.startswith("#"):
        return None
    place = root
    for step in reference[1:].split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        place = place.get(name) if isinstance(place, Mapping) else None
    return place


def _wants_integer(options: list[Json]) -> bool:
    """Whether an integer is asked for, and a number is not."""
    types = {name for option in options for name in _types(option)}
    return "integer" in types and "number" not in types


def _types(schema: Json) -> list[Any]:
    named = schema.get("type", [])
    return named if isinstance(named, list) else [named]


def _member(key: str, options: list[Json]) -> Any:
    """What is asked of the value under that key."""
    found = []
    for option in options:
        properties = option.get("properties")
        if isinstance(properties, Mapping) and key in properties:
            found.append(properties[key])
        elif isinstance(option.get("additionalProperties"), Mapping):
            found.append(option["additionalProperties"])
    return {"anyOf": found}


def _item(place: int, options: list[Json]) -> Any:
    """What is asked of the item at that place."""
    found = []
    for option in options:
        first = option.get("prefixItems")
        is_first = isinstance(first, list) and place < len(first)
        found.append(first[place] if is_first and isinstance(first, list) else option.get("items"))
    return {"anyOf": found}
