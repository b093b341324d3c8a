"""A twin on a socket of its own: started and stopped by tests and by whoever embeds one."""

import socket
import threading

import uvicorn
from starlette.types import ASGIApp

from local_twins.dropping import DroppingProtocol


class TwinServer:
    """Serves an application from a thread of its own; port 0 takes a free one."""

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> None:
        self._address = (host, port)
        config = uvicorn.Config(app, http=DroppingProtocol, log_config=None, access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
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
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> str:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
