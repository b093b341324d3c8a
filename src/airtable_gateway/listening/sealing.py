"""A webhook as a row that may lie anywhere: its secret is sealed with AES-256-GCM and bound to it."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from hmac import HMAC
from typing import Any

from airtable_gateway.listening.hooks import Hook

_NONCE_BYTES = 12


class Seal:
    """Seals and opens; what was sealed with another `key` is lost."""

    def __init__(self, key: bytes) -> None:
        self._key = HMAC(key, b"secrets of webhooks", sha256).digest()

    def row(self, hook: Hook) -> dict[str, str]:
        """The webhook as JSON that tells no secret."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._cipher().encrypt(nonce, hook.secret, hook.webhook_id.encode())
        return {"id": hook.webhook_id, "url": hook.url, "sealed": urlsafe_b64encode(sealed).decode()}

    def hook(self, base_id: str, row: object) -> Hook | None:
        """The webhook of such a row, None for one that cannot be opened, or is none."""
        match row:
            case {"id": str(webhook_id), "url": str(url), "sealed": str(sealed)}:
                secret = self._opened(sealed, webhook_id)
                return None if secret is None else Hook(base_id, webhook_id, url, secret)
            case _:
                return None

    def _opened(self, sealed: str, webhook_id: str) -> bytes | None:
        from cryptography.exceptions import InvalidTag

        try:
            raw = urlsafe_b64decode(sealed)
            nonce, text = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
            secret: bytes = self._cipher().decrypt(nonce, text, webhook_id.encode())
        except (InvalidTag, ValueError):
            return None
        return secret

    def _cipher(self) -> Any:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._key)
