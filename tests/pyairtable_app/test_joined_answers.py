"""The head of an answer and its body go out together, and neither waits for what comes later."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from pyairtable_app.joined_answers import JoinedAnswers, JoiningTransport

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n"


class Wire(asyncio.Transport):
    """Notes what reaches the connection, and when it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.ended = ""

    def write(self, data: Any) -> None:
        self.sent.append(data)

    def writelines(self, list_of_data: Any) -> None:
        self.sent.append(b"".join(list_of_data))

    def close(self) -> None:
        self.ended = "closed"

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.ended = f"handed to {type(protocol).__name__}"

    def is_closing(self) -> bool:
        return bool(self.ended)


async def test_a_head_and_its_body_are_sent_together_and_at_once() -> None:
    wire = Wire()
    transport = JoiningTransport(wire)

    transport.write(HEAD)
    assert wire.sent == []
    transport.write(b"body")
    assert wire.sent == [HEAD + b"body"]

    await asyncio.sleep(0)
    assert wire.sent == [HEAD + b"body"]


async def test_a_head_whose_body_takes_time_is_sent_before_it() -> None:
    wire = Wire()
    transport = JoiningTransport(wire)

    transport.write(HEAD)
    await asyncio.sleep(0)
    assert wire.sent == [HEAD]

    transport.write(b"bo")
    transport.write(b"dy")
    assert wire.sent == [HEAD, b"bo", b"dy"]


async def test_what_is_written_otherwise_comes_after_a_head() -> None:
    wire = Wire()
    transport = JoiningTransport(wire)

    transport.write(HEAD)
    transport.writelines([b"bo", b"dy"])

    assert wire.sent == [HEAD, b"body"]


@pytest.mark.parametrize(
    ("end", "ended"),
    [
        (JoiningTransport.close, "closed"),
        (lambda transport: transport.set_protocol(asyncio.Protocol()), "handed to Protocol"),
    ],
)
async def test_a_head_goes_out_before_the_end(end: Callable[[JoiningTransport], None], ended: str) -> None:
    wire = Wire()
    transport = JoiningTransport(wire)

    transport.write(HEAD)
    end(transport)

    assert (wire.sent, wire.ended) == ([HEAD], ended)
    assert transport.is_closing()


async def test_nothing_is_sent_to_a_connection_that_was_lost() -> None:
    wire = Wire()
    transport = JoiningTransport(wire)

    transport.write(HEAD)
    wire.close()
    await asyncio.sleep(0)

    assert wire.sent == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_an_answer_of_uvicorn_is_one_piece(method: str) -> None:
    async def answer(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"4")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"body"})

    config = uvicorn.Config(answer, log_config=None)
    config.load()
    wire, state = Wire(), ServerState()
    protocol = JoinedAnswers(config=config, server_state=state, app_state={})

    protocol.connection_made(wire)
    protocol.data_received(f"{method} / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n".encode())
    await asyncio.gather(*state.tasks)
    await asyncio.sleep(0)

    [sent] = wire.sent
    assert sent.startswith(b"HTTP/1.1 200 OK\r\n")
    assert sent.endswith(b"\r\n\r\nbody" if method == "GET" else b"\r\n\r\n")
    assert wire.ended == "closed"
