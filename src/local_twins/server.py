"""A twin on a socket of its own: started and stopped by tests and by whoever embeds one."""

import asyncio
import socket
import threading
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from local_twins.dropping import DroppingProtocol


class TwinServer:
    """Serves an application from a thread of its own; port 0 takes a free one."""

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> None:
        self._address = (host, port)
        config = uvicorn.Config(app, http=DroppingProtocol, log_config=None, access_log=False, lifespan="off")
        self._server = _PromptServer(config)
        self._thread: threading.Thread | None = None

    def start(self) -> str:
        """Listen, and give the address: http://127.0.0.1:49152. Raises OSError when the port is taken."""
        listener = socket.create_server(self._address)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="local-twin", daemon=True
        )
        self._thread.start()
        host, port = listener.getsockname()[:2]
        return f"http://{host}:{port}"

    def stop(self) -> None:
        """Finish what is being answered, and let go of the port."""
        self._server.end()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> str:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


_TICK_SECONDS = 0.1
_LOOK_SECONDS = 0.002


class _PromptServer(uvicorn.Server):
    """Ends as soon as all is answered, where uvicorn looks ten times a second: tests start many."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = asyncio.Event()

    def end(self) -> None:
        """Ask the server to end, from any thread."""
        self.should_exit = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ended.set)

    async def main_loop(self) -> None:
        """Tick, which keeps the date of answers right, until somebody asks for the end."""
        self._loop = asyncio.get_running_loop()
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), _TICK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no new connection, and wait for the answers that are under way."""
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        # Nobody tells when the last connection is closed.
        while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_SECONDS)
