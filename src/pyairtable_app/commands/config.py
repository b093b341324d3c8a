"""`config`: how a client is told of this server, printed or written into its file."""

import argparse
from pathlib import Path

from pyairtable_app.commands.arguments import Subparsers
from pyairtable_app.commands.tools import add_tools, as_arguments
from pyairtable_app.settings import Settings

# Written out, since the help must not load what they are made of; a test holds them against the tables.
NAMES = (
    "claude-desktop",
    "claude-code",
    "cursor",
    "vscode",
    "windsurf",
    "zed",
    "codex",
    "gemini-cli",
    "opencode",
)
RUNNERS = ("path", "uvx", "pipx", "docker")


def add(commands: Subparsers) -> None:
    """The command's arguments."""
    config = commands.add_parser("config", help="print or write what a client needs to know of this server")
    config.add_argument("client", choices=NAMES)
    config.add_argument("--name", default="airtable", help="what the client calls it (default %(default)s)")
    config.add_argument("--by", choices=RUNNERS, default="path", help="how it is started (default: as here)")
    config.add_argument("--url", help="a server that runs already, for example http://127.0.0.1:8000/mcp")
    config.add_argument("--key", action="store_true", help="the server at --url asks for an API key")
    token = config.add_mutually_exclusive_group()
    token.add_argument("--token-file", type=Path, metavar="FILE", help="a file with Airtable's token")
    token.add_argument("--samples", action="store_true", help="no token: the sample bases")
    config.add_argument("--write", action="store_true", help="put it into the client's file, with a backup")
    config.add_argument("--file", type=Path, help="another file than the client's own")
    add_tools(config)
    config.set_defaults(command=_config)


def _config(settings: Settings, options: argparse.Namespace) -> None:
    from pyairtable_app.config_command import Wanted, config

    wanted = Wanted(
        client=options.client,
        name=options.name,
        runner=options.by,
        url=options.url,
        has_key=options.key,
        token_file=options.token_file,
        is_samples=options.samples,
        is_written=options.write,
        file=options.file,
        arguments=as_arguments(options),
    )
    config(settings, wanted)
