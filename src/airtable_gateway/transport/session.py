"""The session that pyairtable sends through: requests, without what it would do anew for every call.

requests prepares each request from the beginning, and pyairtable has it done twice: addresses, cookies,
headers, the way there. That costs more than sending it. A session here has one token and two hosts at most,
so requests finds the way to a host once, and calls go straight to its pool of urllib3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from json import JSONEncoder
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidJSONError
from requests.utils import check_header_validity, get_encoding_from_headers
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Retry, Timeout

from airtable_gateway.transport.exchange import Answer, header_lines, is_usual, request_bytes
from airtable_gateway.transport.pools import ShortPool

_REDIRECTS = {301, 302, 303, 307, 308}
_JSON = {"Content-Type": "application/json"}
_ONCE = Retry(total=False)
"""One attempt, whose own error is told; urllib3 would make this anew of False at each request."""

_ENCODER = JSONEncoder(allow_nan=False)


@dataclass(frozen=True, slots=True)
class _Way:
    """The pool of a host, what of an address is left out when it is asked, and the headers that it is told.

    The origin is left out, or nothing; headers are there as they are sent, that of the host among them.
    """

    pool: HTTPConnectionPool
    left_out: int
    headers: bytes


class DirectSession(requests.Session):
    """See `requests.Session`, of which this has what pyairtable and the proxy use.

    It raises what urllib3 does instead of its translations, keeps no cookies, and has its own headers and the
    environment's proxies and certificates as they are at its first request.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ways: dict[str, _Way] = {}

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """The request's address and nothing else: pyairtable wants to know how long it is."""
        prepared = requests.PreparedRequest()
        prepared.url = address(str(request.url), request.params)
        return prepared

    def request(  # type: ignore[override]  # the part of it that is used
        self,
        method: str,
        url: str,
        params: Any = None,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
        *,
        timeout: tuple[float, float],
        json: Any = None,
    ) -> requests.Response:
        """The whole answer to one request. Raises what requests and urllib3 raise, HTTPError by a hook."""
        _check(headers)
        body, told = (data, {}) if json is None else (_as_json(json), _JSON)
        if headers:
            told = {**told, **headers}
        full = address(url, params)
        answer = self._asked(method, full, body, told, timeout)
        if answer.status in _REDIRECTS and "Location" in answer.headers:
            return self._followed(method, full, body, told, timeout)
        response = _Whole(answer, full)
        for hook in self.hooks["response"]:
            hook(response)
        return response

    @cached_property
    def _lasting(self) -> dict[str, Any]:
        """The headers of the session as they are at its first request. Raises InvalidHeader."""
        headers = dict(self.headers)
        _check(headers)
        return headers

    def _asked(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        limits: tuple[float, float],
    ) -> BaseHTTPResponse | Answer:
        connect, read = limits
        way = self._way(url)
        target = url[way.left_out :]
        if isinstance(way.pool, ShortPool) and is_usual(method, target):
            request = request_bytes(method, target, way.headers + header_lines(headers), body)
            answer = way.pool.exchange(method, target, request, read)
            if answer is not None:
                return answer
        return way.pool.urlopen(
            method,
            target,
            body=body,
            headers={**self._lasting, **headers},
            retries=_ONCE,
            redirect=False,
            assert_same_host=False,
            timeout=Timeout(connect=connect, read=read),
        )

    def _way(self, url: str) -> _Way:
        scheme, _, rest = url.partition("://")
        origin = f"{scheme}://{rest.partition('/')[0]}"
        if origin not in self._ways:
            self._ways[origin] = self._found(origin)
        return self._ways[origin]

    def _found(self, origin: str) -> _Way:
        prepared = super().prepare_request(requests.Request("GET", f"{origin}/"))
        adapter = self.get_adapter(str(prepared.url))
        assert isinstance(adapter, HTTPAdapter)  # noqa: S101 - requests has no other kind
        proxies = dict(self.proxies)
        pool = adapter.get_connection_with_tls_context(prepared, self.verify, proxies=proxies, cert=self.cert)
        assert isinstance(pool, HTTPConnectionPool)  # noqa: S101 - nor has an address of HTTP
        adapter.cert_verify(pool, prepared.url, self.verify, self.cert)  # type: ignore[no-untyped-call]
        # A proxy wants the whole address, anyone else the path.
        is_path = adapter.request_url(prepared, proxies) == prepared.path_url
        host = urlsplit(str(prepared.url)).netloc.rpartition("@")[2]
        return _Way(pool, len(origin) if is_path else 0, header_lines({"Host": host, **self._lasting}))

    def _followed(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        timeout: tuple[float, float],
    ) -> requests.Response:
        """The answer at the end of the redirects, along which requests knows what may be told to whom."""
        prepared = super().prepare_request(requests.Request(method, url, data=body, headers=headers))
        return self.send(
            prepared, timeout=timeout, proxies=dict(self.proxies), verify=self.verify, cert=self.cert
        )


def address(url: str, params: Any) -> str:
    """The address with its query, as requests makes it; which takes the address apart each time as well."""
    return f"{url}?{urlencode(params, doseq=True)}" if params else url


def _check(headers: Mapping[str, Any] | None) -> None:
    """Raise InvalidHeader for what no header can carry."""
    for header in (headers or {}).items():
        check_header_validity(header)


def _as_json(body: Any) -> bytes:
    try:
        return _ENCODER.encode(body).encode()
    except ValueError as error:
        raise InvalidJSONError(error) from None


@lru_cache(maxsize=16)
def _encoding(content_type: str) -> str | None:
    """That of a text of this type, None when nobody knows."""
    return get_encoding_from_headers({"content-type": content_type})


class _Whole(requests.Response):
    """An answer that has been read, as far as pyairtable, requests' errors and the gateway look at it."""

    request = None  # type: ignore[assignment]  # as where requests made none

    def __init__(self, answer: BaseHTTPResponse | Answer, url: str) -> None:
        # Not what is above: a jar for the cookies of each answer costs as much as a look at its head.
        self.status_code = answer.status
        self.reason = answer.reason or ""
        self.headers = answer.headers  # type: ignore[assignment]  # as blind to case as requests' own
        self.encoding = _encoding(answer.headers.get("Content-Type", ""))
        self.url = url
        self._content = answer.data
        self._content_consumed = True

    @cached_property
    def text(self) -> str:
        """See `requests.Response`, where it is decoded anew for everyone who asks."""
        return str(super().text)
