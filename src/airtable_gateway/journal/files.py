"""Files that a change takes out of their cells, kept so that undo can put them in again."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from airtable_gateway.attachments import UPLOAD_LIMIT
from airtable_gateway.journal.port import KeptFiles
from airtable_gateway.journal.restoring import ATTACHMENTS
from airtable_gateway.journal.write import Before

Fetch = Callable[[str, int], Awaitable[bytes | None]]
"""The file at an address, None when it cannot be had or has more bytes than the second argument."""

_AT_ONCE = 4


class FileKeeper:
    """Keeps the files up to `limit` bytes that a write may take out of their cells; without `fetch` none."""

    def __init__(self, kept: KeptFiles, fetch: Fetch | None, limit: int = UPLOAD_LIMIT) -> None:
        self._kept = kept
        self._fetch = fetch
        self._limit = min(limit, UPLOAD_LIMIT)
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def keep(self, before: Before, arguments: Mapping[str, Any]) -> None:
        """Fetch what the write does not name again. What cannot be had is not kept, as the change says."""
        if self._fetch is None:
            return
        if found := list(_attachments(before)):
            named = set(_texts(arguments))
            lost = [item for item in found if item.get("id") not in named]
            await asyncio.gather(*map(self._keep, lost))

    async def _keep(self, item: Mapping[str, Any]) -> None:
        # Without a size, Airtable has not fetched the file itself yet, and the address is anybody's.
        size = item.get("size")
        if not isinstance(size, int) or size > self._limit or self._fetch is None:
            return
        async with self._at_once:
            if await self._kept.file(item["id"]) is None:
                content = await self._fetch(item["url"], self._limit)
                if content is not None:
                    await self._kept.keep_file(item["id"], content)


def _attachments(before: Before) -> Iterator[Mapping[str, Any]]:
    """Every file in the cells that were seen."""
    schema = before.spot.schema
    if schema is None or not before.images:
        return
    keys = {field.id for field in schema.fields if field.type == ATTACHMENTS}
    for image in before.images.values():
        for key, value in image.fields.items() if image else ():
            if key in keys:
                yield from value or ()


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    match value:
        case str():
            yield value
        case Mapping():
            for item in value.values():
                yield from _texts(item)
        case list() | tuple():
            for item in value:
                yield from _texts(item)
