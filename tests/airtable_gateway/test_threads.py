"""Threads that are handed their work by the loop: how many, which one, and what a cancelled caller leaves."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable

import pytest

from airtable_gateway.transport.threads import Threads


@pytest.fixture
async def threads() -> AsyncIterator[Threads]:
    threads = Threads(2)
    yield threads
    await threads.close()


class Gate:
    """Work that waits until it is let through, and says in which thread it is."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.opened = threading.Event()
        self.thread: threading.Thread | None = None

    def __call__(self) -> str:
        self.thread = threading.current_thread()
        self.begun.set()
        self.opened.wait(10)
        return threading.current_thread().name


async def begun(*gates: Gate) -> None:
    for gate in gates:
        await asyncio.to_thread(gate.begun.wait, 10)


async def test_work_gives_what_it_gives_and_raises_what_it_raises(threads: Threads) -> None:
    assert await threads.run(lambda: 1 + 1) == 2
    with pytest.raises(ZeroDivisionError):
        await threads.run(lambda: 1 // 0)


async def test_what_waits_is_done_in_the_order_in_which_it_came(threads: Threads) -> None:
    gates, done = [Gate(), Gate()], list[int]()
    under_way = [asyncio.create_task(threads.run(gate)) for gate in gates]
    await begun(*gates)

    waiting = [asyncio.create_task(threads.run(_noted(done, number))) for number in range(5)]
    gates[0].opened.set()
    await asyncio.gather(*waiting)
    gates[1].opened.set()
    await asyncio.gather(*under_way)

    assert done == [0, 1, 2, 3, 4]


async def test_the_thread_that_rested_last_goes_first(threads: Threads) -> None:
    gates = [Gate(), Gate()]
    under_way = [asyncio.create_task(threads.run(gate)) for gate in gates]
    await begun(*gates)
    for gate, call in zip(gates, under_way, strict=True):
        gate.opened.set()
        last = await call

    names = {await threads.run(lambda: threading.current_thread().name) for _ in range(5)}

    assert names == {last}


async def test_work_whose_caller_has_gone_is_not_begun(threads: Threads) -> None:
    gates, done = [Gate(), Gate()], list[int]()
    under_way = [asyncio.create_task(threads.run(gate)) for gate in gates]
    await begun(*gates)
    waiting = [asyncio.create_task(threads.run(_noted(done, number))) for number in range(3)]
    await asyncio.sleep(0)

    waiting[1].cancel()
    gates[0].opened.set()
    await asyncio.gather(*waiting, return_exceptions=True)
    gates[1].opened.set()
    await asyncio.gather(*under_way)

    assert done == [0, 2]


async def test_work_that_has_begun_runs_to_its_end_and_keeps_its_thread_so_long(threads: Threads) -> None:
    gates, done = [Gate(), Gate()], list[int]()
    under_way = [asyncio.create_task(threads.run(gate)) for gate in gates]
    await begun(*gates)

    for call in under_way:
        call.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)
    next_one = asyncio.create_task(threads.run(_noted(done, 1)))
    await asyncio.sleep(0)
    done_early = list(done)
    gates[0].opened.set()
    await next_one
    gates[1].opened.set()

    assert done_early == []
    assert done == [1]


async def test_closing_waits_for_what_runs_and_for_what_somebody_waits_for() -> None:
    threads, gate, done = Threads(1), Gate(), list[int]()
    forsaken = asyncio.create_task(threads.run(gate))
    await begun(gate)
    forsaken.cancel()
    waiting = asyncio.create_task(threads.run(_noted(done, 1)))
    await asyncio.sleep(0)

    closing = asyncio.create_task(threads.close())
    await asyncio.sleep(0)
    closed_early = closing.done()
    gate.opened.set()
    await closing
    await waiting

    assert not closed_early
    assert done == [1]


async def test_closing_waits_for_no_more_than_its_patience() -> None:
    threads, gate, done = Threads(1, patience_seconds=0.01), Gate(), list[int]()
    under_way = asyncio.create_task(threads.run(gate))
    await begun(gate)
    waiting = asyncio.create_task(threads.run(_noted(done, 1)))

    await threads.close()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    gate.opened.set()
    assert gate.thread is not None
    assert await under_way == gate.thread.name
    await asyncio.to_thread(gate.thread.join, 10)
    assert not gate.thread.is_alive()
    assert done == []


def test_a_loop_that_was_closed_meanwhile_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    threads, gate, loop, faults = Threads(1), Gate(), asyncio.new_event_loop(), list[object]()
    monkeypatch.setattr(threading, "excepthook", faults.append)

    async def forsaken() -> None:
        call = asyncio.create_task(threads.run(gate))
        await begun(gate)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(forsaken())
    gate.opened.set()
    for ended in threads._threads:  # noqa: SLF001 - as at the exit of the process
        ended.end()

    assert loop.is_closed()
    assert gate.thread is not None
    assert not gate.thread.is_alive()
    assert faults == []


LEFT_OPEN = """
import asyncio, atexit, threading
from airtable_gateway.transport.threads import Threads

begun, opened = threading.Event(), threading.Event()

def work():
    begun.set()
    opened.wait(10)
    print("to its end")

async def main():
    call = asyncio.create_task(Threads(2).run(work))
    await asyncio.to_thread(begun.wait, 10)

asyncio.run(main())
atexit.register(opened.set)  # goes first, as the last to be registered
"""


def test_the_exit_of_the_process_waits_for_what_has_begun_and_for_nothing_else() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LEFT_OPEN], capture_output=True, text=True, timeout=30, check=True
    )

    assert done.stdout == "to its end\n"
    assert done.stderr == ""


def _noted(done: list[int], number: int) -> Callable[[], None]:
    return lambda: done.append(number)
