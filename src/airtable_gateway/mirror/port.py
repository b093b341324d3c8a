"""What a local copy of a base offers, and who keeps the copies."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from airtable_gateway.endpoint import Endpoint
from airtable_gateway.hearing import Hearer
from airtable_gateway.mirror.freshness import Freshness
from airtable_gateway.mirror.source import MirrorSource


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What one question may cost: seconds to run, rows and characters of JSON to answer."""

    seconds: float = 10.0
    rows: int = 10_000
    characters: int = 2_000_000


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """The columns with DuckDB's types, and the rows as JSON values.

    `is_cut`: there are more rows than the limits let through.
    """

    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]]
    is_cut: bool = False


class BaseMirror(Protocol):
    """A local copy of one base, kept fresh while it is in use. Raises AirtableError, MirrorError among it."""

    @property
    def base_id(self) -> str:
        """The base that it is a copy of."""
        ...

    @property
    def copied(self) -> int:
        """How many records were read from Airtable since the copy was opened, whoever wanted them."""
        ...

    async def refresh(self, *, max_age_seconds: float = 0.0) -> Freshness:
        """How fresh the copy is, after it was brought up to date if it is older than that.

        When Airtable cannot be reached, a copy that is there grows old, and says so. Raises MirrorNotReady
        when the first copy takes longer than a caller waits; it goes on meanwhile.
        """
        ...

    async def query(self, statement: str, limits: QueryLimits) -> QueryAnswer:
        """The answer to one SELECT. Raises QueryRefused with what would mend it."""
        ...

    def listening(self, hear: Hearer) -> AbstractAsyncContextManager[None]:
        """Inside, the copy is kept fresh, and `hear` is told of each change that it finds."""
        ...


class MirrorKeeper(Protocol):
    """Keeps copies of bases, one for each base, endpoint and credential."""

    async def mirror(
        self, source: MirrorSource, endpoint: Endpoint, base_id: str, tables: Collection[str]
    ) -> BaseMirror:
        """The copy of what `source` shows of the base, which is read by `endpoint`'s credential alone.

        `tables` are the names or ids of those that are copied, all when it is empty.
        """
        ...


class Mirroring(Protocol):
    """Local copies of bases."""

    async def mirror(self, base: str, *, tables: Collection[str] = ()) -> BaseMirror:
        """The local copy of the base, or of those of its tables, by name or id.

        Nothing is read before the copy is asked. Raises BaseNotFound, MirrorsNotKept.
        """
        ...
