"""What is kept, for how long, and how often it is fetched."""

import asyncio
from typing import TYPE_CHECKING

import pytest

from airtable_gateway.naming.shelf import Shelf

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime


class Source:
    """Gives a new value at each fetch, when it is let; fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.fetches = 0
        self.failures = failures
        self.gate = asyncio.Event()
        self.gate.set()

    async def fetch(self, key: str) -> str:
        self.fetches += 1
        number = self.fetches
        await self.gate.wait()
        if number <= self.failures:
            raise OSError(number)
        return f"{key} {number}"


def _shelf(source: Source, time: "FakeTime") -> Shelf[str]:
    return Shelf(source.fetch, ttl_seconds=lambda _: 10, clock=time.clock)


async def test_a_value_is_fetched_once_until_it_is_old(time: "FakeTime") -> None:
    shelf = _shelf(Source(), time)

    first = [await shelf.get("a"), await shelf.get("a"), await shelf.get("b")]
    time.now += 10

    assert first == ["a 1", "a 1", "b 2"]
    assert await shelf.get("a") == "a 3"


async def test_many_who_ask_at_once_share_a_fetch(time: "FakeTime") -> None:
    shelf = _shelf(Source(), time)

    assert set(await asyncio.gather(*(shelf.get("a") for _ in range(9)))) == {"a 1"}


async def test_a_failure_is_told_to_all_who_waited_and_not_kept(time: "FakeTime") -> None:
    shelf = _shelf(Source(failures=1), time)

    failures = await asyncio.gather(shelf.get("a"), shelf.get("a"), return_exceptions=True)

    assert [type(failure) for failure in failures] == [OSError, OSError]
    assert await shelf.get("a") == "a 2"


async def test_who_stops_waiting_does_not_stop_the_fetch_for_others(time: "FakeTime") -> None:
    source = Source()
    shelf = _shelf(source, time)
    source.gate.clear()
    leaving, staying = asyncio.create_task(shelf.get("a")), asyncio.create_task(shelf.get("a"))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.sleep(0)
    source.gate.set()

    assert await staying == "a 1"


async def test_another_value_is_fetched_once_for_all_who_found_one_outdated(time: "FakeTime") -> None:
    shelf = _shelf(Source(), time)
    old = await shelf.get("a")

    newer = await asyncio.gather(*(shelf.get("a", instead_of=old) for _ in range(5)))

    assert set(newer) == {"a 2"}
    assert await shelf.get("a", instead_of=old) == "a 2"


async def test_what_was_dropped_is_fetched_anew_even_while_it_was_on_its_way(time: "FakeTime") -> None:
    source = Source()
    shelf = _shelf(source, time)
    source.gate.clear()
    before = asyncio.create_task(shelf.get("a"))
    await asyncio.sleep(0)
    shelf.drop("a")
    after = asyncio.create_task(shelf.get("a"))
    await asyncio.sleep(0)
    source.gate.set()

    assert (await before, await after) == ("a 1", "a 2")


async def test_closing_ends_the_fetches_that_are_under_way(time: "FakeTime") -> None:
    source = Source()
    shelf = _shelf(source, time)
    source.gate.clear()
    waiting = asyncio.create_task(shelf.get("a"))
    await asyncio.sleep(0)

    await shelf.close()

    with pytest.raises(asyncio.CancelledError):
        await waiting
