"""How messages name a value, a list of names, and the name that was probably meant."""

from collections.abc import Iterable, Mapping
from typing import Any

_LONGEST = 60
_MOST_NAMES = 20


def shown(value: Any) -> str:
    """The value as a message may show it: short, on one line, safe to send."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case int() if value.bit_length() > 128:
            return "a number of more than 38 digits"
        case int() | float():
            return str(value)
        case Mapping():
            return f"an object with {listed(map(str, value))}" if value else "an empty object"
        case list() | tuple():
            return f"a list of {len(value)}" if value else "an empty list"
    return f"a {type(value).__name__}"


def quoted(text: str) -> str:
    """The text in double quotes, cut when long."""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    # Half a surrogate pair would break whoever encodes the message.
    sendable = short.encode("utf-8", "replace").decode("utf-8")
    return '"' + " ".join(sendable.split("\n")) + '"'


def listed(names: Iterable[str]) -> str:
    """The names with commas between, the first twenty of many."""
    every = list(names)
    told = ", ".join(quoted(name)[1:-1] for name in every[:_MOST_NAMES])
    rest = len(every) - _MOST_NAMES
    return f"{told} and {rest} more" if rest > 0 else told


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that was probably meant: the same but for case and spaces, else the most alike."""
    folded = {_folded(candidate): candidate for candidate in names}
    wanted = _folded(name)
    if wanted in folded:
        return folded[wanted]
    from difflib import get_close_matches  # read only when something is wrong already

    found = get_close_matches(wanted[:_LONGEST], folded, n=1)
    return folded[found[0]] if found else None


def hint(name: str, names: Iterable[str]) -> str:
    """A sentence with the nearest name, to stand after another; empty when none is near."""
    near = nearest(name, names)
    return f" Nearest: {quoted(near)}." if near is not None else ""


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
