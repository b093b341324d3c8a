"""Requests that leave as one piece, and what becomes of one that cannot be put together."""

from typing import Any

import pytest

from airtable_gateway.transport.at_once import AtOnce


class Sent:
    """A socket that keeps what it is given to send."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.pieces.append(data)

    def settimeout(self, seconds: float) -> None:
        """Nothing is waited for."""


@pytest.fixture
def connection() -> AtOnce:
    connection = AtOnce("airtable.example")
    sent: Any = Sent()
    connection.sock = sent
    return connection


def _pieces(connection: AtOnce) -> list[bytes]:
    pieces: list[bytes] = connection.sock.pieces  # type: ignore[union-attr]  # it is a Sent
    return pieces


def test_head_and_body_are_one_piece(connection: AtOnce) -> None:
    connection.request("POST", "/v0/app", body=b'{"a": 1}', headers={"X-A": "b"})

    [piece] = _pieces(connection)
    assert piece.startswith(b"POST /v0/app HTTP/1.1\r\n")
    assert b"X-A: b\r\n" in piece
    assert piece.endswith(b'\r\n\r\n{"a": 1}')


def test_a_request_without_a_body_is_one_piece(connection: AtOnce) -> None:
    connection.request("GET", "/v0/app")

    [piece] = _pieces(connection)
    assert piece.endswith(b"\r\n\r\n")


def test_nothing_is_sent_of_a_request_that_cannot_be_put_together(connection: AtOnce) -> None:
    with pytest.raises(ValueError, match="Invalid header value"):
        connection.request("POST", "/v0/app", body=b"x", headers={"X-A": "b\r\nX-B: c"})
    connection.send(b"what comes after")

    assert _pieces(connection) == [b"what comes after"]
