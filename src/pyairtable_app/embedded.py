"""The embedded Airtable of a data folder: one process owns it, the others find it.

The owner holds `airtable.lock` and writes where it serves to `airtable.url`. The lock goes with its process,
however that ends; the next one that asks becomes the owner.
"""

import asyncio
import secrets
import socket
import sqlite3
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from starlette.types import ASGIApp

from airtable_gateway import Endpoint, Unreachable
from local_twins.airtable import (
    OWNER,
    ListedTokens,
    PageAccess,
    Store,
    TwinServer,
    create_app,
    deliveries,
    load_samples,
)
from pyairtable_app.errors import CannotOpenData

_PATIENCE_SECONDS = 60.0
_GLANCE_SECONDS = 0.05


class EmbeddedAirtable:
    """An EndpointSource: where the folder's Airtable is served, by this process when no other does it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / "airtable.lock", thread_local=False)
        self._url_file = folder / "airtable.url"
        self._token_file = folder / "airtable.token"
        self._store: Store | None = None
        self._deliveries = ExitStack()
        self._server: TwinServer | None = None
        self._url: str | None = None
        self._finding = asyncio.Lock()

    async def endpoint(self) -> Endpoint:
        """Where the embedded Airtable is; started here, on a free loopback port, when nobody serves it.

        Raises Unreachable.
        """
        async with self._finding:
            if self._url is None:
                self._url = await asyncio.to_thread(self._find_or_start)
            return Endpoint(self._url, self._token(), name="embedded")

    async def lost(self, endpoint: Endpoint) -> bool:
        """The owner may have ended; then the folder can be taken over."""
        if self._store is not None:
            return False
        if self._url == endpoint.url:
            self._url = None
        return True

    def claimed_app(self, url: str, *, page: PageAccess) -> ASGIApp | None:
        """The Web API for a server at `url` to serve, None when another process owns the folder.

        `page` says to whom its web page shows the data.

        Raises CannotOpenData.
        """
        if not self._claim():
            return None
        self._publish(url)
        return self._app(page)

    def claimed_store(self) -> Store | None:
        """The folder's bases, None when another process owns them. Raises CannotOpenData."""
        return self._store if self._claim() else None

    def migrate(self) -> str:
        """Make the folder ready for use and say what it holds. Raises CannotOpenData."""
        store = self.claimed_store()
        if store is None:
            return f"{self._folder} is up to date; it is served at {self.owner_url}."
        names = ", ".join(base.name for base in store.bases())
        self.close()
        return f"{self._folder} is up to date. Bases: {names}."

    @property
    def owner_url(self) -> str:
        """Where the owner said that it serves."""
        return self._url_file.read_text(encoding="utf-8").strip() if self._url_file.is_file() else ""

    def close(self) -> None:
        """Stop serving and let go of the folder."""
        if self._server is not None:
            self._server.stop()
        self._deliveries.close()
        if self._store is not None:
            self._url_file.unlink(missing_ok=True)
            self._store.close()
        self._server, self._store, self._url = None, None, None
        self._lock.release()

    def _find_or_start(self) -> str:
        try:
            return self._found_or_started()
        except CannotOpenData as error:
            raise Unreachable(
                str(error), hint="Set DATA_DIR to another folder.", may_be_applied=False
            ) from error

    def _found_or_started(self) -> str:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if self._claim():
                return self._start()
            if _listens(url := self.owner_url):
                return url
            time.sleep(_GLANCE_SECONDS)
        raise Unreachable(
            f"Another process holds {self._folder / 'airtable.lock'} and does not answer.",
            hint="End that process, or set DATA_DIR to another folder.",
            may_be_applied=False,
        )

    def _start(self) -> str:
        self._server = TwinServer(self._app("token"))
        url = self._server.start()
        self._publish(url)
        return url

    def _app(self, page: PageAccess) -> ASGIApp:
        if self._store is None:
            raise RuntimeError("the folder is claimed before it is served")
        return create_app(self._store, tokens=ListedTokens({self._token(): OWNER.id}), page=page)

    def _claim(self) -> bool:
        """Become the owner, with the bases open and the samples loaded; False when another process is."""
        if self._store is not None:
            return True
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            raise CannotOpenData(f"DATA_DIR={self._folder}: cannot be written ({error.strerror}).") from error
        self._url_file.unlink(missing_ok=True)
        self._make_token()
        self._store = open_store(self._folder / "airtable.db")
        self._deliveries.enter_context(deliveries(self._store))
        if not self._store.bases():
            with self._store.transaction():
                load_samples(self._store)
        return True

    def _publish(self, url: str) -> None:
        """Tell the other processes, in one step: a reader never sees half an address."""
        self._url = url
        draft = self._url_file.with_suffix(".draft")
        draft.write_text(url, encoding="utf-8")
        draft.replace(self._url_file)

    def _make_token(self) -> None:
        """Make the only token that the embedded Airtable takes, once, for this user's eyes."""
        if not self._token_file.exists():
            self._token_file.touch(mode=0o600)
            self._token_file.write_text("pat" + secrets.token_urlsafe(32), encoding="utf-8")

    def _token(self) -> str:
        return self._token_file.read_text(encoding="utf-8").strip()


def open_store(path: Path) -> Store:
    """The bases in that file, made when it is missing. Raises CannotOpenData."""
    try:
        return Store.open(path)
    except sqlite3.Error as error:
        raise CannotOpenData(f"{path}: cannot be opened as a database of bases ({error}).") from error


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    if not parts.hostname or not parts.port:
        return False
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=1):
            return True
    except OSError:
        return False
