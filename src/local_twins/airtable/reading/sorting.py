"""The order of records by their cells, as Airtable sorts each type."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import fields
from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.model.cells import choices
from local_twins.airtable.model.rows import Row
from local_twins.airtable.model.schema import Field
from local_twins.airtable.reading.query import SortKey

Rank = Callable[[Any], Any]
"""A REST value in, something that compares out; the values of one field compare with each other."""


def in_order(records: Records, rows: Sequence[Row], keys: Sequence[SortKey]) -> list[Row]:
    """The rows by the first key, then the second, and so on; empty cells come first when ascending."""
    ordered = list(rows)
    for key in reversed(keys):
        ranks = _ranks(records, key.field, ordered)
        places = sorted(range(len(ordered)), key=ranks.__getitem__, reverse=key.descending)
        ordered = [ordered[place] for place in places]
    return ordered


def _ranks(records: Records, field: Field, rows: Sequence[Row]) -> list[tuple[bool, Any]]:
    rank = _RANKS.get(field.type, _by_value)(field)
    column = records.shown_column(field, rows)
    return [(False, ()) if value is None else (True, rank(value)) for value in column]


def _by_value(field: Field) -> Rank:
    """Numbers before text, numbers by size, text without regard to case; lists by their text."""

    def rank(value: Any) -> tuple[int, Any]:
        if isinstance(value, int | float):
            return (0, value)
        text = value if isinstance(value, str) else fields.text(field.type, value, field.options)
        return (1, text.casefold())

    return rank


def _by_choice(field: Field) -> Rank:
    """In the order of the choices."""
    places = {choice["name"]: place for place, choice in enumerate(choices(field))}
    return lambda value: tuple(
        places.get(name, len(places)) for name in (value if isinstance(value, list) else [value])
    )


def _by_names(_field: Field) -> Rank:
    """By the names of the linked records."""
    return lambda names: tuple(name.casefold() for name in names)


_RANKS: Mapping[str, Callable[[Field], Rank]] = {
    "singleSelect": _by_choice,
    "multipleSelects": _by_choice,
    "multipleRecordLinks": _by_names,
}
