"""What is too large for a result, and files of cells: in one folder, readable as resources by their owner."""

import hashlib
import re
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError

from pyairtable_mcp.offering import refused
from pyairtable_mcp.principal import principal

_NAME = re.compile(r"[A-Za-z0-9-]{1,80}\.(?:csv|json)")
_FILES = "files"
_FILE_NAME = re.compile(r"[0-9a-f]{16}-[A-Za-z0-9._-]{1,80}")
_TYPES = {"csv": "text/csv", "json": "application/json"}
_KEPT_ANSWERS = 100
"""Whole answers that stay; CSV files, which somebody asked for, stay until somebody removes them."""


def of(folder: Path, owner: str) -> Path:
    """The principal's own part of the folder; whoever sits at the machine ("local") has the folder itself."""
    if owner == "local":
        return folder
    return folder / "principals" / hashlib.sha256(owner.encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Export:
    """A file that was written, and the address under which a client reads it."""

    path: Path
    kind: str = "exports"

    @property
    def uri(self) -> str:
        """The resource's address."""
        return f"airtable://{self.kind}/{self.path.name}"


def save(folder: Path, stem: str, suffix: str, text: str) -> Export:
    """Write `text` to a new file that only its owner may read; its name begins with `stem`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if suffix == "json":
        _drop_oldest(folder)
    safe = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")[:40] or "export"
    path = folder / f"{safe}-{secrets.token_hex(8)}.{suffix}"
    path.touch(mode=0o600)
    # Half a surrogate pair cannot be stored as UTF-8; a client's JSON may hold one all the same.
    path.write_bytes(text.encode("utf-8", "replace"))
    return Export(path)


def save_file(folder: Path, filename: str, content: bytes) -> Export:
    """Write a file that came out of a cell; only its owner may read it."""
    place = folder / _FILES
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", filename)[-80:].lstrip(".") or "file"
    path = place / f"{secrets.token_hex(8)}-{safe}"
    path.touch(mode=0o600)
    path.write_bytes(content)
    return Export(path, _FILES)


def publish(server: MCPServer[Any], folder: Path, hidden: Collection[str] = ()) -> None:
    """Serve each principal its own files as resources, each kind under its own media type.

    No word of it names a tool in `hidden`.
    """
    for suffix, media_type in _TYPES.items():
        _publish_kind(server, folder, (suffix, media_type), hidden)
    _publish_files(server, folder, hidden)


def _publish_files(server: MCPServer[Any], folder: Path, hidden: Collection[str]) -> None:
    @server.resource(
        "airtable://files/{name}",
        name="downloaded_file",
        mime_type="application/octet-stream",
        description="A file that was in a cell",
    )
    def file(name: str) -> bytes:
        path = of(folder, principal()) / _FILES / name
        if not _FILE_NAME.fullmatch(name) or not path.is_file():
            text = f"There is no file {name[:100]!r}. Call download_attachment to fetch one."
            raise ResourceNotFoundError(refused(text, hidden))
        return path.read_bytes()


def _publish_kind(
    server: MCPServer[Any], folder: Path, kind: tuple[str, str], hidden: Collection[str]
) -> None:
    suffix, media_type = kind

    @server.resource(
        f"airtable://exports/{{name}}.{suffix}",
        name=f"exported_{suffix}",
        mime_type=media_type,
        description=f"A {suffix.upper()} file that a tool wrote",
    )
    def export(name: str) -> str:
        path = of(folder, principal()) / f"{name}.{suffix}"
        if not _NAME.fullmatch(path.name) or not path.is_file():
            text = f"There is no export {path.name[:100]!r}. Call export_table_csv to make one."
            raise ResourceNotFoundError(refused(text, hidden))
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()


def _drop_oldest(folder: Path) -> None:
    """Make room for one more answer; another process may do the same at the same time."""
    answers = sorted(folder.glob("answer-*.json"), key=lambda path: path.name)
    with suppress(FileNotFoundError):
        answers.sort(key=lambda path: path.stat().st_mtime)
    for path in answers[: max(0, len(answers) - _KEPT_ANSWERS + 1)]:
        path.unlink(missing_ok=True)
