"""Files fetched by address, from public servers only: no name, address or redirect leads inside (SSRF)."""

import http.client
import time
from dataclasses import dataclass
from urllib.parse import unquote, urljoin

from local_twins.airtable.files.connecting import Connector, NotAllowed, left

_REDIRECTS = 3  # docs: "Attachments", at most three
_CHUNK_BYTES = 65536


class NotFetched(Exception):
    """The address may not be fetched from, or what is there did not come."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as its server gave it; `filename` is the last part of its address."""

    filename: str
    declared_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches one file at a time. `allow_private_urls` opens this machine and its network, for tests."""

    allow_private_urls: bool = False
    most_bytes: int = 100 * 1024 * 1024
    timeout_seconds: float = 20.0

    def fetch(self, url: str) -> Fetched:
        """The file at that address, over at most three redirects. Raises NotFetched."""
        deadline = time.monotonic() + self.timeout_seconds
        for _ in range(_REDIRECTS + 1):
            try:
                answer = self._ask(url, deadline)
            except (NotAllowed, OSError, http.client.HTTPException, ValueError) as error:
                raise NotFetched(f"{url}: {error}") from error
            if isinstance(answer, Fetched):
                return answer
            url = urljoin(url, answer)
        raise NotFetched(f"{url}: more than {_REDIRECTS} redirects")

    def _ask(self, url: str, deadline: float) -> Fetched | str:
        """What is at the address, or where it says that it is."""
        connection = Connector(self.allow_private_urls).connect(url, deadline)
        try:
            headers = {"Host": connection.host, "Accept-Encoding": "identity"}
            connection.http.request("GET", connection.target, headers=headers)
            return self._read(connection.http.getresponse(), connection.parts.path, deadline)
        finally:
            connection.http.close()

    def _read(self, answer: http.client.HTTPResponse, path: str, deadline: float) -> Fetched | str:
        location = answer.getheader("Location")
        if answer.status in (301, 302, 303, 307, 308) and location:
            return location
        if answer.status != 200:
            raise NotFetched(f"the server answered {answer.status}")
        content = bytearray()
        while chunk := answer.read(_CHUNK_BYTES):
            content += chunk
            if len(content) > self.most_bytes:
                raise NotFetched(f"more than {self.most_bytes} bytes")
            left(deadline)
        declared = (answer.getheader("Content-Type") or "").partition(";")[0].strip()
        return Fetched(unquote(path.rsplit("/", 1)[-1]), declared, bytes(content))
