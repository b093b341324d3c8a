"""How long a value is when it is sent, and lists of names that stay short."""

import json
from collections.abc import Iterable
from typing import Any

from pyairtable_mcp.answers.showing import in_a_sentence

_LONGEST_NAME = 80


compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
"""The value's JSON, in as few characters as there can be."""


def size(value: Any) -> int:
    """The characters of a value's compact JSON."""
    return len(compact(value))


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
