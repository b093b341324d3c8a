"""`credentials`: the Airtable tokens of those who sign in, one each."""

import argparse
import sys
from typing import TYPE_CHECKING

from pyairtable_app.commands.arguments import Subparsers
from pyairtable_app.errors import CannotOpenData, SettingError
from pyairtable_app.settings import Settings

if TYPE_CHECKING:
    from pyairtable_mcp.authorisation import CredentialStore


def add(commands: Subparsers) -> None:
    """The command's arguments."""
    credentials = commands.add_parser("credentials", help="keep one Airtable token for each principal")
    verbs = credentials.add_subparsers(required=True, metavar="verb")
    adding = verbs.add_parser("add", help="keep a token, read from standard input")
    adding.set_defaults(command=_add)
    listing = verbs.add_parser("list", help="who has one; never the tokens")
    listing.set_defaults(command=_list)
    removing = verbs.add_parser("remove", help="forget a token")
    removing.set_defaults(command=_remove)
    for verb in (adding, removing):
        verb.add_argument("principal", help="the token's subject, or key:NAME for an API key")


def _add(settings: Settings, options: argparse.Namespace) -> None:
    # From standard input: an argument would stand in the shell's history and in the list of processes.
    if sys.stdin.isatty():
        from getpass import getpass

        token = getpass(f"Airtable token of {options.principal}: ").strip()
    else:
        token = sys.stdin.readline().strip()
    if not token:
        raise CannotOpenData("No token came on standard input; nothing was kept.")
    from pyairtable_mcp.authorisation import CredentialError

    try:
        _store(settings).add(options.principal, token)
    except CredentialError as error:
        raise CannotOpenData(f"{error}.") from error
    print(f"Kept for {options.principal}.")


def _list(settings: Settings, _: argparse.Namespace) -> None:
    from pyairtable_mcp.authorisation import CredentialError

    try:
        rows = _store(settings).listed()
    except CredentialError as error:
        raise CannotOpenData(f"{error}.") from error
    for row in rows:
        print(f"{row.principal}\tsince {row.added}")


def _remove(settings: Settings, options: argparse.Namespace) -> None:
    from pyairtable_mcp.authorisation import CredentialError

    try:
        was_there = _store(settings).remove(options.principal)
    except CredentialError as error:
        raise CannotOpenData(f"{error}.") from error
    if not was_there:
        raise CannotOpenData(f"No token is kept for {options.principal!r}; list shows whose are.")
    print(f"Removed that of {options.principal}.")


def _store(settings: Settings) -> "CredentialStore":
    from pyairtable_app.wiring import Wiring

    store = Wiring(settings).credentials
    if store is None:
        raise SettingError(
            "CREDENTIALS_KEY='': the store needs a key of 32 bytes "
            "(python -c 'import secrets; print(secrets.token_urlsafe(32))' makes one)."
        )
    return store
