"""What a client wants to be told of: addresses of schemas and records, found in what the caller may see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from airtable_gateway import (
    AirtableError,
    BaseNotFound,
    ForeignChanges,
    SchemaReader,
    TableNotFound,
)
from pyairtable_mcp.resources import place_of


@dataclass(frozen=True, slots=True)
class Interest:
    """An address; `table` is "" for the schema of the base."""

    uri: str
    base: str
    table: str


@dataclass(slots=True)
class BaseInterests:
    """All that one client wants to know of one base, with the ids of the tables as far as they are known."""

    base: str
    interests: list[Interest] = field(default_factory=list)
    table_ids: dict[str, str] = field(default_factory=dict)

    async def find(self, reader: SchemaReader) -> None:
        """Look the tables up; one that cannot be found may come later."""
        try:
            schema = await reader.schema(self.base)
        except AirtableError:
            return
        for interest in self.interests:
            if not interest.table:
                continue
            try:
                self.table_ids[interest.uri] = schema.table(interest.table).id
            except TableNotFound:
                self.table_ids.pop(interest.uri, None)

    def touched(self, changes: ForeignChanges) -> Iterator[str]:
        """The addresses of what changed. One too many does no harm, one too few does."""
        for interest in self.interests:
            if interest.table:
                is_touched = changes.is_whole or self.table_ids.get(interest.uri) in changes.table_ids
            else:
                is_touched = changes.reshapes
            if is_touched:
                yield interest.uri


def by_base(uris: Iterable[str]) -> list[BaseInterests]:
    """The addresses that are about bases, together with others of the same one."""
    found: dict[str, BaseInterests] = {}
    for uri in dict.fromkeys(uris):
        place = place_of(uri)
        if place is not None:
            base, table = place
            found.setdefault(base, BaseInterests(base)).interests.append(Interest(uri, base, table))
    return list(found.values())


async def visible(reader: SchemaReader, uris: Iterable[str]) -> list[str]:
    """The addresses without those of bases and tables that the caller cannot see.

    What cannot be found out now stays: then the news themselves are read with the caller's own credential.
    """
    kept = []
    for uri in uris:
        place = place_of(uri)
        if place is None or await _is_visible(reader, *place):
            kept.append(uri)
    return kept


async def _is_visible(reader: SchemaReader, base: str, table: str) -> bool:
    try:
        schema = await reader.schema(base)
        if table:
            schema.table(table)
    except (BaseNotFound, TableNotFound):
        return False
    except AirtableError:
        return True
    return True
