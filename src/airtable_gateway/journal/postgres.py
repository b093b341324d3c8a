"""The journal in PostgreSQL: for many processes on many machines. Only wiring imports it."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from secrets import randbits
from typing import Any, Self

import asyncpg

from airtable_gateway.journal import postgres_sql as sql
from airtable_gateway.journal.change import Change, Outcome
from airtable_gateway.journal.documents import change_from, change_row, instant, outcome_row
from airtable_gateway.journal.errors import JournalUnusable
from airtable_gateway.journal.port import ChangePage, ChangeQuery

_CONNECTIONS = 5


class PostgresJournal:
    """See `Journal`. `url` is postgresql://...; the tables are made in `schema` when they are not there."""

    def __init__(self, url: str, *, schema: str = "public") -> None:
        if not schema.isidentifier():
            raise ValueError(f"schema={schema!r}: letters, digits and _ are allowed.")
        self._url = url
        self._schema = schema
        self._owner = randbits(62)
        self._pool: asyncpg.Pool[Any] | None = None
        self._presence: asyncpg.Connection[Any] | None = None

    async def __aenter__(self) -> Self:
        path = {"search_path": self._schema}
        try:
            self._pool = await asyncpg.create_pool(
                self._url, min_size=1, max_size=_CONNECTIONS, server_settings=path
            )
            self._presence = await asyncpg.connect(self._url, server_settings=path)
            async with self._presence.transaction():
                await self._presence.execute(sql.MIGRATING)
                await self._presence.execute(f'CREATE SCHEMA IF NOT EXISTS "{self._schema}"')
                await self._presence.execute(sql.TABLES)
            await self._presence.execute(sql.OWN, self._owner)
        except (OSError, asyncpg.PostgresError) as error:
            await self._close()
            raise JournalUnusable("in PostgreSQL", str(error)) from error
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._close()

    async def begin(self, change: Change) -> Change | None:
        """See `Ledger.begin`."""
        async with self._transaction() as connection:
            if await connection.fetchval(sql.ADD, *change_row(change, self._owner)) is None:
                row = await connection.fetchrow(sql.BY_CLAIM, change.claim)
                return change_from(row)
            await connection.execute(sql.ADD_SUBJECTS, change.id, list(change.before))
        return None

    def bring_to_disk(self) -> None:
        """Nothing: see `Ledger.bring_to_disk`; the server has seen to that."""

    async def settle(self, change_id: str, outcome: Outcome) -> None:
        """See `Ledger.settle`."""
        async with self._transaction() as connection:
            await connection.execute(sql.SETTLE, change_id, *outcome_row(outcome), outcome.frees_key)
            await connection.execute(sql.ADD_SUBJECTS, change_id, list(outcome.after))
            renamed = outcome.renamed
            await connection.execute(sql.ADD_RENAMED, list(renamed), list(renamed.values()))

    async def change(self, change_id: str) -> Change | None:
        """See `Ledger.change`."""
        return await self._one(sql.BY_ID, change_id)

    async def claimed(self, claim: str) -> Change | None:
        """See `Ledger.claimed`."""
        return await self._one(sql.BY_CLAIM, claim)

    async def changes(self, query: ChangeQuery) -> ChangePage:
        """See `Ledger.changes`."""
        rows = await self._fetch(sql.SELECT, *_parameters(query))
        shown = rows[: query.limit]
        is_whole = len(rows) <= query.limit
        return ChangePage(tuple(map(change_from, shown)), "" if is_whole else str(shown[-1]["seq"]))

    async def take_over(self) -> list[Change]:
        """See `Succession.take_over`."""
        owners = [row["owner"] for row in await self._fetch(sql.OWNERS, self._owner)]
        ended = [owner for owner in owners if await self._has_ended(owner)]
        rows: Sequence[Any] = await self._fetch(sql.TAKE_OVER, self._owner, ended) if ended else []
        return [change_from(row) for row in sorted(rows, key=lambda row: row["seq"])]

    async def renamed(self, record_ids: Iterable[str]) -> dict[str, str]:
        """See `Succession.renamed`."""
        present = {record_id: record_id for record_id in record_ids}
        while rows := await self._fetch(sql.RENAMED, list(present.values())):
            found = {row["old"]: row["new"] for row in rows}
            present = {asked: found.get(current, current) for asked, current in present.items()}
        return {asked: current for asked, current in present.items() if asked != current}

    async def note_undone(self, change_id: str, by: str) -> None:
        """See `Succession.note_undone`."""
        await self._fetch(sql.NOTE_UNDONE, by, change_id)

    async def prune(self, before: datetime) -> int:
        """See `Succession.prune`."""
        await self._fetch(sql.PRUNE_FILES, instant(before))
        return len(await self._fetch(sql.PRUNE, instant(before)))

    async def keep_file(self, attachment_id: str, content: bytes) -> None:
        """See `KeptFiles.keep_file`."""
        await self._fetch(sql.KEEP_FILE, attachment_id, instant(datetime.now(UTC)), content)

    async def file(self, attachment_id: str) -> bytes | None:
        """See `KeptFiles.file`."""
        rows = await self._fetch(sql.FILE, attachment_id)
        return bytes(rows[0]["content"]) if rows else None

    @property
    def _opened(self) -> "asyncpg.Pool[Any]":
        if self._pool is None:
            raise RuntimeError("The journal is used outside of its `async with`.")
        return self._pool

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Any]:
        try:
            async with self._opened.acquire() as connection, connection.transaction():
                yield connection
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise JournalUnusable("in PostgreSQL", str(error)) from error

    async def _fetch(self, statement: str, *arguments: Any) -> list[Any]:
        async with self._transaction() as connection:
            return list(await connection.fetch(statement, *arguments))

    async def _one(self, statement: str, key: str) -> Change | None:
        rows = await self._fetch(statement, key)
        return change_from(rows[0]) if rows else None

    async def _has_ended(self, owner: int) -> bool:
        """Whether nobody holds that owner's lock: the server lets it go with the connection."""
        async with self._transaction() as connection:
            return bool(await connection.fetchval(sql.HAS_ENDED, owner))

    async def _close(self) -> None:
        if self._presence is not None:
            await self._presence.close()
        if self._pool is not None:
            await self._pool.close()
        self._presence = self._pool = None


def _parameters(query: ChangeQuery) -> tuple[Any, ...]:
    """What SELECT is asked with; one row more than the limit shows whether the list goes on."""
    return (
        int(query.cursor or 0),
        query.base,
        query.table,
        query.principal,
        query.call,
        query.undoes,
        instant(query.since) if query.since else "",
        query.record,
        query.limit + 1,
    )
