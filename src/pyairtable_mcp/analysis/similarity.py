"""How alike two records are in the fields that are compared, from 0 to 1."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from airtable_gateway import Record
from pyairtable_mcp.analysis.cell_text import cell_text
from pyairtable_mcp.analysis.identity import folded, identity

_ROUNDING = 1e-9  # must not cost a pair that is exactly at the threshold
_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """What some records say alike in each compared field: an identity, and its words if it is text."""

    identities: tuple[Hashable, ...]
    texts: tuple[str, ...]
    sorted_texts: tuple[str, ...]
    records: list[Record] = field(default_factory=list)

    @classmethod
    def of(cls, values: Sequence[Any]) -> Self:
        """The entry of these values, with no record yet."""
        texts = tuple(_words(value) for value in values)
        ordered = tuple(" ".join(sorted(text.split())) for text in texts)
        return cls(tuple(identity(value, folded) for value in values), texts, ordered)


def likeness(one: Entry, other: Entry, enough: float = 0.0) -> float:
    """The mean over the fields of how alike they are; any lower figure where it cannot reach `enough`.

    Equal values, two empty ones included, count 1. Texts and lists of texts count the better of rapidfuzz's
    ratio (share of common characters in order) of the words as they stand and of the words sorted. All else
    that differs, numbers, people and files among it, counts 0.
    """
    fields = len(one.identities)
    lacking = fields * (1 - enough)
    for index in range(fields):
        if one.identities[index] != other.identities[index]:
            lacking -= 1 - _text_likeness(one, other, index, 1 - lacking)
            if lacking < -_ROUNDING:
                return max(0.0, min(enough + lacking / fields, 1.0))
    return min(enough + max(lacking, 0.0) / fields, 1.0)


def _text_likeness(one: Entry, other: Entry, index: int, enough: float) -> float:
    """How alike the two texts are, 0 if that is not `enough`: long texts are told apart early."""
    # On first use: exact duplicates, and a server that starts, do without it.
    from rapidfuzz.fuzz import ratio

    first, second = one.texts[index], other.texts[index]
    if not first or not second:
        return 0.0
    cutoff = 100 * max(enough - _ROUNDING, 0)
    in_order = ratio(first, second, score_cutoff=cutoff)
    by_word = ratio(one.sorted_texts[index], other.sorted_texts[index], score_cutoff=max(in_order, cutoff))
    return max(in_order, by_word) / 100


def _words(value: Any) -> str:
    """The folded words of a text or a list of texts, punctuation gone; "" for anything else."""
    members = value if isinstance(value, list) else [value]
    if not all(isinstance(member, str) for member in members):
        return ""
    text = folded(cell_text(value))
    return _PUNCTUATION.sub(" ", text).strip() or text
