"""One session to one endpoint through pyairtable. Imported on first use: it costs a third of a second."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import requests
from pyairtable import Api, Base, Table
from pyairtable.utils import Url

from airtable_gateway.calls.call import Call
from airtable_gateway.endpoint import Endpoint
from airtable_gateway.errors import AirtableError, Unreachable
from airtable_gateway.forwarding import ForwardedRequest
from airtable_gateway.transport.pools import PatientAdapter
from airtable_gateway.transport.session import DirectSession, address
from airtable_gateway.transport.silence import CAUGHT, explain_silence
from airtable_gateway.transport.translation import Answer, translate

T = TypeVar("T")

_CONTENT_HOSTS = {"api.airtable.com": "content.airtable.com"}
"""Where uploads go instead (docs: "Upload attachment"); any other endpoint takes them itself."""

_KNOWN_TABLES = 256

_SENSELESS = (KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What reading an answer of an unexpected shape raises."""


class Connection:
    """Sends calls, one attempt each; many threads may do so at once."""

    def __init__(self, endpoint: Endpoint, *, timeout: tuple[int, int], connections: int) -> None:
        self.api = Api(endpoint.token, timeout=timeout, retry_strategy=None, endpoint_url=endpoint.url)
        self.api.session = DirectSession()
        self.api.api_key = endpoint.token  # puts it into the headers of the session
        self._token = endpoint.token
        # Making a table's addresses takes a tenth of the time of a whole call.
        self._tables = lru_cache(_KNOWN_TABLES)(self._new_table)
        parts = urlsplit(endpoint.url)
        self._address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        self._told_time: tuple[float, float] | None = None
        _prepare(self.api.session, endpoint.url, connections)
        self.api.session.hooks["response"].insert(0, self._note_time)

    def server_time(self) -> datetime | None:
        """The time at the other end by its last answer, to the second below; None before the first one."""
        if self._told_time is None:
            return None
        told, heard_at = self._told_time
        return datetime.fromtimestamp(told + time.monotonic() - heard_at, UTC)

    def send(self, call: Call[T]) -> T:
        """What the call reads from the answer. Raises AirtableError."""
        try:
            answer = call.send(self)
        except requests.HTTPError as error:
            answered = _answer(error.response, self._token)
            failure = translate(answered, call.subject)
            failure.answer = answered.status, answered.body
        except CAUGHT as error:
            failure = explain_silence(error, self._address)
        else:
            return self._read(call, answer)
        # Raised out here, so that no request with its token hangs on to the error.
        raise failure

    def table(self, base: str, table: str) -> Table:
        """The table of that id or name in the base of that id, ready to make addresses from."""
        return self._tables(base, table)

    def base(self, base: str) -> Base:
        """The base of that id; what is no id cannot change the path."""
        return self.api.base(quote(base, safe=""))

    def get_record(self, base: str, table: str, record_id: str) -> Any:
        """The JSON of the record of that id, which is one for sure."""
        # pyairtable would take the address of the table apart for it, and put it together again.
        return self.api.get(f"{self.table(base, table).urls.records}/{record_id}")

    def list_records(self, base: str, table: str, query: Mapping[str, Any]) -> Any:
        """The JSON of a page; `query` has the names and shapes of listRecords.

        An address has to stay below 16,000 characters (docs: "List records"), so a longer query is a POST.
        pyairtable's own switch is not used, for it reads a leading "-" of a sort field as "descending".
        """
        urls = self.table(base, table).urls
        full = address(urls.records, _as_parameters(query))
        if len(full) >= self.api.MAX_URL_LENGTH:
            return self.api.post(urls.records_post, json=dict(query))
        # With its query already, which pyairtable would have put together twice more.
        return self.api.get(full)

    def ask(
        self,
        method: str,
        path: Sequence[str],
        *,
        params: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
    ) -> Any:
        """The JSON at the path below /v0, None for an empty answer."""
        body = None if json is None else dict(json)
        return self.api.request(method, self._url(*path), params=dict(params or {}), json=body)

    def forward(self, request: ForwardedRequest) -> Any:
        """The JSON of the answer to a request that is in Airtable's form already, None for an empty one."""
        url = self._url(*request.path)
        if request.path[-1] == "uploadAttachment":
            url = self._at_content_host(url)
        response = self.api.session.request(
            request.method,
            url,
            params=list(request.query),
            data=request.body or None,
            headers={"Content-Type": request.content_type} if request.body else {},
            timeout=self.api.timeout,
        )
        return response.json() if response.text else None

    def upload(self, base: str, record_id: str, field: str, body: Mapping[str, Any]) -> Any:
        """The JSON of the cell after a file was sent into it."""
        return self.api.post(self.upload_url(base, record_id, field), json=dict(body))

    def upload_url(self, base: str, record_id: str, field: str) -> str:
        """Where files for that cell are sent; pyairtable has them all at content.airtable.com."""
        return self._at_content_host(self._url(base, record_id, field, "uploadAttachment"))

    def _at_content_host(self, url: Url) -> Url:
        host = urlsplit(url).netloc
        return url.replace_url(netloc=_CONTENT_HOSTS.get(host, host))

    def close(self) -> None:
        """Let go of the idle sockets."""
        self.api.session.close()

    def _url(self, *parts: str) -> Url:
        """The address of a path below /v0; no part can lead to another path."""
        return self.api.build_url("/".join(quote(part, safe="") for part in parts))

    def _note_time(self, response: requests.Response, **_: Any) -> None:
        try:
            told = _seconds(response.headers.get("Date", ""))
        except ValueError:
            return
        self._told_time = told, time.monotonic()

    def _new_table(self, base: str, table: str) -> Table:
        return Table(None, self.base(base), table)

    def _read(self, call: Call[T], answer: Any) -> T:
        try:
            return call.read(answer)
        except AirtableError:
            raise
        except _SENSELESS:
            message = f"The answer of {self._address} is JSON, but not what Airtable gives."
        raise Unreachable(message, status=200)


@lru_cache(maxsize=1)  # the answers of a second all say the same
def _seconds(date: str) -> float:
    """The moment that a Date header tells. Raises ValueError."""
    return parsedate_to_datetime(date).timestamp()


def _prepare(session: requests.Session, url: str, connections: int) -> None:
    """Give the session its pool, and the environment's proxies and certificates for this address, once.

    requests would look all of them up at each call, and put a .netrc password in the place of the token.
    """
    settings = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies, session.verify = settings["proxies"], settings["verify"]
    session.trust_env = False
    session.hooks["response"].append(_refuse)
    for scheme in ("http://", "https://"):
        session.mount(scheme, PatientAdapter(pool_maxsize=connections, max_retries=0))


def _refuse(response: requests.Response, **_: Any) -> None:
    """Raise HTTPError before pyairtable looks into the body, where it trips over JSON that is no object."""
    if response.status_code >= 400:
        raise requests.HTTPError(response=response)


def _answer(response: requests.Response, token: str) -> Answer:
    """What of the response matters; whoever echoes the token in an error does not spread it."""
    text = _masked(response.text, token) if token else response.text
    return Answer(response.status_code, text, response.headers.get("Retry-After", "").strip())


def _masked(text: str, token: str) -> str:
    """The text without the token, also where JSON spells its letters by their codes."""
    plain = text.replace(token, "***")
    try:
        read = json.dumps(json.loads(plain), ensure_ascii=False)
    except (ValueError, RecursionError):
        return plain
    return read.replace(token, "***") if token in read else plain


def _as_parameters(query: Mapping[str, Any]) -> dict[str, Any]:
    """The query of listRecords as the parameters of a GET: fields[], sort[0][field]."""
    parameters = dict(query)
    if "fields" in parameters:
        parameters["fields[]"] = parameters.pop("fields")
    for index, key in enumerate(parameters.pop("sort", ())):
        parameters |= {f"sort[{index}][{part}]": value for part, value in key.items()}
    return parameters
