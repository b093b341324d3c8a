"""The schemas of the library's own options, in as few words as their tables need."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]


def text(description: str, *names: str) -> Schema:
    """A text, one of `names` if there are any."""
    return {"type": "string", "description": description} | ({"enum": list(names)} if names else {})


def flag(description: str) -> Schema:
    """True or false."""
    return {"type": "boolean", "description": description}


def count(description: str) -> Schema:
    """A whole number from zero on."""
    return {"type": "integer", "minimum": 0, "maximum": 2**53, "description": description}


def texts(description: str, *names: str) -> Schema:
    """A list of texts, each one of `names` if there are any."""
    return {"type": "array", "items": text("", *names), "description": description}
