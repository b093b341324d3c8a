"""How messages name a value, a list of names, and the name that was probably meant."""

from collections.abc import Iterable, Mapping
from typing import Any

_LONGEST = 60
_MOST_NAMES = 20
_ALIKE = 60  # of 100: "Dne" is "Done", "quokka" is nothing


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
    return '"' + " ".join(sendable(short).split("\n")) + '"'


def sendable(text: str) -> str:
    """The text with ? for half a surrogate pair, which would break whoever encodes the message."""
    return text.encode("utf-8", "replace").decode("utf-8")


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
    from rapidfuzz import fuzz, process  # read only when something is wrong already

    found = process.extractOne(wanted[:_LONGEST], folded.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return folded[found[0]] if found else None


def hint(near: str | None) -> str:
    """A sentence with the nearest name, to stand after another; empty when there is none."""
    return f" Nearest: {quoted(near)}." if near is not None else ""


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
