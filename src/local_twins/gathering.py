"""One segment for one answer: what is written to a connection in one step goes out together.

Uvicorn writes the head of an answer and then its body. Each write is a call into the kernel that wakes the
client, which costs more than most answers of a twin do.
"""

import asyncio
from typing import Any


class GatheringTransport:
    """Hands on what is written once the step that writes it is over; all else it hands on at once."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send that, after what waits already."""
        if not self._waiting:
            self._loop.call_soon(self._send)
        self._waiting.append(data)

    def close(self) -> None:
        """Send what waits, and close."""
        self._send()
        self._transport.close()

    def abort(self) -> None:
        """Send what can be sent at once of what waits, and drop the connection."""
        self._send()
        self._transport.abort()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Send what waits, and let another protocol go on."""
        self._send()
        self._transport.set_protocol(protocol)

    def is_closing(self) -> bool:
        """Whether the connection is closed or about to be."""
        return self._transport.is_closing()

    def _send(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._transport.writelines(waiting)
