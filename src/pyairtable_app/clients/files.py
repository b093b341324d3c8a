"""A client's configuration file, JSON or TOML: read as it is, changed in one place, everything else kept."""

import json
import os
import re
import secrets
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pyairtable_app.clients.client import Json
from pyairtable_app.clients.toml import appended, as_toml
from pyairtable_app.errors import CannotOpenData


@dataclass(frozen=True, slots=True)
class Configuration:
    """A file's content; `text` is None where there is no file yet."""

    path: Path
    text: str | None
    content: Json

    def servers(self, section: str) -> Json:
        """The servers by name, {} for none. Raises CannotOpenData for a section of another shape."""
        servers = self.content.get(section, {})
        if not isinstance(servers, dict):
            raise CannotOpenData(
                f"{self.path}: {section!r} is no object. Nothing was written; mend it first."
            )
        return servers

    def with_server(self, section: str, name: str, document: Json) -> "Configuration":
        """The content with the server of `document` under that name, and the questions that it needs.

        Raises CannotOpenData where that name is somebody else's.
        """
        servers = self.servers(section)
        if name in servers and not _is_same(servers[name], document[section][name]):
            raise CannotOpenData(
                f"{self.path} has another server named {name!r}. Nothing was written; give another --name."
            )
        content = {**self.content, section: {**servers, name: document[section][name]}}
        if asked := document.get("inputs"):
            ids = {question["id"] for question in asked}
            kept = [one for one in self._inputs() if not isinstance(one, dict) or one.get("id") not in ids]
            content["inputs"] = [*kept, *asked]
        return Configuration(self.path, self.text, content)

    def _inputs(self) -> list[Any]:
        inputs = self.content.get("inputs", [])
        if not isinstance(inputs, list):
            raise CannotOpenData(f"{self.path}: 'inputs' is no list. Nothing was written; mend it first.")
        return inputs

    def write(self, now: datetime) -> Path | None:
        """Write the content in one step; where the old file was kept, None if there was none.

        Raises CannotOpenData; then the file is as it was.
        """
        target = self.path.resolve()
        text = self._rendered()
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            backup = self._backup(target, now)
            mode = target.stat().st_mode & 0o777 if self.text is not None else 0o600
            draft = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            draft.replace(target)
        except OSError as error:
            raise CannotOpenData(f"{self.path} cannot be written ({error.strerror}).") from error
        return backup

    def _rendered(self) -> str:
        if not is_toml(self.path):
            return json.dumps(self.content, indent=_indent(self.text), ensure_ascii=False) + "\n"
        try:
            return appended(self.text or "", self.content)
        except ValueError as error:
            raise CannotOpenData(
                f"{self.path} has this server already, and rewriting would lose comments ({error}). "
                "Nothing was written; take it out there, or give another --name."
            ) from error

    def _backup(self, target: Path, now: datetime) -> Path | None:
        if self.text is None:
            return None
        backup = target.with_name(f"{target.name}.{now:%Y%m%d-%H%M%S-%f}.bak")
        descriptor = os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL, target.stat().st_mode & 0o777)
        with os.fdopen(descriptor, "wb") as file:
            file.write(target.read_bytes())
        return backup


def read(path: Path) -> Configuration:
    """The file at that path, or none yet. Raises CannotOpenData for what is no plain JSON object."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Configuration(path, None, {})
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise CannotOpenData(f"{path} cannot be read ({reason}).") from error
    language = "TOML" if is_toml(path) else "plain JSON"
    try:
        content = _parsed(path, text) if text.strip() else {}
    except ValueError as error:
        raise CannotOpenData(
            f"{path} is no {language} ({error}). Nothing was written: rewriting would lose comments. "
            "Mend it, or put the printed lines in by hand."
        ) from error
    if not isinstance(content, dict):
        raise CannotOpenData(f"{path} holds no JSON object. Nothing was written; mend it first.")
    return Configuration(path, text, content)


def shown(document: Json, path: Path) -> str:
    """The document in the language of that file."""
    return as_toml(document) if is_toml(path) else json.dumps(document, indent=2, ensure_ascii=False)


def is_toml(path: Path) -> bool:
    """Whether that file is TOML; the others are JSON."""
    return path.suffix == ".toml"


def _parsed(path: Path, text: str) -> Any:
    return tomllib.loads(text) if is_toml(path) else json.loads(text, object_pairs_hook=_once)


def names_us(entry: Any) -> bool:
    """Whether a server of a client's file is this one."""
    return "pyairtable" in json.dumps(entry).casefold()


def _is_same(old: Any, new: Json) -> bool:
    """Whether the new entry may stand for the old one: it is this server, or has the same address."""
    addresses = [new[key] for key in ("url", "serverUrl") if key in new]
    return names_us(old) or (isinstance(old, dict) and any(one in old.values() for one in addresses))


def _once(pairs: list[tuple[str, Any]]) -> Json:
    """An object whose every name stands in it once: of two, reading would keep the last alone."""
    content = dict(pairs)
    if len(content) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands twice in one object")
    return content


def _indent(text: str | None) -> int | str:
    """What the file's own lines are indented by."""
    found = re.search(r"^([ \t]+)\"", text or "", re.MULTILINE)
    return found[1] if found else 2
