"""An answer made to fit its budget: what is too long is cut, and every cut is said.

This is the only place that shortens what a tool returns. Both forms of an answer, text and structure, stay
within the budget; short values, ids above all, are never cut.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyairtable_mcp.answers.budget import size
from pyairtable_mcp.answers.rendering import render

_SHORT = 48
"""Characters of JSON up to which a text stays whole: an id, a date, a type."""
_LEAST = 160
"""What each entry of a long object gets at least; the entries that this leaves no room for go."""
_TOLD = 6
"""Cuts that are told one by one."""
_PATH = 80


@dataclass(slots=True)
class _Cuts:
    """What was cut, by its place in the answer with the list positions left out."""

    places: dict[str, list[str]] = field(default_factory=dict)

    def note(self, path: str, shown: int, whole: int, unit: str) -> None:
        place = path if len(path) <= _PATH else path[:_PATH] + "..."
        self.places.setdefault(place, []).append(f"{shown:,} of {whole:,} {unit}")

    def add(self, other: "_Cuts") -> None:
        for place, found in other.places.items():
            self.places.setdefault(place, []).extend(found)

    def told(self) -> str:
        """Each place with what it shows, or in how many of its values something is missing."""
        lines = [
            f"{place} shows {found[0]}" if len(found) == 1 else f"{len(found)} values of {place} are cut"
            for place, found in self.places.items()
        ]
        more = len(lines) - _TOLD
        return "; ".join([*lines[:_TOLD], f"{more} more are cut"] if more > 0 else lines)


def weight(answer: Mapping[str, Any]) -> int:
    """The characters of the longer one of an answer's two forms."""
    return max(size(answer), len(render(answer)))


def bounded(answer: Mapping[str, Any], budget: int) -> tuple[dict[str, Any], str]:
    """The answer within `budget` characters, and what was cut from it, "" for nothing."""
    room = budget
    excess = weight(answer)
    fitted, cuts = dict(answer), _Cuts()
    while excess > budget and room > _LEAST:
        cuts = _Cuts()
        fitted = _fit_object(answer, room, "", cuts)
        excess = weight(fitted)
        # What is cut has its own overhead, and the text may be longer than the JSON that was measured.
        room = int(room * 0.95 * min(1.0, budget / excess))
    return fitted, cuts.told()


def _fit(value: Any, room: int, path: str, cuts: _Cuts) -> Any:
    """The value in about `room` characters of JSON."""
    if size(value) <= max(room, _SHORT):
        return value
    match value:
        case str():
            return _fit_text(value, room, path, cuts)
        case Mapping():
            return _fit_object(value, room, path, cuts)
        case Sequence():
            return _fit_list(value, room, path, cuts)
        case _:
            return value


def _fit_text(text: str, room: int, path: str, cuts: _Cuts) -> str:
    """The beginning of the text, with a mark where it ends."""
    kept = min(len(text), max(room, _SHORT))
    while kept and size(text[:kept]) > room:
        kept = int(kept * 0.9)
    cuts.note(path, kept, len(text), "characters")
    return f"{text[:kept]}… [cut: {len(text) - kept:,} more characters]"


def _fit_list(items: Sequence[Any], room: int, path: str, cuts: _Cuts) -> list[Any]:
    """The first items; one that is much larger than the others is itself cut."""
    share = max(_share([size(item) for item in items], room), room // 4)
    kept: list[Any] = []
    for item in items:
        inner = _Cuts()
        fitted = _fit(item, share, f"{path}[]", inner)
        room -= size(fitted) + 1
        if kept and room < 0:
            break
        kept.append(fitted)
        cuts.add(inner)
    if len(kept) < len(items):
        cuts.note(path, len(kept), len(items), "items")
    return kept


def _fit_object(entries: Mapping[str, Any], room: int, path: str, cuts: _Cuts) -> dict[str, Any]:
    """Every entry, the large ones cut to a share; of an object with very many entries, the first ones."""
    sizes = {key: size(key) + size(value) + 2 for key, value in entries.items()}
    share = max(_share(list(sizes.values()), room), _LEAST)
    kept: dict[str, Any] = {}
    for key, inner_room in _roomy(sizes, room, share):
        kept[key] = _fit(entries[key], inner_room, f"{path}.{key}" if path else key, cuts)
    if len(kept) < len(entries):
        cuts.note(path or "the answer", len(kept), len(entries), "entries")
    return kept


def _roomy(sizes: Mapping[str, int], room: int, share: int) -> Iterator[tuple[str, int]]:
    """The keys that have a place in `room`, with the room of each one's value."""
    for key, needed in sizes.items():
        granted = min(needed, share)
        room -= granted
        # Half of a share may go over: a cut entry is not exactly as long as it was granted.
        if room < -share // 2:
            return
        yield key, granted - size(key) - 2


def _share(sizes: Sequence[int], room: int) -> int:
    """How much each may have at most, so that all together have `room`: the small ones leave theirs over."""
    left = room
    for index, needed in enumerate(sorted(sizes)):
        fair = left // (len(sizes) - index)
        if needed > fair:
            return fair
        left -= needed
    return room
