"""What a client wants to see of a table, as a value."""

from dataclasses import dataclass

from local_twins.airtable.model.schema import Field, View
from local_twins.airtable.reading.shapes import Shape

PAGE_SIZE = 100
"""Airtable gives at most a hundred records a page (docs: "List records")."""


@dataclass(frozen=True, slots=True)
class SortKey:
    """A field and a direction."""

    field: Field
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which records, in which order, in what shape; `max_records` None means all."""

    shape: Shape
    filter: str = ""
    sort: tuple[SortKey, ...] = ()
    view: View | None = None
    page_size: int = PAGE_SIZE
    max_records: int | None = None
    offset: str = ""
    with_comment_count: bool = False
