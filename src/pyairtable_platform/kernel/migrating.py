"""Migrations: the steps that bring a database's tables to what the code expects, run by Alembic."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from pyairtable_platform.kernel.database import Database
from pyairtable_platform.kernel.errors import ServiceError

T = TypeVar("T")

_LOCK = 7_303_014_203
"""The number under which PostgreSQL lets one process migrate at a time."""


class NotMigrated(ServiceError):
    """The database is older or newer than this program: run `pyairtable-mcp migrate`."""

    code = "not_migrated"


class Migrations:
    """The steps in `folder`, for one database."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    async def upgrade(self) -> None:
        """Run the steps that are missing; at most one process does so at a time."""
        await self._run(self._upgrade)

    async def check(self) -> None:
        """Raises NotMigrated when the tables are not those of the last step."""
        at, last = await self._run(_revision), ScriptDirectory.from_config(self._config()).get_current_head()
        if at != last:
            raise NotMigrated(
                f"The database is at step {at or 'none'}, not at {last}: run `pyairtable-mcp migrate`."
            )

    async def is_current(self) -> bool:
        """Whether `check` would pass."""
        try:
            await self.check()
        except NotMigrated:
            return False
        return True

    async def _run(self, work: Callable[[Connection], T]) -> T:
        async with self._database.writing() as connection:
            return await connection.run_sync(work)

    def _upgrade(self, connection: Connection) -> None:
        if not self._database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        config = self._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    def _config(self) -> Config:
        config = Config()
        config.set_main_option("script_location", str(self._folder))
        config.set_main_option("path_separator", "os")
        return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
