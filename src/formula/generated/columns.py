"""Columns of cells: what the cells of a batch have in common, and their values in the quickest form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from formula.cells import ANY, CellType
from formula.coercion import bounded
from formula.shapes import BLANK, Kind, Shape, one_of
from formula.values import FAILURES

_NOTHING = type(None)
_NUMBERS = frozenset({int, float})
_DAY = 10
"""Characters of a calendar day."""


@dataclass(frozen=True, slots=True)
class Form:
    """What is known of the values in a column, in the words of a Fragment.

    Without `stored`, they are whatever the field's type reads. `is_ready` says of cells that they are the
    values already.
    """

    shape: Shape
    stored: type | None = None
    is_day: bool = False
    is_ready: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Source:
    """A field that a formula reads, and how its cells are read."""

    name: str
    cell: CellType
    array_items: int

    def form(self, cells: Sequence[Any]) -> Form:
        """What the cells have in common: a form that the field's type allows, and the narrowest we know."""
        if self.cell.shape.kind is Kind.NUMBER and _are_numbers(cells):
            return _ALL_NUMBERS
        is_text = self.cell.shape.kind in _MAYBE_TEXT and _are_texts(cells)
        kinds = _TEXTS if is_text else frozenset(map(type, cells))
        filled = kinds - {_NOTHING}
        if not filled:
            return Form(self.cell.shape if self.cell.shape.kind is Kind.ARRAY else BLANK)
        kind = _KINDS.get(filled)
        if kind is Kind.TEXT and self.cell.shape.kind is Kind.DATE:
            return self._date_form(cells, has_blanks=filled != kinds)
        if kind is None or self.cell.shape.kind not in (kind, Kind.ANY):
            return Form(self.cell.shape)
        has_blanks = filled != kinds or (self._is_checkbox and False in cells)
        is_ready = int not in kinds and not (has_blanks and self._is_checkbox)
        return Form(Shape(kind, may_be_blank=has_blanks), _STORED[kind], is_ready=is_ready)

    @property
    def _is_checkbox(self) -> bool:
        """Whether False stands for no value."""
        return self.cell.shape.kind is Kind.BOOLEAN

    def _date_form(self, cells: Sequence[Any], *, has_blanks: bool) -> Form:
        shape = Shape(Kind.DATE, may_be_blank=has_blanks)
        if not self.cell.keeps_days:
            return Form(shape, datetime)
        lengths = {len(cell) for cell in cells if cell is not None}
        if _DAY in lengths and len(lengths) > 1:
            return Form(self.cell.shape)
        return Form(shape, datetime, is_day=_DAY in lengths)

    def values(self, cells: Sequence[Any], seen: Form, wanted: Form, failed: set[int]) -> Sequence[Any]:
        """The values of the cells, in the wanted form, which holds the one that was seen.

        A cell that cannot be read is None here, whatever the form, and its row is added to `failed`.
        """
        try:
            quick = self._quick_values(cells, seen, wanted)
        except (ValueError, OverflowError):
            quick = None
        return self._slow_values(cells, wanted, failed) if quick is None else quick

    def _quick_values(self, cells: Sequence[Any], seen: Form, wanted: Form) -> Sequence[Any] | None:
        if seen.is_ready or seen.shape == BLANK:
            return cells
        if seen.stored is datetime:
            return _instants(cells, seen) if wanted.stored is datetime else None
        if seen.stored is float and not seen.shape.may_be_blank:
            return list(map(float, cells))
        if seen.stored is float:
            return [None if cell is None else float(cell) for cell in cells]
        return [cell or None for cell in cells] if seen.stored is bool else None

    def _slow_values(self, cells: Sequence[Any], wanted: Form, failed: set[int]) -> list[Any]:
        values: list[Any] = []
        for index, cell in enumerate(cells):
            try:
                value: Any = bounded(self.cell.load(cell), self.array_items)
            except FAILURES:
                failed.add(index)
                value = None
            is_instant = value is not None and wanted.stored is datetime
            values.append(value.instant if is_instant else value)
        return values


_ALL_NUMBERS = Form(Shape(Kind.NUMBER), float)
_TEXTS = frozenset({str})
_MAYBE_TEXT = frozenset({Kind.TEXT, Kind.DATE, Kind.ANY})
_PIECE = 256
"""Texts that are joined at once: however long they are, the whole stays small."""


def _are_texts(cells: Sequence[Any]) -> bool:
    """Whether all of them are texts; joining them tells it three times as fast as asking."""
    try:
        for start in range(0, len(cells), _PIECE):
            "".join(cells[start : start + _PIECE])
    except TypeError:
        return False
    return True


def _are_numbers(cells: Sequence[Any]) -> bool:
    """Whether all of them are numbers or booleans; summing them tells it five times as fast as asking."""
    try:
        sum(cells)
    except (TypeError, OverflowError):
        return False
    return True


_KINDS: Mapping[frozenset[type], Kind] = {
    _TEXTS: Kind.TEXT,
    frozenset({bool}): Kind.BOOLEAN,
    **dict.fromkeys((_NUMBERS, frozenset({int}), frozenset({float})), Kind.NUMBER),
}
_STORED: Mapping[Kind, type] = {Kind.TEXT: str, Kind.BOOLEAN: bool, Kind.NUMBER: float}


def _instants(cells: Sequence[Any], seen: Form) -> list[Any] | None:
    """The instants of ISO texts as Airtable writes them. None, or ValueError, if any is written otherwise."""
    if seen.is_day:
        return list(map(_instant_of_day, cells))
    if not all(map(_is_common, filter(None, cells))):
        return None
    return [None if cell is None else datetime.fromisoformat(cell) for cell in cells]


@lru_cache(maxsize=8_192)
def _instant_of_day(text: str | None) -> datetime | None:
    """The beginning of a day in UTC, kept as days repeat; ValueError if it is not written as 2026-11-23."""
    if text is None:
        return None
    if not text[4] == "-" == text[7]:
        raise ValueError(text)
    return datetime.fromisoformat(f"{text}T00:00Z")


def _is_common(text: str) -> bool:
    """Whether a text has the length and the signs of 2026-11-23T07:30:00.000Z."""
    return text[4:20:3] == "--T::." and text[23:] == "Z"


def joined(first: Form, second: Form) -> Form:
    """What is known of values that have one form or the other."""
    if first == second:
        return first
    blank, other = (first, second) if first.shape == BLANK else (second, first)
    shape = one_of([first.shape, second.shape])
    if blank.shape == BLANK:
        return Form(shape, other.stored, other.is_day)
    agree = (first.stored, first.is_day) == (second.stored, second.is_day)
    return Form(shape, first.stored, first.is_day) if agree else Form(shape)


def sources(names: Sequence[str], types: Mapping[str, CellType], array_items: int) -> tuple[Source, ...]:
    """The sources of the fields with these names; one without a type is read by its values."""
    return tuple(Source(name, types.get(name, ANY), array_items) for name in names)
