"""What a client needs to know of this server: printed for a person, or merged into the client's file."""

import os
import stat
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from pyairtable_app.clients import (
    CLIENTS,
    IMAGE_USER,
    RUNNERS,
    Client,
    Json,
    Launch,
    NoReference,
    Remote,
    Token,
    read,
    shown,
)
from pyairtable_app.errors import CannotOpenData, SettingError
from pyairtable_app.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    client: str
    name: str = "airtable"
    runner: str = "path"
    url: str | None = None
    has_key: bool = False
    token_file: Path | None = None
    is_samples: bool = False
    is_written: bool = False
    file: Path | None = None
    arguments: tuple[str, ...] = ()


def config(settings: Settings, wanted: Wanted) -> None:
    """Print the lines of its file on standard output and what to do with it on standard error, or write it.

    Raises SettingError and CannotOpenData; then nothing was written.
    """
    client = CLIENTS[wanted.client]
    way = _way(settings, wanted)
    file = wanted.file or client.place.path(sys.platform, Path.home(), os.environ)
    if wanted.is_written:
        _write(client, wanted, way, file)
        sys.stderr.writelines(f"{line}\n" for line in _to_open(wanted))
        return
    print(shown(client.document(wanted.name, way), file))
    sys.stderr.write("\n".join([*_told(client, wanted.name, way, file), *_to_open(wanted)]) + "\n")


def _told(client: Client, name: str, way: Launch | Remote, file: Path) -> list[str]:
    entry: Json = client.entry(way)
    told = [f"For {client.title}, in {file}. {client.then}"]
    if names := client.looked_up(way):
        told.append(f"Set {' and '.join(names)} in the environment that it is started from.")
    if client.command is not None:
        told.append(f"Or by one command: {client.command(name, entry)}")
    if client.link is not None:
        inputs = client.inputs(way)
        told.append(f"Or by one click: {client.link(name, entry | ({'inputs': inputs} if inputs else {}))}")
    return told


def _to_open(wanted: Wanted) -> list[str]:
    """What lets the container read a token that its owner alone may read; elsewhere than on Linux it may."""
    file = wanted.token_file
    if wanted.runner != "docker" or file is None or sys.platform != "linux":
        return []
    if file.expanduser().stat().st_mode & stat.S_IROTH:
        return []
    return [f"The container reads the token as user {IMAGE_USER}: setfacl -m u:{IMAGE_USER}:r {file}"]


def _write(client: Client, wanted: Wanted, way: Launch | Remote, file: Path) -> None:
    try:
        client.require_references(way)
    except NoReference as error:
        remedy = (
            "--token-file FILE, or --samples" if isinstance(way, Launch) else "the printed lines, by hand"
        )
        raise CannotOpenData(f"{error}, and a secret is not written there. Use {remedy}.") from error
    document = client.document(wanted.name, way)
    before = read(file)
    after = before.with_server(client.section, wanted.name, document)
    if after.content == before.content:
        print(f"{file} has it already.")
        return
    backup = after.write(datetime.now().astimezone())
    kept = f" The file as it was: {backup}" if backup else ""
    names = client.looked_up(way)
    needed = f" It looks up {' and '.join(names)} in its environment." if names else ""
    print(f"Written: {wanted.name!r} in {file}. {client.then}{needed}{kept}")


def _way(settings: Settings, wanted: Wanted) -> Launch | Remote:
    if wanted.url is not None:
        return Remote(_address(wanted.url), wanted.has_key)
    launch = RUNNERS[wanted.runner](("stdio", *wanted.arguments), _token(wanted))
    if wanted.is_samples and wanted.runner == "path":
        # So that this client and `serve` work on the same bases.
        launch = replace(launch, env={**launch.env, "DATA_DIR": str(settings.data.folder.resolve())})
    return launch


def _token(wanted: Wanted) -> Token:
    if wanted.token_file is None:
        return Token(is_asked=not wanted.is_samples)
    file = wanted.token_file.expanduser().resolve()
    if not file.is_file():
        raise SettingError(f"--token-file={file}: there is no such file; put the token into it first.")
    return Token(file)


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise SettingError(
            f"--url={url!r}: write http://host:port/mcp or https://host/mcp, and no key in it."
        )
    return url
