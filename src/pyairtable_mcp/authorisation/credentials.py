"""Airtable's credentials, one a principal, in a file that is of no use without the key."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_KEY_BYTES, _NONCE_BYTES = 32, 12


class CredentialError(Exception):
    """The store cannot be used; the message says why, and shows no secret."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A principal that has a credential, and since when."""

    principal: str
    added: str


@dataclass(frozen=True, slots=True)
class CredentialStore:
    """The file at `path`; each token is sealed with AES-256-GCM, bound to its principal."""

    path: Path
    key: bytes = field(repr=False)

    @classmethod
    def open(cls, path: Path, key: str) -> "CredentialStore":
        """The store with that key, 32 bytes as URL-safe base64. Raises CredentialError."""
        try:
            found = urlsafe_b64decode(key + "=" * (-len(key) % 4))
        except ValueError:
            found = b""
        if len(found) != _KEY_BYTES:
            raise CredentialError("the key is not 32 bytes as URL-safe base64")
        return cls(path, found)

    def add(self, principal: str, token: str) -> None:
        """Keep the principal's credential instead of an earlier one. Raises CredentialError."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher().encrypt(nonce, token.encode(), principal.encode())
        row = {"sealed": urlsafe_b64encode(nonce + sealed).decode(), "added": f"{datetime.now(UTC):%Y-%m-%d}"}
        with self._locked():
            self._write({**self._rows(), principal: row})

    def remove(self, principal: str) -> bool:
        """Forget the principal's credential; whether there was one. Raises CredentialError."""
        with self._locked():
            rows = self._rows()
            if rows.pop(principal, None) is None:
                return False
            self._write(rows)
        return True

    def listed(self) -> list[Listed]:
        """Who has a credential, by name; never the credentials. Raises CredentialError."""
        return [Listed(name, str(row.get("added", ""))) for name, row in sorted(self._rows().items())]

    def token(self, principal: str) -> str | None:
        """The principal's credential. Raises CredentialError when the file or the key is another."""
        row = self._rows().get(principal)
        if row is None:
            return None
        from cryptography.exceptions import InvalidTag

        try:
            raw = urlsafe_b64decode(row["sealed"])
            opened = self._cipher().decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], principal.encode())
        except (InvalidTag, KeyError, ValueError, TypeError) as error:
            raise CredentialError(f"the credential of {principal!r} was sealed with another key") from error
        return str(opened, "utf-8")

    def _cipher(self) -> Any:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self.key)

    def _locked(self) -> Any:
        from filelock import FileLock

        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return FileLock(self.path.with_suffix(".lock"))

    def _rows(self) -> dict[str, dict[str, Any]]:
        try:
            rows = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise CredentialError(f"{self.path} cannot be read") from error
        if not isinstance(rows, dict) or not all(isinstance(row, dict) for row in rows.values()):
            raise CredentialError(f"{self.path} holds no credentials")
        return rows

    def _write(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """In one step, and for its owner alone: a reader never sees half of it."""
        draft = self.path.with_suffix(".draft")
        try:
            draft.unlink(missing_ok=True)
            draft.touch(mode=0o600)
            draft.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
            draft.replace(self.path)
        except OSError as error:
            raise CredentialError(f"{self.path} cannot be written ({error.strerror})") from error
