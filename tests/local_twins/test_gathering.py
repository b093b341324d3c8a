"""What a server writes in one step goes out together, and nothing of it is lost when it closes."""

import asyncio
from collections.abc import Callable

import pytest

from local_twins.gathering import GatheringTransport


class Wire(asyncio.Transport):
    """Notes what reaches the connection, and when it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.ended = ""

    def writelines(self, list_of_data: object) -> None:
        self.sent.append(b"".join(list_of_data))  # type: ignore[arg-type] # bytes, as asyncio's own

    def close(self) -> None:
        self.ended = "closed"

    def abort(self) -> None:
        self.ended = "aborted"

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.ended = f"handed to {type(protocol).__name__}"

    def is_closing(self) -> bool:
        return bool(self.ended)


async def test_one_step_is_one_segment() -> None:
    wire = Wire()
    transport = GatheringTransport(wire, asyncio.get_running_loop())

    transport.write(b"head ")
    transport.write(b"body")
    await asyncio.sleep(0)
    transport.write(b"next")
    await asyncio.sleep(0)

    assert wire.sent == [b"head body", b"next"]
    assert not transport.is_closing()


@pytest.mark.parametrize(
    ("end", "ended"),
    [
        (GatheringTransport.close, "closed"),
        (GatheringTransport.abort, "aborted"),
        (lambda transport: transport.set_protocol(asyncio.Protocol()), "handed to Protocol"),
    ],
)
async def test_what_was_written_goes_out_before_the_end(
    end: Callable[[GatheringTransport], None], ended: str
) -> None:
    wire = Wire()
    transport = GatheringTransport(wire, asyncio.get_running_loop())

    transport.write(b"last words")
    end(transport)
    await asyncio.sleep(0)

    assert wire.sent == [b"last words"]
    assert wire.ended == ended


async def test_all_else_is_the_transports_own() -> None:
    wire = Wire()

    transport = GatheringTransport(wire, asyncio.get_running_loop())

    assert transport.get_extra_info("sockname", "none") == wire.get_extra_info("sockname", "none")
