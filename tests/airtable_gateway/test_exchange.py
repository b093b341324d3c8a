"""Requests over a connection that is open: what goes out, and what an answer is taken for."""

import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from tests.airtable_gateway.answers import ANSWERS, CODED, IN_CHUNKS
from tests.airtable_gateway.hosts import OK, Host
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

from airtable_gateway.transport import patience
from airtable_gateway.transport.exchange import exchange
from airtable_gateway.transport.pools import PatientAdapter
from airtable_gateway.transport.session import DirectSession

DAY = timedelta(days=1)
LONG = b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + b"b" * 300_000
BEGUN = b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"records'


@pytest.fixture
def session() -> Iterator[DirectSession]:
    with DirectSession() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, PatientAdapter(pool_maxsize=2, max_retries=0))
        session.headers["Authorization"] = "Bearer patOne"
        yield session


def ask(
    session: DirectSession, host: Host, method: str = "GET", path: str = "/v0/app", **options: Any
) -> requests.Response:
    return session.request(method, host.url + path, timeout=(5, 5), **options)


def told(session: DirectSession, host: Host) -> Any:
    """All that one may ask of an answer, or the kind of error that it is."""
    try:
        response = ask(session, host)
    except HTTPError as error:
        return ProtocolError if isinstance(error, ProtocolError) else type(error)
    return (
        response.status_code,
        response.reason,
        # A folded header is the same in one line, and a name in small letters.
        {name.lower(): " ".join(response.headers[name].split()) for name in response.headers},
        response.content,
        response.encoding,
    )


@pytest.mark.parametrize("answer", [*ANSWERS.values(), *CODED.values()], ids=[*ANSWERS, *CODED])
def test_an_answer_is_what_urllib3_takes_it_for(session: DirectSession, answer: bytes) -> None:
    with closing(Host(answer)) as host:
        expected = told(session, host)
    with closing(Host(OK, answer)) as host:
        ask(session, host)

        assert told(session, host) == expected
        assert host.connections == 1


def test_behind_a_chunk_of_negative_size_a_connection_is_not_used(session: DirectSession) -> None:
    with closing(Host(OK, IN_CHUNKS + b"\r\n-2\r\n{}\r\n0\r\n\r\n", OK)) as host:
        ask(session, host)

        with pytest.raises(ProtocolError):
            ask(session, host)
        assert ask(session, host).json() == {"records": 1}
        assert host.connections == 2


@pytest.mark.parametrize("answer", [*ANSWERS.values(), *CODED.values()], ids=[*ANSWERS, *CODED])
@pytest.mark.parametrize("step", [1, 7, 40])
def test_an_answer_may_come_in_any_pieces(answer: bytes, step: int) -> None:
    head, end, body = answer.partition(b"\r\n\r\n")

    whole = exchanged(answer)

    assert exchanged(*steps(answer, step)) == whole
    assert exchanged(head + end, *steps(body, step)) == whole


def steps(data: bytes, step: int) -> list[bytes]:
    return [data[at : at + step] for at in range(0, len(data), step)]


def exchanged(*pieces: bytes) -> Any:
    """What an answer is taken for that comes in these pieces, None when it is none."""
    theirs: Any = Arriving(pieces)
    try:
        answer = exchange(theirs, "GET", b"GET / HTTP/1.1\r\n\r\n", 5)
    except (HTTPException, HTTPError):
        return None
    names = {name.lower(): answer.headers[name] for name in answer.headers}
    return answer.status, answer.reason, names, answer.data


def test_an_open_connection_is_asked_by_a_shorter_way(
    session: DirectSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Host(OK, OK)) as host:
        ask(session, host)
        monkeypatch.delattr("urllib3.HTTPConnectionPool.urlopen")

        assert ask(session, host).json() == {"records": 1}


def test_a_long_answer_is_whole(session: DirectSession) -> None:
    with closing(Host(OK, LONG, OK)) as host:
        ask(session, host)

        assert ask(session, host).content == b"b" * 300_000
        assert ask(session, host).json() == {"records": 1}
        assert host.connections == 1


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("GET", {"params": {"q": "ü b"}}),
        ("DELETE", {"params": {"records[]": ["rec1", "rec2"]}}),
        ("POST", {"json": {"name": "ü"}}),
        ("PUT", {}),
        ("PATCH", {"data": b"\xff\x00", "headers": {"Content-Type": "text/csv"}}),
    ],
)
def test_a_request_tells_what_it_would_by_urllib3(
    session: DirectSession, method: str, options: dict[str, Any]
) -> None:
    with closing(Host(OK, OK)) as host:
        for _ in range(2):
            ask(session, host, method, **options)

        first, second = (request.partition(b"\r\n\r\n") for request in host.requests)
        assert sorted(second[0].split(b"\r\n")) == sorted(first[0].split(b"\r\n"))
        assert second[2] == first[2]
        assert host.connections == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/v0/a b?c=d e", b"GET /v0/a%20b?c=d%20e HTTP/1.1\r\n"),
        ("/v0/ü", b"GET /v0/%C3%BC HTTP/1.1\r\n"),
        ("/v0/100%", b"GET /v0/100%25 HTTP/1.1\r\n"),
        ("/v0/%c3%bc", b"GET /v0/%C3%BC HTTP/1.1\r\n"),
        ("/v0/app#part", b"GET /v0/app HTTP/1.1\r\n"),
        ("/v0/app HTTP/1.1\r\nX-A: b", b"GET /v0/app%20HTTP/1.1%0D%0AX-A:%20b HTTP/1.1\r\n"),
    ],
)
def test_an_unusual_address_is_left_to_urllib3(session: DirectSession, path: str, line: bytes) -> None:
    with closing(Host(OK, OK)) as host:
        ask(session, host)
        ask(session, host, path=path)

        assert host.requests[1].startswith(line)
        assert host.connections == 1


def test_what_is_no_method_is_not_sent(session: DirectSession) -> None:
    with closing(Host(OK, OK)) as host:
        ask(session, host)

        with pytest.raises(ValueError, match="Method cannot contain"):
            ask(session, host, "GET /v0 HTTP/1.1\r\nX-A: b")
        assert len(host.requests) == 1


def test_a_connection_that_the_other_end_has_left_is_not_used(session: DirectSession) -> None:
    with closing(Host(OK, OK, leaves_behind=[0])) as host:
        ask(session, host, "POST", json={})
        assert host.has_left.wait(5)
        ask(session, host, "POST", json={})

        assert len(host.requests) == host.connections == 2


def test_a_request_whose_answer_is_lost_is_sent_once(session: DirectSession) -> None:
    with closing(Host(OK, b"", OK, leaves_behind=[1])) as host:
        ask(session, host)

        with pytest.raises(ProtocolError, match="Connection aborted"):
            ask(session, host, "POST", json={"a": 1})
        assert len(host.requests) == 2
        assert ask(session, host).json() == {"records": 1}


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"x",
        IN_CHUNKS + b'\r\nd\r\n{"records":1}\r\n0\r\n\r\nx',
        OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"),
    ],
    ids=["with more behind it", "in chunks with more behind it", "that closes"],
)
def test_behind_such_an_answer_a_connection_is_not_used(session: DirectSession, answer: bytes) -> None:
    with closing(Host(OK, answer, OK)) as host:
        answers = [ask(session, host).json() for _ in range(3)]

        assert answers == [{"records": 1}] * 3
        assert host.connections == 2


@pytest.mark.parametrize(
    "begun", [BEGUN, b"HTTP/1.1 200 OK\r\nContent-", b""], ids=["body", "head", "nothing"]
)
def test_an_answer_that_does_not_end_is_given_up_with_its_connection(
    session: DirectSession, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    with closing(Host(OK, begun, OK)) as host:
        ask(session, host)
        monkeypatch.setattr(patience, "WHOLE_SECONDS", 0.05)
        with pytest.raises(ReadTimeoutError):
            ask(session, host)
        monkeypatch.undo()

        assert ask(session, host).json() == {"records": 1}
        assert host.connections == 2


def test_an_answer_may_take_its_own_time_and_not_that_of_the_connection(session: DirectSession) -> None:
    with closing(Host(OK, b"", OK)) as host:
        ask(session, host)

        with pytest.raises(ReadTimeoutError, match=r"read timeout=0\.01"):
            session.request("GET", f"{host.url}/v0/app", timeout=(5, 0.01))


@pytest.mark.parametrize("earlier", [0, 1])
def test_a_request_has_its_own_time_to_leave_and_not_that_of_the_connection(
    session: DirectSession, monkeypatch: pytest.MonkeyPatch, earlier: int
) -> None:
    had: list[float | None] = []

    def is_too_slow(sock: socket.socket, _: bytes) -> None:
        had.append(sock.gettimeout())
        raise TimeoutError("timed out")

    with closing(Host(*[OK] * earlier)) as host:
        for _ in range(earlier):
            ask(session, host)
        monkeypatch.setattr(socket.socket, "sendall", is_too_slow)

        with pytest.raises(HTTPError, match="timed out"):
            ask(session, host, "POST", data=b"a")

    assert had == [patience.SENDING_SECONDS]


def test_an_answer_counts_though_the_request_was_not_read_to_its_end() -> None:
    refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}"
    theirs: Any = Unwilling(refusal)

    answer = exchange(theirs, "POST", b"POST / HTTP/1.1\r\n\r\n", 5)

    assert (answer.status, answer.data) == (413, b"{}")


class Arriving:
    """A socket on which these pieces come, and then the end."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = list(pieces)

    def sendall(self, _: bytes) -> None:
        """Nobody reads it."""

    def makefile(self, *_: Any, **__: Any) -> "Arriving":
        return self

    def readinto(self, buffer: Any) -> int:
        piece = self.recv(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """It is nobody's."""

    def recv(self, count: int) -> bytes:
        piece = self._pieces.pop(0) if self._pieces else b""
        if piece[count:]:
            self._pieces.insert(0, piece[count:])
        return piece[:count]

    def settimeout(self, _: float) -> None:
        """Nothing is waited for."""

    def gettimeout(self) -> float:
        return 5


class Unwilling:
    """A socket of which the other end has answered, and reads no more."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def sendall(self, _: bytes) -> None:
        raise BrokenPipeError

    def recv(self, _: int) -> bytes:
        return self._answer

    def settimeout(self, _: float) -> None:
        """Nothing is waited for."""

    def gettimeout(self) -> float:
        return 5


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A file with the key and the certificate of 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - DAY, now + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    kind = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(Encoding.PEM, kind, serialization.NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    return path


def test_an_encrypted_connection_is_used_again(session: DirectSession, certificate: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    session.verify = str(certificate)
    with closing(Host(OK, LONG, OK, tls=tls)) as host:
        ask(session, host, "POST", json={})

        assert ask(session, host).content == b"b" * 300_000
        assert ask(session, host).json() == {"records": 1}
        assert host.connections == 1
