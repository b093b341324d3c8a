"""A caller that goes away leaves a journal that knows what became of its write."""

import asyncio

import pytest

from airtable_gateway import Author, JournaledGateway, MemoryJournal, RecordQuery
from airtable_gateway.journal.change import Change

KEY = Author("ada", "a_tool", "k")


class Slow(MemoryJournal):
    """A journal that waits for a test before it has written an intent."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.released = asyncio.Event(), asyncio.Event()

    async def begin(self, change: Change) -> Change | None:
        self.reached.set()
        await self.released.wait()
        return await super().begin(change)


class Halting:
    """A gateway that stops before or after a create until it is let go."""

    def __init__(self, inner, *, after) -> None:
        self._inner, self._after = inner, after
        self.reached = asyncio.Event()

    def __getattr__(self, name):
        return getattr(self._inner, name)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc: object) -> None:
        """What is behind it is closed by others."""

    async def create(self, *arguments, **options):
        if self._after:
            await self._inner.create(*arguments, **options)
        self.reached.set()
        await asyncio.Event().wait()


async def _titles(gateway) -> list[str]:
    page = await gateway.page("Shop", "Orders", RecordQuery())
    return [record.fields["Title"] for record in page.records]


async def test_a_write_that_was_not_sent_is_refused_and_its_key_is_free(shop):
    journal = Slow()
    async with JournaledGateway(shop, journal) as gateway:
        going = asyncio.create_task(gateway.signed(KEY).create("Shop", "Orders", [{"Title": "a"}]))
        await journal.reached.wait()
        going.cancel()
        await asyncio.sleep(0)
        journal.released.set()
        with pytest.raises(asyncio.CancelledError):
            await going

        assert [change.state for change in (await gateway.changes()).changes] == ["refused"]
        await gateway.signed(KEY).create("Shop", "Orders", [{"Title": "a"}])
        assert await _titles(gateway) == ["a"]


@pytest.mark.parametrize("after", [True, False])
async def test_a_write_that_was_under_way_is_looked_for_when_its_key_comes_again(shop, after):
    halting = Halting(shop, after=after)
    journal = MemoryJournal()
    async with JournaledGateway(halting, journal) as gateway:
        going = asyncio.create_task(gateway.signed(KEY).create("Shop", "Orders", [{"Title": "a"}]))
        await halting.reached.wait()
        going.cancel()
        with pytest.raises(asyncio.CancelledError):
            await going
        assert [change.state for change in (await gateway.changes()).changes] == ["unknown"]

    async with JournaledGateway(shop, journal, settling_seconds=0) as gateway:
        await gateway.signed(KEY).create("Shop", "Orders", [{"Title": "a"}])

        assert await _titles(gateway) == ["a"]
