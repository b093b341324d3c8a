"""What a field's texts are like: their lengths, the frequent ones, and those that look odd."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyairtable_mcp.analysis.cell_text import cell_text
from pyairtable_mcp.analysis.identity import folded
from pyairtable_mcp.analysis.profiles.column import SHOWN, Cell, Column, Sighting, shortened
from pyairtable_mcp.analysis.profiles.shapes import LOOKS, stricter_type

TOP = 10
"""How many of the most frequent values are told."""
_EXAMPLES = 3
"""How many of those that occur once."""
_PLAIN_TEXT = ("singleLineText", "multilineText")
_ENOUGH_TO_TELL = 3  # fewer texts look like something by chance


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value as text, at most eighty characters of it, and how often it occurs."""

    value: str
    count: int

    def to_json(self) -> dict[str, Any]:
        """{value, count}."""
        return {"value": self.value, "count": self.count}


@dataclass(frozen=True, slots=True)
class Variants:
    """One value in several spellings, the most frequent first, and the records of the others."""

    spellings: tuple[ValueCount, ...]
    record_ids: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """{spellings [{value, count}], record_ids}."""
        return {
            "spellings": [spelling.to_json() for spelling in self.spellings],
            "record_ids": list(self.record_ids),
        }


@dataclass(frozen=True, slots=True)
class TextFacts:
    """Lengths in characters; `looks_like` is a stricter type that every text fits, None if there is none.

    `invalid` are texts that do not look like what the field is for (e-mail, URL, phone), `blank` hold white
    space alone.
    """

    min_length: int
    mean_length: float
    max_length: int
    top: tuple[ValueCount, ...]
    variants: tuple[Variants, ...]
    blank: Sighting
    invalid: Sighting
    looks_like: str | None

    def to_json(self) -> dict[str, Any]:
        """{min_length, avg_length, max_length, top_values [{value, count}]}."""
        return {
            "min_length": self.min_length,
            "avg_length": round(self.mean_length, 2),
            "max_length": self.max_length,
            "top_values": [value.to_json() for value in self.top],
        }


def measure_texts(column: Column) -> TextFacts | None:
    """The facts of a column of texts, None if it has none."""
    cells = [Cell(cell.record_id, cell_text(cell.value)) for cell in column.members()]
    if not cells:
        return None
    lengths = [len(cell.value) for cell in cells]
    looks = LOOKS.get(column.field.type)
    written = [cell for cell in cells if cell.value.strip()]
    return TextFacts(
        min_length=min(lengths),
        mean_length=sum(lengths) / len(lengths),
        max_length=max(lengths),
        top=_telling(top_values(cells)),
        variants=variants_of(cells),
        blank=Sighting.of(cell for cell in cells if not cell.value.strip()),
        invalid=Sighting.of(cell for cell in written if looks and not looks(cell.value.strip())),
        looks_like=_looks_like(column, written),
    )


def top_values(cells: Sequence[Cell]) -> tuple[ValueCount, ...]:
    """The ten most frequent texts, equally frequent ones by their text."""
    counts = Counter(cell.value for cell in cells)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ValueCount(shortened(text), count) for text, count in ranked[:TOP])


def _telling(top: Sequence[ValueCount]) -> tuple[ValueCount, ...]:
    """Those that recur, and three of the others as examples: a list of unique texts tells nothing more."""
    recurring = [value for value in top if value.count > 1]
    single = [value for value in top if value.count == 1]
    return (*recurring, *single[:_EXAMPLES])


def variants_of(cells: Sequence[Cell]) -> tuple[Variants, ...]:
    """The values that are written in several ways (case, width, white space), the most frequent first."""
    spelt: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        spelt[folded(cell.value)].append(cell)
    groups = [group for text, group in spelt.items() if text and len({cell.value for cell in group}) > 1]
    return tuple(_variants(group) for group in sorted(groups, key=len, reverse=True))


def _variants(group: Sequence[Cell]) -> Variants:
    usual = Counter(cell.value for cell in group).most_common(1)[0][0]
    others = dict.fromkeys(cell.record_id for cell in group if cell.value != usual)
    return Variants(top_values(group), tuple(others)[:SHOWN])


def _looks_like(column: Column, cells: Sequence[Cell]) -> str | None:
    if column.field.type not in _PLAIN_TEXT or len(cells) < _ENOUGH_TO_TELL:
        return None
    return stricter_type([cell.value for cell in cells])
