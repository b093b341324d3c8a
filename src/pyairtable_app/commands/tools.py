"""Which tools are offered, as arguments of the commands that serve them; each wins over its variable."""

import argparse
from dataclasses import replace

from pyairtable_app.settings import Settings

_LISTS = {
    "--toolsets": "default, all, or names of toolsets",
    "--tools": "single tools, beside toolsets or alone",
    "--exclude-tools": "tools that are not offered",
}


def add_tools(parser: argparse.ArgumentParser) -> None:
    """`--toolsets`, `--tools`, `--exclude-tools` and `--read-only`."""
    group = parser.add_argument_group("tools", "each wins over the variable of its name")
    for option, about in _LISTS.items():
        group.add_argument(option, type=_words, metavar="NAME,...", help=about)
    group.add_argument("--read-only", action="store_true", help="offer no tool that writes")


def with_tools(settings: Settings, options: argparse.Namespace) -> Settings:
    """The settings with what the arguments say of the tools."""
    given = settings.tools
    tools = replace(
        given,
        toolsets=given.toolsets if options.toolsets is None else options.toolsets,
        tools=given.tools if options.tools is None else options.tools,
        excluded_tools=given.excluded_tools if options.exclude_tools is None else options.exclude_tools,
        is_read_only=given.is_read_only or options.read_only,
    )
    return replace(settings, tools=tools)


def as_arguments(options: argparse.Namespace) -> tuple[str, ...]:
    """The arguments that were given of these, for a command that starts the server later."""
    lists = {
        "--toolsets": options.toolsets,
        "--tools": options.tools,
        "--exclude-tools": options.exclude_tools,
    }
    words = [word for option, names in lists.items() if names for word in (option, ",".join(names))]
    return (*words, *(["--read-only"] if options.read_only else []))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())
