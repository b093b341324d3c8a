"""`fields`: a value checked or converted here, and the list of field types."""

import argparse

from pyairtable_app.commands.arguments import Subparsers, add_pairs
from pyairtable_app.settings import Settings

_VALUE = "JSON if it parses, else text; a number is text, too, where the type holds none"


def add(commands: Subparsers) -> None:
    """The command's arguments."""
    fields = commands.add_parser("fields", help="check or convert a value here")
    verbs = fields.add_subparsers(required=True, metavar="verb")
    checking = verbs.add_parser("check", help="print a value's normal form, or what is wrong with it")
    checking.add_argument("type", help="Airtable's name of the type")
    checking.add_argument("value", help=_VALUE)
    add_pairs(
        checking,
        "--option",
        into="options",
        value="VALUE",
        about="an option of the field, for example default_region=US",
    )
    checking.add_argument("--mode", choices=("strict", "airtable"), default="strict")
    checking.set_defaults(command=_check)
    converting = verbs.add_parser("convert", help="print what a value becomes under another type")
    converting.add_argument("value", help=_VALUE)
    converting.add_argument("--from", dest="from_type", required=True, metavar="TYPE")
    converting.add_argument("--to", dest="to_type", required=True, metavar="TYPE")
    converting.set_defaults(command=_convert)
    verbs.add_parser("types", help="list the field types").set_defaults(command=_types)


def _check(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.fields_command import check

    check(options.type, options.value, dict(options.options), options.mode)


def _convert(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.fields_command import convert

    convert(options.value, options.from_type, options.to_type)


def _types(_: Settings, __: argparse.Namespace) -> None:
    from pyairtable_app.fields_command import types

    types()
