"""What the rest of the house asks of Airtable, in its own words."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, Self

from airtable_gateway.attachments import Attachments
from airtable_gateway.comments import Comments
from airtable_gateway.mirror.port import Mirroring
from airtable_gateway.records import CellValues, Record, RecordChange, RecordPage, RecordQuery, Upserted
from airtable_gateway.schema import BaseInfo, BaseSchema, FieldSchema, TableSchema
from airtable_gateway.webhooks import Webhooks

WRITE_LIMIT = 10
"""Records in one write request (docs: "Create multiple records": up to 10)."""


PAGE_LIMIT = 100
"""Records in one page (docs: "List records")."""


class SchemaReader(Protocol):
    """Bases, tables and fields."""

    async def bases(self) -> list[BaseInfo]:
        """Every base the credential may see."""
        ...

    async def schema(self, base: str, *, fresh: bool = False, rechecked: bool = False) -> BaseSchema:
        """The schema of the base of that name or id. Raises BaseNotFound.

        `fresh` goes past the cache. With `rechecked` the caller only checks with it what it is about to send,
        and asks for a fresh one before it refuses anything: then one from a minute ago does in any case.
        """
        ...


class RecordReader(Protocol):
    """Records of a table. Bases, tables, fields and views are given by name or id throughout.

    `fresh` asks Airtable even when an answer is kept from a moment ago.
    """

    async def page(
        self,
        base: str,
        table: str,
        query: RecordQuery,
        *,
        offset: str | None = None,
        fresh: bool = False,
    ) -> RecordPage:
        """One page of the query's records. Raises CursorExpired when Airtable forgot the offset."""
        ...

    async def record(self, base: str, table: str, record_id: str, *, fresh: bool = False) -> Record:
        """One record. Raises RecordNotFound."""
        ...

    async def records(
        self, base: str, table: str, record_ids: Sequence[str], *, fresh: bool = False
    ) -> list[Record]:
        """Those of the records that are there, each once, in the order of the ids."""
        ...


class RecordWriter(Protocol):
    """Changes to records; each call is one request, so at most WRITE_LIMIT records, all or nothing."""

    async def create(
        self, base: str, table: str, rows: Sequence[CellValues], *, typecast: bool = False
    ) -> list[Record]:
        """The created records, in the order of `rows`."""
        ...

    async def update(
        self,
        base: str,
        table: str,
        changes: Sequence[RecordChange],
        *,
        typecast: bool = False,
        replace: bool = False,
    ) -> list[Record]:
        """The changed records, in order; `replace` clears every writable cell that is not named."""
        ...

    async def upsert(
        self,
        base: str,
        table: str,
        rows: Sequence[CellValues],
        *,
        merge_on: Sequence[str],
        typecast: bool = False,
    ) -> Upserted:
        """Update the record that equals a row in the one to three fields of `merge_on`, or create it."""
        ...

    async def delete(self, base: str, table: str, record_ids: Sequence[str]) -> list[str]:
        """The ids that were deleted."""
        ...


class SchemaWriter(Protocol):
    """Changes to tables and fields; `fields` and `options` are in the meta API's write form."""

    async def create_base(
        self, workspace_id: str, name: str, tables: Sequence[Mapping[str, Any]]
    ) -> BaseSchema:
        """The created base; each of `tables` has a name, fields and perhaps a description."""
        ...

    async def create_table(
        self, base: str, name: str, fields: Sequence[Mapping[str, Any]], *, description: str = ""
    ) -> TableSchema:
        """The created table; its first field is the primary one."""
        ...

    async def update_table(
        self, base: str, table: str, *, name: str | None = None, description: str | None = None
    ) -> TableSchema:
        """The table with its new name or description; None leaves one as it is."""
        ...

    async def create_field(
        self,
        base: str,
        table: str,
        name: str,
        type: str,
        *,
        options: Mapping[str, Any] | None = None,
        description: str = "",
    ) -> FieldSchema:
        """The created field."""
        ...

    async def update_field(
        self,
        base: str,
        table: str,
        field: str,
        *,
        name: str | None = None,
        description: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> FieldSchema:
        """The field with its new name, description or options; None leaves one as it is.

        Airtable changes no field's type.
        """
        ...


class Invalidation(Protocol):
    """What is kept from a moment ago."""

    async def invalidate(self, base: str, table: str = "") -> None:
        """Forget what is kept of the table, or of the whole base and its schema: somebody changed it."""
        ...


class Gateway(
    SchemaReader,
    SchemaWriter,
    RecordReader,
    RecordWriter,
    Comments,
    Attachments,
    Webhooks,
    Invalidation,
    Mirroring,
    Protocol,
):
    """The one way to Airtable. Every method raises AirtableError, and nothing else that is expected.

    `async with gateway:` opens it and closes it again; a method may be called only in between.
    """

    async def __aenter__(self) -> Self:
        """Make ready for use."""
        ...

    async def __aexit__(self, *exc: object) -> None:
        """Let go of connections and threads."""
        ...
