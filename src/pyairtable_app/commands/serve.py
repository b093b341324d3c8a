"""`serve`: roles over HTTP."""

import argparse
import gc

from pyairtable_app import roles
from pyairtable_app.commands.arguments import Subparsers, add_address
from pyairtable_app.commands.tools import add_tools, with_tools
from pyairtable_app.settings import Settings


def add(commands: Subparsers) -> None:
    """The command's arguments."""
    serve = commands.add_parser("serve", help="serve roles over HTTP")
    about = "; ".join(f"{role.name}: {role.about}, port {role.port} when alone" for role in roles.ROLES)
    serve.add_argument("roles", nargs="*", metavar="role", help=f"all by default. {about}")
    add_address(serve, port=None, about_port=f"default {roles.ALL_ROLES_PORT}")
    add_tools(serve)
    serve.set_defaults(command=_serve)


def _serve(settings: Settings, options: argparse.Namespace) -> None:
    # As for stdio: what a start loads is no garbage.
    gc.disable()
    from pyairtable_app.serving import serve

    chosen = roles.named(options.roles)
    port = options.port if options.port is not None else roles.default_port(chosen)
    serve(with_tools(settings, options), chosen, options.host, port)
