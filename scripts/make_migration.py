"""Write the next step of the services' database: what the tables in the code have that the last step has not.

python scripts/make_migration.py "keep when a session was read"
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from pyairtable_app.migrations import FOLDER
from pyairtable_platform.kernel import Database, Migrations


def main() -> None:
    """Write the step under the next number."""
    asyncio.run(_write(sys.argv[1]))


async def _write(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with Database(f"sqlite:///{Path(folder) / 'empty.db'}") as database:
            await Migrations(database, FOLDER).upgrade()
            async with database.writing() as connection:
                await connection.run_sync(_compare, message)


def _compare(connection: Connection, message: str) -> None:
    number = len(list((FOLDER / "versions").glob("[0-9]*.py"))) + 1
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    command.revision(
        config, message=message, autogenerate=True, rev_id=f"{number:04}", process_revision_directives=_named
    )


def _named(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Say so when there is nothing to write."""
    if directives[0].upgrade_ops.is_empty():
        raise SystemExit("The tables in the code are those of the last step.")


if __name__ == "__main__":
    main()
