"""The command line: pyairtable-mcp serve | stdio | twin | migrate."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from pyairtable_app import roles
from pyairtable_app.errors import CannotStart
from pyairtable_app.settings import Settings

_EXAMPLES = """\
examples:
  pyairtable-mcp serve                      everything at http://127.0.0.1:8000
  pyairtable-mcp serve mcp --port 9000      the MCP server alone
  pyairtable-mcp stdio                      for Claude Desktop and other clients that start it
  pyairtable-mcp twin airtable --db my.db --import base.json
                                            a local Airtable for tests, at http://127.0.0.1:8020
  pyairtable-mcp twin airtable --export backup.json
  AIRTABLE_API_KEY=pat... pyairtable-mcp stdio
                                            the same on your own bases
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; when it cannot start, one line says why and the status is 2."""
    options = _parser().parse_args(arguments)
    try:
        options.command(Settings.from_env(os.environ), options)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except CannotStart as error:
        sys.stderr.write(f"pyairtable-mcp: {error}\n")
        raise SystemExit(2) from None


def _serve(settings: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.serving import serve

    chosen = roles.named(options.roles)
    serve(
        settings,
        chosen,
        options.host,
        options.port if options.port is not None else roles.default_port(chosen),
    )


def _stdio(settings: Settings, _: argparse.Namespace) -> None:
    from pyairtable_app.stdio import serve_stdio

    serve_stdio(settings)


def _twin_airtable(settings: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.twin_airtable import TwinOptions, run

    run(
        settings,
        TwinOptions(
            database=options.db,
            host=options.host,
            port=options.port,
            imports=tuple(options.imports),
            export=options.export,
            rate_limit=options.rate_limit,
            tokens=options.tokens,
        ),
    )


def _migrate(settings: Settings, _: argparse.Namespace) -> None:
    from pyairtable_app.embedded import EmbeddedAirtable

    print(EmbeddedAirtable(settings.data_dir).migrate())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pyairtable-mcp",
        description="Airtable for MCP clients: tools, formulas, validation, and local bases to try them on.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pyairtable-mcp {version('pyairtable-mcp')}")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_serve(commands)
    commands.add_parser("stdio", help="serve one MCP client over standard input and output").set_defaults(
        command=_stdio
    )
    _add_twin(commands)
    commands.add_parser(
        "migrate", help="create or update the data folder, with the sample bases"
    ).set_defaults(command=_migrate)
    return parser


def _add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    serve = commands.add_parser("serve", help="serve roles over HTTP")
    about = "; ".join(f"{role.name}: {role.about}, port {role.port} when alone" for role in roles.ROLES)
    serve.add_argument("roles", nargs="*", metavar="role", help=f"all by default. {about}")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen at (default %(default)s)")
    serve.add_argument(
        "--port", type=_port, help=f"port, 0 for any free one (default {roles.ALL_ROLES_PORT})"
    )
    serve.set_defaults(command=_serve)


def _add_twin(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    twins = commands.add_parser("twin", help="run a local twin of an outside service alone").add_subparsers(
        required=True, metavar="service"
    )
    airtable = twins.add_parser("airtable", help="Airtable's Web API over one SQLite file")
    airtable.add_argument(
        "--db", type=Path, help="the SQLite file (default: the data folder's, with the samples)"
    )
    airtable.add_argument("--host", default="127.0.0.1", help="address to listen at (default %(default)s)")
    airtable.add_argument(
        "--port", type=_port, default=8020, help="port, 0 for any free one (default %(default)s)"
    )
    airtable.add_argument(
        "--import",
        dest="imports",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="load bases first",
    )
    airtable.add_argument(
        "--export", type=Path, metavar="FILE", help="write all bases to FILE (- for stdout) and exit"
    )
    airtable.add_argument("--rate-limit", choices=("off", "bucket", "strict"), default="off")
    airtable.add_argument(
        "--tokens",
        type=Path,
        metavar="FILE",
        help='JSON object {"token": "user id"}; without it any token will do',
    )
    airtable.set_defaults(command=_twin_airtable)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 0 to 65535")
    return int(text)
