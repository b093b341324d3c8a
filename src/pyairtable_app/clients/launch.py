"""How a client comes to the server: by starting a command, in one of several ways, or by an address."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = "pyairtable-mcp"
IMAGE = "pyairtable-mcp"
IMAGE_USER = 10001
"""Who runs in the container."""
TOKEN = "AIRTABLE_API_KEY"  # noqa: S105 - the name of the variable
KEY = "PYAIRTABLE_MCP_KEY"
"""The variable that a client puts into the header of its requests, where it reads variables."""

_IN_CONTAINER = "/run/secrets/airtable_token"


@dataclass(frozen=True, slots=True)
class Token:
    """Where the server gets Airtable's token from: a file, else what the client fills in, or nowhere."""

    file: Path | None = None
    is_asked: bool = True


@dataclass(frozen=True, slots=True)
class Launch:
    """A command that speaks MCP on its standard streams; `asks` are variables that the client fills in."""

    command: str
    args: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remote:
    """A server that runs already; with `has_key` it asks for one."""

    url: str
    has_key: bool = False


def _by_path(arguments: tuple[str, ...], token: Token) -> Launch:
    """This very installation."""
    return _started(str(Path(sys.executable).with_name(PACKAGE)), arguments, token)


def _by_uvx(arguments: tuple[str, ...], token: Token) -> Launch:
    return _started("uvx", (PACKAGE, *arguments), token)


def _by_pipx(arguments: tuple[str, ...], token: Token) -> Launch:
    return _started("pipx", ("run", PACKAGE, *arguments), token)


def _started(command: str, arguments: tuple[str, ...], token: Token) -> Launch:
    if token.file is not None:
        return Launch(command, arguments, {f"{TOKEN}_FILE": str(token.file)})
    return Launch(command, arguments, asks=(TOKEN,) if token.is_asked else ())


def _by_docker(arguments: tuple[str, ...], token: Token) -> Launch:
    """The image of deploy/Dockerfile; the container ends with the client, its data stay in a volume."""
    run = ("run", "--rm", "--interactive", "--no-healthcheck", "--volume", f"{PACKAGE}:/data")
    if token.file is not None:
        mount = f"type=bind,source={token.file},target={_IN_CONTAINER},readonly"
        given = ("--mount", mount, "--env", f"{TOKEN}_FILE={_IN_CONTAINER}")
        return Launch("docker", (*run, *given, IMAGE, *arguments))
    # Without a value docker hands on what it was started with, so the token is in no list of processes.
    passed = ("--env", TOKEN) if token.is_asked else ()
    return Launch("docker", (*run, *passed, IMAGE, *arguments), asks=(TOKEN,) if token.is_asked else ())


RUNNERS: Mapping[str, Callable[[tuple[str, ...], Token], Launch]] = {
    "path": _by_path,
    "uvx": _by_uvx,
    "pipx": _by_pipx,
    "docker": _by_docker,
}
"""The ways to start the server, the surest first."""
