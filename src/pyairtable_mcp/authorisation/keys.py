"""API keys for scripts: named, with scopes, from a file of the server's owner."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mcp.server.auth.provider import AccessToken

from pyairtable_mcp.authorisation.scopes import ALL_SCOPES, KEY_SCOPES
from pyairtable_mcp.principal import HISTORY, PREFIX

_SHORTEST = 20


class KeyFileError(ValueError):
    """The file of keys cannot be used; the message says why, and never shows a key."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key by its digest; the key itself is not kept."""

    name: str
    digest: bytes = field(repr=False)
    scopes: tuple[str, ...] = ALL_SCOPES


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """See `Verifier`: knows who sends one of the keys."""

    keys: tuple[ApiKey, ...]

    @classmethod
    def one(cls, name: str, key: str) -> "ApiKeys":
        """A single key of the server's owner, who may do everything but act for others."""
        return cls((ApiKey(name, digest(key), (*ALL_SCOPES, HISTORY)),))

    @classmethod
    def from_file(cls, path: Path) -> "ApiKeys":
        """The keys of a JSON file: [{"name", "key" or "sha256", "scopes"}]. Raises KeyFileError."""
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not JSON"
            raise KeyFileError(f"{path} cannot be read: {reason}.") from error
        keys = tuple(_key(path, index, row) for index, row in enumerate(_rows(path, rows)))
        if len({key.name for key in keys}) < len(keys):
            raise KeyFileError(f"{path}: two keys have the same name; a name stands for one client.")
        return cls(keys)

    async def verify(self, bearer: str) -> AccessToken | None:
        """Who sends the key, None when it is none of these. Takes as long whichever it is."""
        given = digest(bearer)
        found: ApiKey | None = None
        for key in self.keys:
            if hmac.compare_digest(key.digest, given):
                found = key
        if found is None:
            return None
        name = PREFIX + found.name
        return AccessToken(token="", client_id=name, subject=name, scopes=list(found.scopes))


def digest(key: str) -> bytes:
    """What is compared instead of the key: as long for every key, and of no use to a thief."""
    return hashlib.sha256(key.encode()).digest()


def _rows(path: Path, rows: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise KeyFileError(
            f'{path} holds no list of keys: [{{"name": "ci", "sha256": "...", "scopes": [...]}}].'
        )
    return rows


def _key(path: Path, index: int, row: Mapping[str, Any]) -> ApiKey:
    name, scopes = row.get("name"), row.get("scopes")
    if not isinstance(name, str) or not name:
        raise KeyFileError(f"{path}: key {index} has no name.")
    if not isinstance(scopes, list) or not scopes or not set(map(str, scopes)) <= set(KEY_SCOPES):
        raise KeyFileError(f"{path}: the scopes of {name!r} are a list of {', '.join(KEY_SCOPES)}.")
    return ApiKey(name, _digest(path, name, row), tuple(scopes))


def _digest(path: Path, name: str, row: Mapping[str, Any]) -> bytes:
    match row:
        case {"key": str(key)} if len(key) >= _SHORTEST:
            return digest(key)
        case {"sha256": str(text)}:
            try:
                found = bytes.fromhex(text)
            except ValueError:
                found = b""
            if len(found) == hashlib.sha256().digest_size:
                return found
    raise KeyFileError(
        f"{path}: {name!r} needs key (at least {_SHORTEST} characters) or sha256 (its digest in hex)."
    )
