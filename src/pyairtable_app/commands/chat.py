"""`chat`: the agent in the terminal."""

import argparse

from pyairtable_app.commands.arguments import Subparsers
from pyairtable_app.settings import Settings


def add(commands: Subparsers) -> None:
    """The command's arguments."""
    chat = commands.add_parser("chat", help="talk with the agent here; a demo answers until a key is set")
    chat.add_argument("question", nargs="?", default="", help="ask this and end; without it, a conversation")
    chat.add_argument("--session", default="", metavar="ID", help="go on with this session")
    chat.add_argument(
        "--json", action="store_true", help="print the answer as JSON; status 0 done, 3 waits for approval"
    )
    chat.set_defaults(command=_chat)


def _chat(settings: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.errors import CannotServe

    try:
        from pyairtable_app.chat_command import chat
    except ModuleNotFoundError as error:
        raise CannotServe(
            f"chat needs the package {error.name}: install pyairtable-mcp[platform]."
        ) from error
    if options.json and not options.question:
        raise CannotServe("--json needs a question.")
    chat(settings, options.question, options.session, as_json=options.json)
