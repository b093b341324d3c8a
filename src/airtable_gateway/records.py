"""Records as they cross the gateway: one record, a page of them, what to list, what to change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

CellValues = Mapping[str, Any]
"""Cell values in Airtable's REST form, by field name."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record; `created_time` is Airtable's ISO text in UTC; empty cells are absent from `fields`.

    `age_seconds` is how long ago Airtable gave it: more than 0 for one from the cache.
    """

    id: str
    created_time: str
    fields: dict[str, Any]
    age_seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Up to a hundred records, and Airtable's offset of the next page, None at the end.

    `age_seconds` is how long ago Airtable gave them: more than 0 for those from the cache.
    """

    records: list[Record]
    offset: str | None
    age_seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class SortKey:
    """A field by name or id, and a direction."""

    field: str
    direction: Literal["asc", "desc"] = "asc"


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """Which records of a table, and how much of each; `fields` None means all of them."""

    fields: Sequence[str] | None = None
    filter_by_formula: str = ""
    view: str = ""
    sort: Sequence[SortKey] = ()
    max_records: int | None = None
    page_size: int = 100


@dataclass(frozen=True, slots=True)
class RecordChange:
    """New values for some cells of one record; None clears a cell."""

    id: str
    fields: CellValues


@dataclass(frozen=True, slots=True)
class Upserted:
    """What an upsert did: the records in the order of the request, and which were created or updated."""

    records: list[Record]
    created_ids: tuple[str, ...] = field(default=())
    updated_ids: tuple[str, ...] = field(default=())
