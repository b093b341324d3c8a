"""What is known of a value before it is computed: its kind, and whether it may be blank."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce


class Kind(StrEnum):
    """The kinds of values; the names are what `result_type` says."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    ARRAY = "array"
    BLANK = "blank"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind, and whether blank may stand in its place; ANY and BLANK always may be."""

    kind: Kind
    may_be_blank: bool = False


TEXT, NUMBER, BOOLEAN, DATE, ARRAY = (
    Shape(kind) for kind in (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.DATE, Kind.ARRAY)
)
MAYBE_TEXT, MAYBE_NUMBER, MAYBE_BOOLEAN, MAYBE_DATE = (
    Shape(kind, may_be_blank=True) for kind in (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.DATE)
)
SINGLE = frozenset({Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.DATE, Kind.BLANK})
"""The kinds that are known to be no array."""

BLANK = Shape(Kind.BLANK, may_be_blank=True)
ANY = Shape(Kind.ANY, may_be_blank=True)


def one_of(shapes: Iterable[Shape]) -> Shape:
    """What is known of a value that has one of these shapes."""
    return reduce(_either, shapes)


def _either(first: Shape, second: Shape) -> Shape:
    if first == second:
        return first
    if Kind.BLANK in (first.kind, second.kind):
        other = second if first.kind is Kind.BLANK else first
        return Shape(other.kind, may_be_blank=True)
    if first.kind is second.kind:
        return Shape(first.kind, may_be_blank=True)
    return ANY
