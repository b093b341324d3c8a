"""`migrate`: the data folder created or brought up to date."""

import argparse

from pyairtable_app.commands.arguments import Subparsers
from pyairtable_app.settings import Settings


def add(commands: Subparsers) -> None:
    """The command's arguments."""
    about = "create or update the data folder, with the sample bases"
    commands.add_parser("migrate", help=about).set_defaults(command=_migrate)


def _migrate(settings: Settings, _: argparse.Namespace) -> None:
    from pyairtable_app.embedded import EmbeddedAirtable

    print(EmbeddedAirtable(settings.data.folder).migrate())
