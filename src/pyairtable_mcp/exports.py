"""Exports too large for a result: files in one folder, readable as resources by their name."""

import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError

_NAME = re.compile(r"[A-Za-z0-9-]{1,80}\.(csv|json)")


@dataclass(frozen=True, slots=True)
class Export:
    """A file that was written, and the address under which a client reads it."""

    path: Path

    @property
    def uri(self) -> str:
        """The resource's address."""
        return f"airtable://exports/{self.path.name}"


def save(folder: Path, stem: str, suffix: str, text: str) -> Export:
    """Write `text` to a new file that only its owner may read; its name begins with `stem`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    safe = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")[:40] or "export"
    path = folder / f"{safe}-{secrets.token_hex(8)}.{suffix}"
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8", newline="")
    return Export(path)


def publish(server: MCPServer[Any], folder: Path) -> None:
    """Serve the folder's files as resources."""

    @server.resource(
        "airtable://exports/{name}", mime_type="text/plain", description="A file that a tool exported"
    )
    def export(name: str) -> str:
        path = folder / name
        if not _NAME.fullmatch(name) or not path.is_file():
            raise ResourceError(f"There is no export {name!r}. Call export_table_csv to make one.")
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
