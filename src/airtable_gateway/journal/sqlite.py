"""The journal in one SQLite file, which several processes may share."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any, Self, TypeVar

from filelock import FileLock, Timeout

from airtable_gateway.journal import sql, sqlite_file
from airtable_gateway.journal.change import Change, Outcome
from airtable_gateway.journal.documents import change_from, change_row, instant, to_text
from airtable_gateway.journal.errors import JournalUnusable
from airtable_gateway.journal.group_commit import GroupCommit
from airtable_gateway.journal.port import ChangePage, ChangeQuery
from airtable_gateway.journal.quick_writes import QuickWrites
from airtable_gateway.journal.write_ahead_log import WriteAheadLog

T = TypeVar("T")

Row = Mapping[str, Any]

_FEW = 10
"""A change of so many records is written in a moment, as many as Airtable takes in one request."""

_NOT_OPEN = "The journal is used outside of its `async with`."


class SqliteJournal:
    """See `Journal`. The file is made when it is not there.

    Its work is done in one thread of its own, but what need not wait for the disk is done at once, unless
    somebody else writes or it is much: to look for a claim, outcomes, and where `sender_waits_for_disk`
    intents, which whoever sends a write brings to the disk before by `bring_to_disk`.
    Beside it lies one lock file for each process that has it open: whose lock nobody holds has ended.
    """

    def __init__(self, path: Path, *, sender_waits_for_disk: bool = False) -> None:
        self._path = path
        self._sender_waits_for_disk = sender_waits_for_disk
        self._owner = token_hex(8)
        self._lock = FileLock(self._lock_path(self._owner))
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._connection: sqlite3.Connection | None = None
        self._commits = GroupCommit(self._thread, lambda: self._opened)
        self._quick = QuickWrites(path)
        self._log = WriteAheadLog(path)

    async def __aenter__(self) -> Self:
        try:
            await self._do(self._open)
        except JournalUnusable:
            self._thread.shutdown()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._quick.close()
        await self._do(self._close)
        self._commits.close()
        self._thread.shutdown()

    def begin(self, change: Change) -> Awaitable[Change | None]:
        """See `Ledger.begin`."""
        if self._sender_waits_for_disk and len(change.before) <= _FEW:
            with suppress(sqlite3.Error):
                known = self._begin_at_once(change)
                self._log.wrote()
                return _done(known)
        return self._commit(partial(sqlite_file.begin, change=change, owner=self._owner))

    def bring_to_disk(self) -> None:
        """See `Ledger.bring_to_disk`; a disk that refused once leaves the journal unusable."""
        try:
            self._log.bring_to_disk()
        except OSError as error:
            raise JournalUnusable(str(self._path), str(error)) from error

    def settle(self, change_id: str, outcome: Outcome) -> Awaitable[None]:
        """See `Ledger.settle`."""
        # After a power cut, an intent whose outcome is lost is looked for like one of a process that ended.
        write = partial(sqlite_file.settle, change_id=change_id, outcome=outcome)
        try:
            self._opened_quick.write(write)
        except sqlite3.Error:
            return self._commit(write, waits_for_disk=False)
        self._commits.bring_to_disk_soon()
        return _done(None)

    async def change(self, change_id: str) -> Change | None:
        """See `Ledger.change`."""
        return await self._do(lambda: sqlite_file.one(self._opened, sql.BY_ID, change_id))

    async def claimed(self, claim: str) -> Change | None:
        """See `Ledger.claimed`."""
        with suppress(sqlite3.Error):
            return sqlite_file.first(self._opened_quick.find(sql.BY_CLAIM, (claim,)))
        return await self._do(lambda: sqlite_file.one(self._opened, sql.BY_CLAIM, claim))

    async def changes(self, query: ChangeQuery) -> ChangePage:
        """See `Ledger.changes`."""
        return await self._do(lambda: sqlite_file.page(self._opened, query))

    async def take_over(self) -> list[Change]:
        """See `Succession.take_over`."""
        return await self._do(self._take_over)

    async def renamed(self, record_ids: Iterable[str]) -> dict[str, str]:
        """See `Succession.renamed`."""
        wanted = list(record_ids)
        return await self._do(lambda: self._renamed(wanted))

    async def note_undone(self, change_id: str, by: str) -> None:
        """See `Succession.note_undone`."""
        await self._commit(lambda connection: connection.execute(sql.NOTE_UNDONE, (by, change_id)))

    async def prune(self, before: datetime) -> int:
        """See `Succession.prune`."""
        return await self._commit(partial(sqlite_file.forget, before=before))

    async def keep_file(self, attachment_id: str, content: bytes) -> None:
        """See `KeptFiles.keep_file`."""
        row = (attachment_id, instant(datetime.now(UTC)), content)
        await self._commit(lambda connection: connection.execute(sql.KEEP_FILE, row))

    async def file(self, attachment_id: str) -> bytes | None:
        """See `KeptFiles.file`."""
        row = await self._do(lambda: self._opened.execute(sql.FILE, (attachment_id,)).fetchone())
        return row["content"] if row else None

    async def _do(self, work: Callable[[], T]) -> T:
        """Done in the journal's thread, and to its end even when the caller is cancelled."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except (OSError, sqlite3.Error) as error:
            raise JournalUnusable(str(self._path), str(error)) from error

    async def _commit(self, work: Callable[[sqlite3.Connection], T], *, waits_for_disk: bool = True) -> T:
        """Kept when this returns, together with what others write at the same time. See `GroupCommit`."""
        try:
            return await self._commits.write(work, waits_for_disk=waits_for_disk)
        except (OSError, sqlite3.Error) as error:
            raise JournalUnusable(str(self._path), str(error)) from error

    def _begin_at_once(self, change: Change) -> Change | None:
        """See `Ledger.begin`. Raises sqlite3.Error, as `_opened_quick` says, or for a claim that is given."""
        if change.before:
            return self._opened_quick.write(partial(sqlite_file.begin, change=change, owner=self._owner))
        self._opened_quick.write_one(sql.ADD, change_row(change, self._owner))
        return None

    def _open(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
            # It holds contents of records; SQLite gives its side files the rights of the file.
            self._path.touch(mode=0o600)
            self._connection = sqlite3.connect(self._path, isolation_level=None)
            self._connection.row_factory = sqlite3.Row
            self._connection.executescript(sql.PRAGMAS)
            self._write(sqlite_file.migrate)
            self._log.open()
        except (OSError, sqlite3.Error):
            self._close()
            raise

    def _close(self) -> None:
        self._log.close()
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._lock.release()
        with suppress(OSError):
            self._lock_path(self._owner).unlink()

    @property
    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError(_NOT_OPEN)
        return self._connection

    @property
    def _opened_quick(self) -> QuickWrites:
        """For what is done at once. What raises sqlite3.Error there, the common way meets and tells."""
        if self._connection is None:
            raise RuntimeError(_NOT_OPEN)
        return self._quick

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """All of it on the disk when this returns, or nothing of it when it raises."""
        connection = self._opened
        connection.execute(sql.BEGIN)
        try:
            done = work(connection)
            connection.execute(sql.COMMIT)
        except BaseException:
            if connection.in_transaction:
                connection.execute(sql.ROLLBACK)
            raise
        return done

    def _take_over(self) -> list[Change]:
        def write(connection: sqlite3.Connection) -> list[Row]:
            owners = [row["owner"] for row in connection.execute(sql.OWNERS, (self._owner,))]
            ended = [owner for owner in owners if self._has_ended(owner)]
            taken = {"owner": self._owner, "ended": to_text(ended)}
            return connection.execute(sql.TAKE_OVER, taken).fetchall()

        return [change_from(row) for row in sorted(self._write(write), key=lambda row: row["seq"])]

    def _has_ended(self, owner: str) -> bool:
        """Whether nobody holds that owner's lock: it goes with the process, however the process ends."""
        lock = FileLock(self._lock_path(owner))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        lock.release()
        with suppress(OSError):
            self._lock_path(owner).unlink()
        return True

    def _renamed(self, record_ids: list[str]) -> dict[str, str]:
        present = dict(zip(record_ids, record_ids, strict=True))
        while found := dict(self._opened.execute(sql.RENAMED, (to_text(list(present.values())),)).fetchall()):
            present = {asked: found.get(current, current) for asked, current in present.items()}
        return {asked: current for asked, current in present.items() if asked != current}

    def _lock_path(self, owner: str) -> Path:
        return self._path.with_name(f"{self._path.name}.{owner}.lock")


def _done(value: T) -> Awaitable[T]:
    """A value for who awaits it: he need not wait, and asyncio makes no task of it."""
    done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    done.set_result(value)
    return done
