"""`stdio`: one MCP client over standard input and output."""

import argparse
import gc

from pyairtable_app.commands.arguments import Subparsers
from pyairtable_app.commands.tools import add_tools, with_tools
from pyairtable_app.settings import Settings


def add(commands: Subparsers) -> None:
    """The command's arguments."""
    stdio = commands.add_parser("stdio", help="serve one MCP client over standard input and output")
    add_tools(stdio)
    stdio.set_defaults(command=_stdio)


def _stdio(settings: Settings, options: argparse.Namespace) -> None:
    # What a start loads stays until the end: looking through it for garbage is an eighth of the start.
    gc.disable()
    from pyairtable_app.stdio import serve_stdio

    serve_stdio(with_tools(settings, options))
