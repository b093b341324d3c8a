"""Files fetched from Airtable's addresses. Only wiring imports it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Self
from urllib.parse import urlsplit

_TIMEOUT_SECONDS = 10.0
_THREADS = 4


class FileFetcher:
    """A `Fetch` over HTTP, in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="files")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    async def __call__(self, url: str, limit: int) -> bytes | None:
        """The file at that address, None when it cannot be had or has more than `limit` bytes."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _fetch, url, limit)


def _fetch(url: str, limit: int) -> bytes | None:
    if urlsplit(url).scheme not in ("http", "https"):
        return None
    # Few processes ever fetch a file, and all would pay for the import.
    from urllib.request import Request, urlopen

    request = Request(url, headers={"User-Agent": "pyairtable-mcp"})  # noqa: S310 - the scheme was looked at
    try:
        with urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - as above
            content: bytes = answer.read(limit + 1)
    except (OSError, HTTPException, ValueError):
        return None
    return content if len(content) <= limit else None
