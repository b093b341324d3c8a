"""What the doctor finds on the way to Airtable; the first step that fails is the one that is named."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.pyairtable_app.doctor.conftest import TOKEN, told

NOW = datetime.now(UTC)


@asynccontextmanager
async def answering(date: datetime, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server that gives everybody the same answer, dated so."""
    body = b'{"id": "usrAda00000000000"}'
    head = f"HTTP/1.1 200 OK\r\nDate: {format_datetime(date, usegmt=True)}\r\nConnection: close\r\n"
    whole = f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.read(1):
            writer.write(whole)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
def unbelieved(tmp_path: Path) -> ssl.SSLContext:
    """A certificate that nobody but itself vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    encoding = serialization.Encoding.PEM
    kind = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(encoding, kind, serialization.NoEncryption()) + certificate.public_bytes(encoding)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.fixture
def way(found: Callable[..., object], monkeypatch: pytest.MonkeyPatch):
    """What is found of the way to an address, without a proxy of this machine's."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)

    async def network(url: str, status: str = "") -> str:
        findings = await found({"AIRTABLE_API_KEY": TOKEN, "AIRTABLE_ENDPOINT_URL": url})  # type: ignore[misc]
        return told(findings, "network", status)

    return network


async def test_a_name_without_an_address_is_told(way):
    assert "has no address" in await way("http://a..b", "wrong")


async def test_a_port_at_which_nobody_listens_is_told(way, free_port):
    said = await way(f"http://127.0.0.1:{free_port}", "wrong")

    assert f"Airtable at 127.0.0.1:{free_port} cannot be reached" in said
    assert "firewall" in said


async def test_a_certificate_that_is_not_believed_is_told(way, unbelieved):
    async with answering(NOW, unbelieved) as port:
        said = await way(f"https://127.0.0.1:{port}", "wrong")

    assert "the certificate of 127.0.0.1 is not believed" in said
    assert "ca-certificates" in said


async def test_a_clock_that_goes_wrong_is_told(way):
    async with answering(NOW - timedelta(minutes=10)) as port:
        ahead = await way(f"http://127.0.0.1:{port}", "warning")
    async with answering(NOW + timedelta(minutes=10)) as port:
        behind = await way(f"http://127.0.0.1:{port}", "warning")

    assert "s ahead -> Let it be set by NTP" in ahead
    assert "s behind" in behind


async def test_a_proxy_is_told_without_its_password_and_named_when_it_is_the_one_that_fails(
    way, free_port, monkeypatch
):
    monkeypatch.setenv("http_proxy", f"http://ada:hunter22-secret@127.0.0.1:{free_port}")
    monkeypatch.setenv("no_proxy", "")
    said = await way("http://airtable.example")

    assert f"requests go through the proxy http://127.0.0.1:{free_port}" in said
    assert f"the proxy at 127.0.0.1:{free_port} cannot be reached" in said
    assert "hunter22" not in said


@pytest.mark.parametrize(
    ("rate", "status", "said"),
    [("5", "ok", "5 requests a second"), ("50", "warning", "is 50"), ("off", "warning", "is off")],
)
async def test_a_pace_that_airtable_does_not_bear_is_told(found, rate, status, said):
    findings = await found({"AIRTABLE_API_KEY": TOKEN, "AIRTABLE_RATE_LIMIT": rate}, is_offline=True)

    assert said in told(findings, "pace", status)
