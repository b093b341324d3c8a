"""Requests whose head and body leave together."""

from typing import Any

from urllib3.connection import HTTPConnection


class AtOnce(HTTPConnection):
    """Sends a request as one piece, where urllib3 sends the head and then the body."""

    _pieces: list[bytes] | None = None
    """What is to be sent of the request that is being put together, None while there is none."""

    def request(self, *args: Any, **options: Any) -> None:
        """See `HTTPConnection`."""
        pieces: list[bytes] = []
        self._pieces = pieces
        try:
            super().request(*args, **options)
        finally:
            self._pieces = None
        self.send(b"".join(pieces))

    def send(self, data: Any) -> None:
        """See `HTTPConnection`."""
        if self._pieces is None:
            super().send(data)
        else:
            self._pieces.append(data)
