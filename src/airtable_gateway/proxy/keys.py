"""Who may use the proxy: bearers of a known key, each under a name that signs what they write."""

import hmac
from collections.abc import Mapping

ANYBODY = "anybody"


class Keys:
    """The known keys by the names of their bearers; without any, every bearer is `anybody`."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = [(name, f"Bearer {key}".encode()) for name, key in keys.items()]

    def bearer(self, authorization: str) -> str | None:
        """The name of who sends that header, None for nobody who is known.

        A header is asked for also without keys: a web page cannot send one to another site unasked.
        """
        given = authorization.encode()
        if not self._keys:
            return ANYBODY if authorization.lower().startswith("bearer ") else None
        known = [name for name, expected in self._keys if hmac.compare_digest(given, expected)]
        return known[0] if known else None
