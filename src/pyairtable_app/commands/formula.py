"""`formula`: a formula evaluated, explained or checked here, and the list of functions."""

import argparse

from pyairtable_app.commands.arguments import Subparsers, add_pairs
from pyairtable_app.settings import Settings


def add(commands: Subparsers) -> None:
    """The command's arguments."""
    formula = commands.add_parser("formula", help="evaluate, explain or check a formula here")
    verbs = formula.add_subparsers(required=True, metavar="verb")
    evaluating = verbs.add_parser("eval", help="print the value as JSON")
    evaluating.set_defaults(command=_evaluate)
    explaining = verbs.add_parser("explain", help="print every part of it with its value, as a tree")
    explaining.set_defaults(command=_explain)
    for verb in (evaluating, explaining):
        add_pairs(
            verb,
            "--field",
            into="fields",
            value="VALUE",
            about="a field's value: JSON if it parses, else text",
        )
    checking = verbs.add_parser("check", help="print the result's type and the fields read, or what is wrong")
    checking.set_defaults(command=_check)
    for verb in (evaluating, explaining, checking):
        verb.add_argument("formula", help="the formula, in quotes")
        add_pairs(
            verb, "--type", into="types", value="TYPE", about="a field's Airtable type, for example Due=date"
        )
    listing = verbs.add_parser("functions", help="list the functions")
    listing.add_argument("name", nargs="?", default="", help="only those whose name contains this")
    listing.set_defaults(command=_functions)
    for verb in (evaluating, explaining, checking, listing):
        verb.add_argument(
            "--dialect",
            choices=("airtable", "extended"),
            default="airtable",
            help="extended has functions of spreadsheets that Airtable lacks (default %(default)s)",
        )


def _evaluate(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.formula_command import evaluate

    evaluate(options.formula, dict(options.fields), dict(options.types), options.dialect)


def _explain(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.formula_command import explain

    explain(options.formula, dict(options.fields), dict(options.types), options.dialect)


def _check(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.formula_command import check

    check(options.formula, dict(options.types), options.dialect)


def _functions(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.formula_command import functions

    functions(options.name, options.dialect)
