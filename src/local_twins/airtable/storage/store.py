"""One SQLite file with everything in it: an acknowledged write is on the disk."""

import json
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self

from local_twins.airtable.model import times
from local_twins.airtable.model.json_forms import table_from, table_model
from local_twins.airtable.model.schema import Base, BaseInfo, Table, User
from local_twins.airtable.storage import sql
from local_twins.airtable.storage.changes import Changes
from local_twins.airtable.storage.columns import Columns
from local_twins.airtable.storage.comments import Comments
from local_twins.airtable.storage.failing import Failing
from local_twins.airtable.storage.files import Files, NewAddress
from local_twins.airtable.storage.links import Links
from local_twins.airtable.storage.open_base import OpenBase
from local_twins.airtable.storage.webhooks import Webhooks

Clock = Callable[[], datetime]

OWNER = User("usrLocalDeveloper", "developer@example.com", "Local Developer")
"""Who writes when the token names nobody. Every store knows this user; no export tells of it."""


_FILE_KEY = "files"


class Store:
    """The bases of a twin. Threads may share it; each takes `lock` while it reads or writes."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        self.connection = connection
        self.clock = clock
        self.on_new_address: Callable[[NewAddress], None] | None = None
        self.on_payload: Callable[[str], None] | None = None
        self._after_commit: list[Callable[[], object]] = []
        self.lock = threading.RLock()
        self.columns = Columns(connection)
        self.links = Links(connection)
        self.comments = Comments(connection)
        self.files = Files(connection)
        self.failing = Failing()
        self.changes = Changes(connection)
        self.webhooks = Webhooks(connection)
        self.generation = 0
        self._open_bases: dict[str, OpenBase] = {}
        self._users: dict[str, User] | None = None
        self._file_key: bytes | None = None

    @classmethod
    def open(cls, path: Path | str, *, clock: Clock = times.now) -> Self:
        """The store in that file, made when it is not there; ":memory:" keeps nothing.

        `clock` gives the present instant, aware. Raises sqlite3.DatabaseError when the file is no store.
        """
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        store = cls(connection, clock)
        try:
            connection.executescript(sql.PRAGMAS)
            store.migrate()
        except sqlite3.DatabaseError:
            connection.close()
            raise
        store.complete()
        return store

    def complete(self) -> None:
        """Make what every store has: the owner, and the key that signs the addresses of files."""
        with self.transaction():
            if OWNER.id not in self.users:
                self.add_user(OWNER)
            if self.connection.execute(sql.KEY, (_FILE_KEY,)).fetchone() is None:
                self.connection.execute(sql.ADD_KEY, (_FILE_KEY, secrets.token_bytes(32)))

    @property
    def file_key(self) -> bytes:
        """What addresses of files are signed with."""
        if self._file_key is None:
            (key,) = self.connection.execute(sql.KEY, (_FILE_KEY,)).fetchone()
            self._file_key = key
        return self._file_key

    def migrate(self) -> None:
        """Bring the schema to this version, all steps or none. Raises DatabaseError for a newer one."""
        with self.transaction():
            (version,) = self.connection.execute(sql.VERSION).fetchone()
            if version > len(sql.MIGRATIONS):
                raise sqlite3.DatabaseError(
                    f"made by a newer version: schema {version}, not {len(sql.MIGRATIONS)}"
                )
            for number, script in enumerate(sql.MIGRATIONS[version:], start=version + 1):
                for statement in script.split(";\n"):
                    self.connection.execute(statement)
                self.connection.execute(sql.SET_VERSION.format(number))

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept when the block ends, or none of it when the block raises.

        A transaction within another is a part of it.
        """
        with self.lock:
            if self.connection.in_transaction:
                yield
                return
            self.connection.execute(sql.BEGIN)
            try:
                yield
                self.connection.execute(sql.COMMIT)
            except BaseException:
                self._after_commit.clear()
                self.forget()
                if self.connection.in_transaction:
                    self.connection.execute(sql.ROLLBACK)
                raise
            actions, self._after_commit = self._after_commit, []
            for act in actions:
                act()

    @property
    def moment(self) -> tuple[int, ...]:
        """Another one after each write, here or by another process, and after a restore."""
        (others,) = self.connection.execute(sql.VERSION_OF_OTHERS).fetchone()
        return self.connection.total_changes, self.generation, others

    def after_commit(self, action: Callable[[], object]) -> None:
        """Do that once the transaction that is open is on the disk, and not if it is undone."""
        self._after_commit.append(action)

    @property
    def users(self) -> dict[str, User]:
        """All collaborators by id."""
        if self._users is None:
            self._users = {line[0]: User(*line) for line in self.connection.execute(sql.USERS)}
        return self._users

    def add_user(self, user: User) -> None:
        """Make a collaborator known."""
        self.connection.execute(sql.ADD_USER, (user.id, user.email, user.name))
        self.forget()

    def bases(self) -> list[BaseInfo]:
        """Every base, in the order in which they were made."""
        return [BaseInfo(*line) for line in self.connection.execute(sql.BASES)]

    def base(self, base_id: str) -> OpenBase | None:
        """The base, ready for use; it stays in memory until its schema changes."""
        if base_id not in self._open_bases:
            info = next((info for info in self.bases() if info.id == base_id), None)
            if info is None:
                return None
            base = Base(info.id, info.name, info.workspace_id, self._tables(base_id))
            self._open_bases[base_id] = OpenBase(base, self.users)
        return self._open_bases[base_id]

    def add_base(self, base: Base) -> None:
        """Write a new base with its tables."""
        self.connection.execute(sql.ADD_BASE, (base.id, base.name, base.workspace_id))
        for table in base.tables:
            self.add_table(table)

    def add_table(self, table: Table) -> None:
        """Write a new table."""
        self.connection.execute(sql.ADD_TABLE, (table.id, table.base_id, json.dumps(table_model(table))))
        self._open_bases.pop(table.base_id, None)

    def set_table(self, table: Table) -> None:
        """Write a changed table."""
        self.connection.execute(sql.SET_TABLE, (json.dumps(table_model(table)), table.id))
        self._open_bases.pop(table.base_id, None)

    def _tables(self, base_id: str) -> tuple[Table, ...]:
        lines = self.connection.execute(sql.TABLES, (base_id,))
        return tuple(table_from(json.loads(model), base_id) for (model,) in lines)

    def forget(self) -> None:
        """Read everything anew from the file; what was remembered of it is of another generation."""
        self.generation += 1
        self._open_bases.clear()
        self.columns.forget()
        self._users = None
        self._file_key = None
