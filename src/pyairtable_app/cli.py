"""The command line: pyairtable-mcp serve | stdio | twin | migrate | formula | fields."""

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
  pyairtable-mcp formula eval 'IF({A} > 1, "x")' --field A=2
  pyairtable-mcp fields check phoneNumber '(415) 555-2671' --option default_region=US
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
            faults=options.faults,
        ),
    )


def _migrate(settings: Settings, _: argparse.Namespace) -> None:
    from pyairtable_app.embedded import EmbeddedAirtable

    print(EmbeddedAirtable(settings.data_dir).migrate())


def _formula_eval(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.formula_command import evaluate

    evaluate(options.formula, dict(options.fields), dict(options.types))


def _formula_check(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.formula_command import check

    check(options.formula, dict(options.types))


def _formula_functions(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.formula_command import functions

    functions(options.name)


def _fields_check(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.fields_command import check

    check(options.type, options.value, dict(options.options), options.mode)


def _fields_convert(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.fields_command import convert

    convert(options.value, options.from_type, options.to_type)


def _fields_types(_: Settings, __: argparse.Namespace) -> None:
    from pyairtable_app.fields_command import types

    types()


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
    _add_formula(commands)
    _add_fields(commands)
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
    airtable.add_argument(
        "--faults", type=Path, metavar="FILE", help="JSON rules of what goes wrong (docs/local-airtable.md)"
    )
    airtable.set_defaults(command=_twin_airtable)


def _add_formula(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verbs = commands.add_parser("formula", help="evaluate or check a formula here").add_subparsers(
        required=True, metavar="verb"
    )
    evaluating = verbs.add_parser("eval", help="print the value as JSON")
    evaluating.add_argument(
        "--field", dest="fields", type=_pair, action="append", default=[], metavar="NAME=VALUE",
        help="a field's value: JSON if it parses, else text",
    )  # fmt: skip
    evaluating.set_defaults(command=_formula_eval)
    checking = verbs.add_parser("check", help="print the result's type and the fields read, or what is wrong")
    checking.set_defaults(command=_formula_check)
    for verb in (evaluating, checking):
        verb.add_argument("formula", help="the formula, in quotes")
        verb.add_argument(
            "--type", dest="types", type=_pair, action="append", default=[], metavar="NAME=TYPE",
            help="a field's Airtable type, for example Due=date",
        )  # fmt: skip
    listing = verbs.add_parser("functions", help="list the functions")
    listing.add_argument("name", nargs="?", default="", help="only those whose name contains this")
    listing.set_defaults(command=_formula_functions)


def _add_fields(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verbs = commands.add_parser("fields", help="check or convert a value here").add_subparsers(
        required=True, metavar="verb"
    )
    checking = verbs.add_parser("check", help="print a value's normal form, or what is wrong with it")
    checking.add_argument("type", help="Airtable's name of the type")
    checking.add_argument("value", help="JSON if it parses, else text")
    checking.add_argument(
        "--option", dest="options", type=_pair, action="append", default=[], metavar="NAME=VALUE",
        help="an option of the field, for example default_region=US",
    )  # fmt: skip
    checking.add_argument("--mode", choices=("strict", "airtable"), default="strict")
    checking.set_defaults(command=_fields_check)
    converting = verbs.add_parser("convert", help="print what a value becomes under another type")
    converting.add_argument("value", help="JSON if it parses, else text")
    converting.add_argument("--from", dest="from_type", required=True, metavar="TYPE")
    converting.add_argument("--to", dest="to_type", required=True, metavar="TYPE")
    converting.set_defaults(command=_fields_convert)
    verbs.add_parser("types", help="list the field types").set_defaults(command=_fields_types)


def _pair(text: str) -> tuple[str, object]:
    from pyairtable_app.formula_command import pair

    return pair(text)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 0 to 65535")
    return int(text)
