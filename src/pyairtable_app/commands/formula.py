"""`formula`: a formula evaluated or checked here, and the list of functions."""

import argparse

from pyairtable_app.commands.arguments import Subparsers, add_pairs
from pyairtable_app.settings import Settings


def add(commands: Subparsers) -> None:
    """The command's arguments."""
    formula = commands.add_parser("formula", help="evaluate or check a formula here")
    verbs = formula.add_subparsers(required=True, metavar="verb")
    evaluating = verbs.add_parser("eval", help="print the value as JSON")
    add_pairs(
        evaluating,
        "--field",
        into="fields",
        value="VALUE",
        about="a field's value: JSON if it parses, else text",
    )
    evaluating.set_defaults(command=_evaluate)
    checking = verbs.add_parser("check", help="print the result's type and the fields read, or what is wrong")
    checking.set_defaults(command=_check)
    for verb in (evaluating, checking):
        verb.add_argument("formula", help="the formula, in quotes")
        add_pairs(
            verb, "--type", into="types", value="TYPE", about="a field's Airtable type, for example Due=date"
        )
    listing = verbs.add_parser("functions", help="list the functions")
    listing.add_argument("name", nargs="?", default="", help="only those whose name contains this")
    listing.set_defaults(command=_functions)


def _evaluate(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.formula_command import evaluate

    evaluate(options.formula, dict(options.fields), dict(options.types))


def _check(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.formula_command import check

    check(options.formula, dict(options.types))


def _functions(_: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.formula_command import functions

    functions(options.name)
