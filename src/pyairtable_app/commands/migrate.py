"""`migrate`: the data folder and the services' database created or brought up to date."""

import argparse
import asyncio

from pyairtable_app.commands.arguments import Subparsers
from pyairtable_app.settings import Settings


def add(commands: Subparsers) -> None:
    """The command's arguments."""
    about = "create or update the local bases, with the samples, and the services' database"
    commands.add_parser("migrate", help=about).set_defaults(command=_migrate)


def _migrate(settings: Settings, _: argparse.Namespace) -> None:
    from pyairtable_app.embedded import EmbeddedAirtable

    print(EmbeddedAirtable(settings.data.folder).migrate())
    print(asyncio.run(_migrate_services(settings)))


async def _migrate_services(settings: Settings) -> str:
    from pyairtable_app.upgrading import bring_up_to_date
    from pyairtable_platform.kernel import Database

    async with Database(settings.stores.database(settings.data.folder)) as database:
        await bring_up_to_date(database, also_servers=True)
        return f"The services' database is up to date ({'SQLite' if database.is_sqlite else 'PostgreSQL'})."
