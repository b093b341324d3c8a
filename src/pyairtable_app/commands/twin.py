"""`twin`: a local twin of an outside service, alone."""

import argparse
from pathlib import Path

from pyairtable_app.commands.arguments import Subparsers, add_address
from pyairtable_app.settings import Settings


def add(commands: Subparsers) -> None:
    """The command's arguments."""
    twin = commands.add_parser("twin", help="run a local twin of an outside service alone")
    services = twin.add_subparsers(required=True, metavar="service")
    _add_airtable(services)
    _add_gemini(services)


def _add_airtable(services: Subparsers) -> None:
    airtable = services.add_parser("airtable", help="Airtable's Web API over one SQLite file")
    airtable.add_argument(
        "--db", type=Path, help="the SQLite file (default: the data folder's, with the samples)"
    )
    add_address(airtable, port=8020, about_port="default 8020")
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
    airtable.add_argument(
        "--allow-private-urls",
        action="store_true",
        help="let attachments and webhooks lead to this machine and its network, for tests",
    )
    airtable.set_defaults(command=_airtable)
    _add_keeping(airtable.add_subparsers(metavar="verb"))


def _add_keeping(verbs: Subparsers) -> None:
    """What is done with the bases instead of serving them."""
    snapshot = verbs.add_parser("snapshot", help="write all bases to a new file, and exit")
    restore = verbs.add_parser("restore", help="let the bases be those of such a file, and exit")
    copying = verbs.add_parser("import", help="copy a base of the real Airtable, and exit")
    snapshot.set_defaults(command=_snapshot)
    restore.set_defaults(command=_restore)
    copying.set_defaults(command=_copy)
    for verb in (snapshot, restore):
        verb.add_argument("file", type=Path)
    copying.add_argument(
        "--from-airtable", dest="base", required=True, metavar="BASE", help="its id or its name"
    )
    for verb in (snapshot, restore, copying):
        # Without a value of its own, the one given before the verb counts.
        verb.add_argument("--db", type=Path, default=argparse.SUPPRESS, help="the SQLite file")


def _snapshot(settings: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.twin_keeping import snapshot

    snapshot(settings, options.db, options.file)


def _restore(settings: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.twin_keeping import restore

    restore(settings, options.db, options.file)


def _copy(settings: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.twin_keeping import copy_base

    copy_base(settings, options.db, options.base, allow_private_urls=options.allow_private_urls)


def _airtable(settings: Settings, options: argparse.Namespace) -> None:
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
            allow_private_urls=options.allow_private_urls,
        ),
    )


def _add_gemini(services: Subparsers) -> None:
    gemini = services.add_parser("gemini", help="Gemini's API, answered from a script")
    gemini.add_argument(
        "--script", type=Path, required=True, metavar="FILE", help="what is answered (docs/gemini-twin.md)"
    )
    gemini.add_argument(
        "--key", dest="keys", action="append", default=[], metavar="KEY", help="a key that is let in"
    )
    add_address(gemini, port=8021, about_port="default 8021")
    gemini.set_defaults(command=_gemini)


def _gemini(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.twin_gemini import GeminiOptions, run

    run(GeminiOptions(options.script, options.host, options.port, tuple(options.keys)))
