"""Files fetched for the journal before a change takes them out of their cells. Only wiring imports it."""

from dataclasses import dataclass
from typing import Self

from airtable_gateway.endpoint import EndpointSource
from airtable_gateway.remote_files import NotFetched, RemoteFiles, Resolve, resolved

_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class FileFetcher:
    """A `Fetch` over HTTP: from `airtable`, where the bases are, and from public servers."""

    airtable: EndpointSource | None = None
    resolve: Resolve = resolved

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Nothing stays open."""

    async def __call__(self, url: str, limit: int) -> bytes | None:
        """The file at that address, None when it cannot be had or has more than `limit` bytes."""
        files = RemoteFiles(self.airtable, timeout_seconds=_TIMEOUT_SECONDS, resolve=self.resolve)
        try:
            return await files.fetch(url, limit, is_stored=True)
        except NotFetched:
            return None
