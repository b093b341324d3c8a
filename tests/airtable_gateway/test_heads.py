"""The heads of answers, which begin as those of http.client do, whatever is in them."""

import io
from http.client import HTTPException, HTTPResponse
from typing import Any

import pytest

from airtable_gateway.transport.heads import PromptResponse

BODY = b'{"records": []}'
LENGTH = b"Content-Length: 15\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"f\r\n" + BODY + b"\r\n0\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n"

ANSWERS = {
    "with a length": OK + LENGTH + b"\r\n" + BODY,
    "in chunks": OK + CHUNKED + b"\r\n" + CHUNKS,
    "of Airtable": OK
    + b"Date: Thu, 26 Nov 2026 05:40:00 GMT\r\nContent-Type: application/json\r\n"
    + b"Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n"
    + b"Set-Cookie: a=b; path=/\r\nSet-Cookie: c=d\r\n"
    + b'ETag: W/"1-x"\r\nVary: Accept-Encoding\r\nX-Empty:\r\n\r\n'
    + CHUNKS,
    "that is a refusal": b"HTTP/1.1 429 Too Many Requests\r\n" + LENGTH + b"Retry-After: 30\r\n\r\n" + BODY,
    "without a reason": b"HTTP/1.1 200 \r\n" + LENGTH + b"\r\n" + BODY,
    "without even a space": b"HTTP/1.1 200\r\n" + LENGTH + b"\r\n" + BODY,
    "of old": b"HTTP/1.0 200 OK\r\n" + LENGTH + b"\r\n" + BODY,
    "of old, kept open": b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + LENGTH + b"\r\n" + BODY,
    "of the future": b"HTTP/2 200 OK\r\n" + LENGTH + b"\r\n" + BODY,
    "after another": b"HTTP/1.1 100 Continue\r\n\r\n" + OK + LENGTH + b"\r\n" + BODY,
    "without a body": b"HTTP/1.1 204 No Content\r\n" + LENGTH + b"\r\n",
    "not modified": b"HTTP/1.1 304 Not Modified\r\n" + LENGTH + b"\r\n",
    "that closes": OK + LENGTH + b"Connection: Close\r\n\r\n" + BODY,
    "that ends with the connection": OK + b"Content-Type: text/html\r\n\r\n" + BODY,
    "without headers": OK + b"\r\n" + BODY,
    "with a length and chunks": OK + LENGTH + CHUNKED + b"\r\n" + CHUNKS,
    "with two lengths": OK + LENGTH + b"Content-Length: 3\r\n\r\n" + BODY,
    "with a length that is none": OK + b"Content-Length: fifteen\r\n\r\n" + BODY,
    "with a negative length": OK + b"Content-Length: -15\r\n\r\n" + BODY,
    "with a signed length": OK + b"Content-Length: +15\r\n\r\n" + BODY,
    "with a length and spaces": OK + b"Content-Length:  15 \r\n\r\n" + BODY,
    "in chunks, loudly": OK + b"TRANSFER-ENCODING: Chunked\r\n\r\n" + CHUNKS,
    "packed and in chunks": OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + BODY,
    "with a folded header": OK + b"X-A: b\r\n c\r\n" + LENGTH + b"\r\n" + BODY,
    "with foreign letters": OK + "X-A: ü\r\n".encode() + LENGTH + b"\r\n" + BODY,
    "with bare newlines": b"HTTP/1.1 200 OK\nContent-Length: 15\n\n" + BODY,
    "with a line that is no header": OK + b"nonsense\r\n" + LENGTH + b"\r\n" + BODY,
    "with a space before the colon": OK + b"Content-Length : 15\r\n\r\n" + BODY,
    "with as many headers as are allowed": OK + LENGTH + b"X-A: b\r\n" * 98 + b"\r\n" + BODY,
    "with one header too many": OK + LENGTH + b"X-A: b\r\n" * 100 + b"\r\n" + BODY,
    "with a head longer than a look": OK + LENGTH + b"X-A: " + b"b" * 9000 + b"\r\n\r\n" + BODY,
    "with too long a line": OK + LENGTH + b"X-A: " + b"b" * 70000 + b"\r\n\r\n" + BODY,
    "that is not HTTP": b"SSH-2.0-OpenSSH\r\n\r\n",
    "that is absent": b"",
    "cut in its head": OK + b"Content-Le",
    "cut in its body": OK + LENGTH + b"\r\n" + BODY[:5],
}


class Arriving:
    """A socket on which an answer comes, so many bytes at a time."""

    def __init__(self, answer: bytes, step: int) -> None:
        self._answer = answer
        self._step = step

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(Steps(self._answer, self._step))


class Steps(io.RawIOBase):
    def __init__(self, answer: bytes, step: int) -> None:
        self._left = answer
        self._step = step

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece, self._left = self._left[: self._step], self._left[self._step :]
        buffer[: len(piece)] = piece
        return len(piece)


def told(kind: type[HTTPResponse], answer: bytes, *, step: int = 8192, method: str = "GET") -> Any:
    """All that one may ask of an answer, or the error that it is."""
    socket: Any = Arriving(answer, step)
    response = kind(socket, method=method)
    try:
        response.begin()
        head = (response.status, response.reason, response.version, response.headers.items())
        ends = (response.chunked, response.length, response.will_close, response.msg is response.headers)
        return (
            head,
            ends,
            repr(response.headers.defects),
            response.read(),
            response.isclosed(),
        )
    except HTTPException as error:
        return repr(error)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("step", [8192, 40, 1])
def test_an_answer_is_what_http_client_takes_it_for(answer: bytes, step: int) -> None:
    assert told(PromptResponse, answer, step=step) == told(HTTPResponse, answer, step=step)


def test_the_answer_to_a_head_has_no_body() -> None:
    _, _, _, body, is_closed = told(PromptResponse, OK + LENGTH + b"\r\n", method="HEAD")

    assert body == b""
    assert is_closed


def test_a_usual_head_is_not_parsed_as_that_of_an_e_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("http.client.parse_headers")

    for usual in ("with a length", "in chunks", "of Airtable", "that is a refusal"):
        (status, *_), *_ = told(PromptResponse, ANSWERS[usual])
        assert status in {200, 429}
