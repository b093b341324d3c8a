"""How long a value is when it is sent, and lists of names that stay short."""

import json
from collections.abc import Iterable
from typing import Any

from pydantic_core import to_json

from pyairtable_mcp.answers.showing import in_a_sentence

_LONGEST_NAME = 80


compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
"""The value's JSON, in as few characters as there can be."""


def size(value: Any) -> int:
    """The characters of a value's JSON when it is sent."""
    try:
        return sent_size(value)
    except ValueError:
        # Half of a surrogate pair goes as a single character.
        return len(compact(value))


def sent_size(value: Any) -> int:
    """See `size`. Raises ValueError for what cannot be sent, for it holds half of a surrogate pair."""
    # By what the SDK writes with, in a quarter of the time that `compact` takes.
    return len(to_json(value, fallback=str).decode())


def shortened(names: Iterable[str], limit: int = 20) -> str:
    """The names in quotes, and how many more there are."""
    known = list(names)
    listed = ", ".join(f'"{_short(name)}"' for name in known[:limit])
    return listed if len(known) <= limit else f"{listed} and {len(known) - limit} more"


def clipped(text: str, longest: int) -> str:
    """The text; of one that is longer, so much of its beginning."""
    return text if len(text) <= longest else text[:longest] + "…"


def _short(name: str) -> str:
    return in_a_sentence(clipped(name, _LONGEST_NAME))
