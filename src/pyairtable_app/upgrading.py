"""The services' database brought to the tables of this version."""

from pyairtable_app.errors import CannotOpenData
from pyairtable_app.migrations import FOLDER
from pyairtable_platform.kernel import Database, Migrations, NotMigrated, Unavailable


async def bring_up_to_date(database: Database, *, also_servers: bool = False) -> None:
    """Take the steps that a file's tables lack; a server's only if it is said. Raises CannotOpenData.

    A server may be in use by processes of another version: its owner decides when.
    """
    migrations = Migrations(database, FOLDER)
    try:
        if database.is_sqlite or also_servers:
            await migrations.upgrade()
        else:
            await migrations.check()
    except (NotMigrated, Unavailable) as error:
        raise CannotOpenData(error.detail) from error
