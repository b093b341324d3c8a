"""The signature under a notification (docs: "Webhooks overview", "Webhook notification ping")."""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from airtable_gateway.listening.hooks import Hook

HEADER = "X-Airtable-Content-MAC"
_PREFIX = "hmac-sha256="


@dataclass(frozen=True, slots=True)
class Ping:
    """A notification as it came: its raw body, and the text of its signature."""

    body: bytes
    signature: str


def is_signed(ping: Ping, hook: Hook) -> bool:
    """Whether who holds the webhook's secret sent exactly this; told in the same time for every signature."""
    expected = _PREFIX + hmac.new(hook.secret, ping.body, sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), ping.signature.encode())
