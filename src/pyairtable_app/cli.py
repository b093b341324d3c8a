"""The command line: `COMMANDS`, and one line for whatever cannot start."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

from pyairtable_app.commands import COMMANDS
from pyairtable_app.errors import CannotStart
from pyairtable_app.settings import Settings

_EXAMPLES = """\
examples:
  pyairtable-mcp serve                      everything at http://127.0.0.1:8000
  pyairtable-mcp serve mcp --port 9000      the MCP server alone
  pyairtable-mcp stdio                      for Claude Desktop and other clients that start it
  pyairtable-mcp chat "Which tables are in Studio?"
                                            the agent in the terminal; --json for scripts
  pyairtable-mcp twin airtable --db my.db --import base.json
                                            a local Airtable for tests, at http://127.0.0.1:8020
  pyairtable-mcp twin airtable --export backup.json
  pyairtable-mcp formula eval 'IF({A} > 1, "x")' --field A=2
  pyairtable-mcp fields check phoneNumber '(415) 555-2671' --option default_region=US
  pyairtable-mcp config cursor --write      tell a client of this server
  pyairtable-mcp doctor                     what keeps it from working, and how to mend it
  AIRTABLE_API_KEY=pat... pyairtable-mcp stdio
                                            the same on your own bases
"""


_NOT_READ = 141
"""The status of a program whose output is read no more, as the shell gives it (128 + SIGPIPE)."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; when it cannot start, one line says why and the status is 2."""
    given_arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser(given_arguments[:1]).parse_args(given_arguments)
    try:
        given = os.environ if options.takes_environment else Settings.from_env(os.environ)
        options.command(given, options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads through `head` has seen enough. Python would complain of the rest once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(_NOT_READ) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except CannotStart as error:
        sys.stderr.write(f"pyairtable-mcp: {error}\n")
        raise SystemExit(2) from None


def _parser(first: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command that comes first, or of all of them where none does."""
    parser = argparse.ArgumentParser(
        prog="pyairtable-mcp",
        description="Airtable for MCP clients: tools, formulas, validation, and local bases to try them on.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pyairtable-mcp {version('pyairtable-mcp')}")
    parser.set_defaults(takes_environment=False)
    commands = parser.add_subparsers(required=True, metavar="command")
    for name in [name for name in COMMANDS if name in first] or COMMANDS:
        import_module(f"pyairtable_app.commands.{name}").add(commands)
    return parser
