"""Answers that are given again while nothing has changed: a client that reads one record over and over.

An answer is remembered for the same request by the same token, until anything at all is written, and never
beyond the minute in which it was made: formulas may tell the time, and addresses of files end. What is asked
for once is not remembered: most records of a table that is walked through are not read a second time.
"""

from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import Scope

from local_twins.airtable.storage.store import Store
from local_twins.airtable.web.scopes import header

MOST_BYTES = 16 * 1024 * 1024
"""What the remembered answers take at the most, with what tells them apart."""

_BASES = b"/v0/app"
_RECORD_SLASHES = 4
"""Of a path that leads to one record: /v0/BASE/TABLE/RECORD."""
_APART_BYTES = 600
"""What an answer takes besides its texts, about."""

_Moment = tuple[int, ...]
_Key = tuple[bytes, str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """A request that is made again: its path, token and host, and when it came."""

    key: _Key
    moment: _Moment


@dataclass(frozen=True, slots=True)
class Known:
    """An answer as of `moment`, and whom a rate limit counts when it is given again."""

    moment: _Moment
    base_id: str
    user_id: str
    response: Response


class Remembering:
    """The answers of one store."""

    def __init__(self, store: Store, most_bytes: int = MOST_BYTES) -> None:
        self._store = store
        self._most_bytes = most_bytes
        self._bytes = 0
        self._known: dict[_Key, Known | None] = {}

    def question(self, scope: Scope) -> Question | None:
        """The request as it is remembered, None for all but plain reads of one record that came before."""
        if scope["method"] != "GET" or scope["query_string"] or not _leads_to_a_record(scope["raw_path"]):
            return None
        key = (scope["raw_path"], header(scope, b"authorization"), header(scope, b"host"))
        if key not in self._known:
            self._keep(key, None)
            return None
        return Question(key, (*self._store.moment, int(self._store.clock().timestamp() // 60)))

    def find(self, question: Question) -> Known | None:
        """The answer, None when there is none that still holds."""
        known = self._known.get(question.key)
        return known if known is not None and known.moment == question.moment else None

    def remember(self, question: Question, base_id: str, user_id: str, response: Response) -> None:
        """Give that answer as long as it holds."""
        self._keep(question.key, Known(question.moment, base_id, user_id, response))

    def _keep(self, key: _Key, known: Known | None) -> None:
        """Keep what is known; what no longer fits beside it is forgotten."""
        size = _size(key, known)
        if key in self._known:
            self._bytes -= _size(key, self._known.pop(key))
        if self._bytes + size > self._most_bytes:
            self._known.clear()
            self._bytes = 0
        if size <= self._most_bytes:
            self._known[key] = known
            self._bytes += size


def _leads_to_a_record(path: bytes) -> bool:
    return path.startswith(_BASES) and path.count(b"/") == _RECORD_SLASHES and not path.endswith(b"/")


def _size(key: _Key, known: Known | None) -> int:
    return len(key[0]) + len(key[1]) + len(key[2]) + _APART_BYTES + (len(known.response.body) if known else 0)
