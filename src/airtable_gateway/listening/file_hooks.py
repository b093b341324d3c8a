"""Webhooks kept in a file, their secrets sealed with AES-256-GCM, each bound to its webhook."""

import asyncio
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from hmac import HMAC
from pathlib import Path
from typing import Any

from filelock import AsyncFileLock

from airtable_gateway.listening.hooks import Hook

_NONCE_BYTES = 12


class FileHooks:
    """See `Hooks`. The key of the file is made of `key`; with another one its secrets are lost."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = HMAC(key, b"secrets of webhooks", sha256).digest()

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[None]:
        """See `Hooks.changing`."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        async with AsyncFileLock(self._path.with_suffix(".lock"), is_singleton=False):
            yield

    async def hook(self, base_id: str) -> Hook | None:
        """See `Hooks.hook`."""
        return await asyncio.to_thread(self._hook, base_id)

    async def keep(self, hook: Hook) -> None:
        """See `Hooks.keep`."""
        await asyncio.to_thread(self._keep, hook)

    def _hook(self, base_id: str) -> Hook | None:
        match self._rows().get(base_id):
            case {"id": str(webhook_id), "url": str(url), "sealed": str(sealed)}:
                secret = self._opened(sealed, webhook_id)
                return None if secret is None else Hook(base_id, webhook_id, url, secret)
            case _:
                return None

    def _keep(self, hook: Hook) -> None:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = urlsafe_b64encode(
            nonce + self._cipher().encrypt(nonce, hook.secret, _bound(hook.webhook_id))
        )
        row = {"id": hook.webhook_id, "url": hook.url, "sealed": sealed.decode()}
        self._write({**self._rows(), hook.base_id: row})

    def _opened(self, sealed: str, webhook_id: str) -> bytes | None:
        from cryptography.exceptions import InvalidTag

        try:
            raw = urlsafe_b64decode(sealed)
            secret: bytes = self._cipher().decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound(webhook_id))
        except (InvalidTag, ValueError):
            return None
        return secret

    def _cipher(self) -> Any:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._key)

    def _rows(self) -> dict[str, Any]:
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            # What cannot be read is made anew: a webhook whose secret is lost can be replaced.
            return {}
        return rows if isinstance(rows, dict) else {}

    def _write(self, rows: Mapping[str, Any]) -> None:
        """In one step, and for its owner alone: a reader never sees half of it."""
        draft = self._path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(rows, indent=1), encoding="utf-8")
        draft.replace(self._path)


def _bound(webhook_id: str) -> bytes:
    return webhook_id.encode()
