"""What makes two cell values the same value, though they are written differently."""

import unicodedata
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from typing import Any

Folding = Callable[[str], str]
"""How much of a text's spelling counts."""


def is_empty(value: Any) -> bool:
    """Whether nothing is in the cell: null, "", a list of nothing; never 0 and never false."""
    if isinstance(value, list | tuple):
        return all(is_empty(member) for member in value)
    return value is None or value == ""


def is_error(value: Any) -> bool:
    """Whether Airtable could not compute the value: an error, NaN or Infinity, or a text no model wrote."""
    match value:
        case {"error": _} | {"specialValue": _} | {"state": "error"}:
            return True
    return False


def as_written(text: str) -> str:
    """The text itself, but for the line ends that Airtable adds to rich text when it is read."""
    return text.rstrip("\r\n")


def folded(text: str) -> str:
    """The text without case, width, ligatures and runs of white space (NFKC, casefold)."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def identity(value: Any, text: Folding = as_written) -> Hashable:
    """A key that is equal for equal values; None for an empty one.

    1 is 1.0 but not true; lists are equal whatever their order; people are their id, else their e-mail
    address; attachments their file name and size, as their addresses change with every reading.
    """
    if is_empty(value):
        return None
    match value:
        case str():
            return text(value) or None
        case bool():
            return ("bool", value)
        case int() | float():
            return ("number", value)
        case list() | tuple():
            members = (identity(member, text) for member in value)
            return ("list", *sorted((member for member in members if member is not None), key=repr))
        case Mapping():
            return _object_identity(value, partial(identity, text=text))
    return repr(value)


def _object_identity(value: Mapping[str, Any], inner: Callable[[Any], Hashable]) -> Hashable:
    match value:
        case {"filename": filename, "size": size}:
            return ("attachment", inner(filename), size)
        case {"id": str(id)} if not id.startswith("att"):
            return ("id", id)
        case {"email": str(email)}:
            return ("email", folded(email))
        case {"text": text}:
            return ("text", inner(text))
    return ("object", *sorted(((key, inner(member)) for key, member in value.items()), key=repr))
