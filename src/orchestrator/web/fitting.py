"""JSON made to fit a line: long texts and lists are cut, and say so; keys and short values stay."""

import json
from collections.abc import Mapping
from typing import Any

_TEXTS = (16_000, 4_000, 1_000, 200, 80)
"""The longest texts, in characters, that are tried one after the other."""

_ITEMS_A_TEXT = 20
"""So many characters of the longest text allow one item of a list or an object."""


def fitting(value: Mapping[str, Any], most_bytes: int) -> Mapping[str, Any]:
    """The object itself if its JSON has no more bytes, else as much of it as does."""
    for longest in (None, *_TEXTS):
        cut: Mapping[str, Any] = value if longest is None else _cut(value, longest)
        if bytes_of(json.dumps(cut, ensure_ascii=False)) <= most_bytes:
            return cut
    return {name: item for name, item in value.items() if isinstance(item, str) and len(item) <= _TEXTS[-1]}


def bytes_of(text: str) -> int:
    """How many bytes the text has on the wire."""
    return len(text.encode("utf-8", "replace"))


def _cut(value: Any, longest: int) -> Any:
    most = max(longest // _ITEMS_A_TEXT, 4)
    match value:
        case str() if len(value) > longest:
            return f"{value[:longest]}… (cut: {len(value):,} characters)"
        case list() if len(value) > most:
            kept = [_cut(item, longest) for item in value[:most]]
            return [*kept, f"… (cut: {len(value):,} items)"]
        case list():
            return [_cut(item, longest) for item in value]
        case Mapping():
            items = list(value.items())
            kept_items = {name: _cut(item, longest) for name, item in items[:most]}
            rest = {"…": f"(cut: {len(items):,} members)"} if len(items) > most else {}
            return kept_items | rest
        case _:
            return value
