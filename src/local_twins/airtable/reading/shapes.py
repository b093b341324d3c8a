"""Records as the API answers with them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import fields
from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.model.attachments import Addresses, with_addresses
from local_twins.airtable.model.cells import LINK, Getter
from local_twins.airtable.model.lookups import link_path
from local_twins.airtable.model.rows import Row
from local_twins.airtable.model.schema import Field, Table
from local_twins.airtable.plans.results import FREE_NUMBER

Json = dict[str, Any]


class TextFormat(NamedTuple):
    """cellFormat=string: every value as text, in that zone and locale."""

    time_zone: str
    locale: str


class Shape(NamedTuple):
    """How the cells of an answer are named, which of them are in it (None: all), and in what form.

    `addresses` makes those of kept files.
    """

    addresses: Addresses
    by_id: bool = False
    field_ids: frozenset[str] | None = None
    text: TextFormat | None = None


def to_json(records: Records, table: Table, rows: Sequence[Row], shape: Shape) -> list[Json]:
    """The records of one table in that shape; empty cells are left out."""
    columns = [
        (name, read if read and shape.text is None else _reader(records, field, rows, shape))
        for field, name, read in records.open_base.columns(table, by_id=shape.by_id)
        if shape.field_ids is None or field.id in shape.field_ids
    ]
    return [{"id": row.id, "createdTime": row.created_time, "fields": _cells(row, columns)} for row in rows]


def _cells(row: Row, columns: Sequence[tuple[str, Callable[[Row], Any]]]) -> Json:
    return {name: value for name, read in columns if (value := read(row)) is not None}


def _reader(records: Records, field: Field, rows: Sequence[Row], shape: Shape) -> Callable[[Row], Any]:
    if shape.text is not None:
        return _text_reader(records, field, rows, shape)
    if field.type == LINK:
        targets = records.links(field, rows)
        return lambda row: targets.get(row.id)
    return _file_reader(records.open_base.getter(field.id), shape.addresses)


def _file_reader(read: Getter, addresses: Addresses) -> Getter:
    return lambda row: with_addresses(read(row), addresses)


def _text_reader(
    records: Records, field: Field, rows: Sequence[Row], shape: Shape
) -> Callable[[Row], str | None]:
    column = dict(zip((row.id for row in rows), records.shown_column(field, rows), strict=True))
    if link_path(records.open_base.base, field):
        return lambda row: ", ".join(column[row.id] or ()) or None
    options, text = _shown_options(records, field), shape.text
    assert text is not None, "only a shape with a text format asks for texts"  # noqa: S101 - see _reader
    shows_files = records.open_base.shows_files(field)

    def read(row: Row) -> str | None:
        value = column[row.id]
        if value is None:
            return None
        if shows_files:
            value = with_addresses(value, shape.addresses)
        return fields.text(field.type, value, options, locale=text.locale, time_zone=text.time_zone) or None

    return read


def _shown_options(records: Records, field: Field) -> Mapping[str, Any]:
    """The options, and for a computed field what its values look like: numbers, with the digits they have."""
    derived = records.open_base.derived_options(field)
    if "result" not in field.options and derived.get("result") == FREE_NUMBER:
        return field.options
    return {**field.options, **derived}
