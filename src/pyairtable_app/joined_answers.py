"""The head of an answer sent together with its body, where uvicorn sends each by itself.

Each is a call into the kernel and wakes the client. What was written is not held for longer than a turn of
the loop, and not until then where a body follows at once: what is done after an answer would go before it.
"""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.auto import AutoHTTPProtocol

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as _HttpProtocol
else:
    _HttpProtocol = AutoHTTPProtocol

_HEAD = b"HTTP/1."


class JoinedAnswers(_HttpProtocol):
    """Uvicorn's protocol, over a transport that joins."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        """Begin to listen and to answer."""
        super().connection_made(cast("asyncio.Transport", JoiningTransport(transport)))


class JoiningTransport:
    """Holds the head of an answer until its body is written; all else it hands on at once."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._head = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send that, after what is held."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.writelines((head, data))
        elif data.startswith(_HEAD):
            self._head = data
            self._loop.call_soon(self._send)
        else:
            self._transport.write(data)

    def writelines(self, parts: Iterable[bytes]) -> None:
        """Send those, after what is held."""
        self._send()
        self._transport.writelines(parts)

    def close(self) -> None:
        """Send what is held, and close."""
        self._send()
        self._transport.close()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Send what is held, and let another protocol go on."""
        self._send()
        self._transport.set_protocol(protocol)

    def is_closing(self) -> bool:
        """Whether the connection is closed or about to be."""
        return self._transport.is_closing()

    def _send(self) -> None:
        head, self._head = self._head, b""
        if head and not self.is_closing():
            self._transport.write(head)
