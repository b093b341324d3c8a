"""Arguments that several commands take."""

import argparse
from typing import TypeAlias

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - its one name


def add_address(parser: argparse.ArgumentParser, *, port: int | None, about_port: str) -> None:
    """`--host` and `--port`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default %(default)s)")
    parser.add_argument("--port", type=_port, default=port, help=f"port, 0 for any free one ({about_port})")


def add_pairs(parser: argparse.ArgumentParser, option: str, *, into: str, value: str, about: str) -> None:
    """An option that may be repeated, each time with NAME=VALUE."""
    parser.add_argument(
        option, dest=into, type=_pair, action="append", default=[], metavar=f"NAME={value}", help=about
    )


def _pair(text: str) -> tuple[str, object]:
    from pyairtable_app.formula_command import pair

    return pair(text)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 0 to 65535")
    return int(text)
