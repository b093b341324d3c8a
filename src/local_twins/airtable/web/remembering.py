"""Answers that are given again while nothing has changed: a client that reads one record over and over.

An answer is remembered for the same request by the same token, until anything at all is written, and never
beyond the minute in which it was made: formulas may tell the time, and addresses of files end.
"""

import time
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local_twins.airtable.page.recent import Recent
from local_twins.airtable.web.desk import Desk

_MOST = 16_384
"""Answers that are kept, of about a kilobyte each."""

_RECORD_SLASHES = 4
"""Of a path that leads to one record: /v0/BASE/TABLE/RECORD."""

_Key = tuple[bytes, tuple[tuple[bytes, bytes], ...]]


@dataclass(slots=True)
class _Kept:
    moment: tuple[int, ...]
    messages: list[Message] = field(default_factory=list)


class Remembering:
    """Stands before everything else; notes and counts as the long way does, on which all else goes."""

    def __init__(self, app: ASGIApp, desk: Desk, recent: Recent) -> None:
        self._app = app
        self._desk = desk
        self._recent = recent
        self._kept: dict[_Key, _Kept] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if not self._is_plain_read(scope):
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        key, moment = (scope["raw_path"], tuple(scope["headers"])), self._moment()
        kept = self._kept.get(key)
        if kept is None or kept.moment != moment:
            await self._app(scope, receive, self._keeping(key, moment, send))
            return
        self._desk.counts.note_request(())
        for message in kept.messages:
            await send(message)
        self._desk.counts.note_answer(200)
        self._recent.note(scope, 200, time.perf_counter() - began, "")

    def _is_plain_read(self, scope: Scope) -> bool:
        """Whether the request asks for one record, where no limit counts it and no fault may strike it."""
        return (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and scope["path"].startswith("/v0/app")
            and scope["raw_path"].count(b"/") == _RECORD_SLASHES
            and not scope["query_string"]
            and self._desk.limiter.is_off
            and self._desk.faults.is_quiet
        )

    def _moment(self) -> tuple[int, ...]:
        """What is the same as long as every answer is."""
        store = self._desk.store
        return *store.moment, int(store.clock().timestamp() // 60)

    def _keeping(self, key: _Key, moment: tuple[int, ...], send: Send) -> Send:
        kept = _Kept(moment)

        async def keep(message: Message) -> None:
            kept.messages.append(message)
            is_whole = message["type"] == "http.response.body" and not message.get("more_body")
            if is_whole and kept.messages[0]["status"] == 200:
                self._remember(key, kept)
            await send(message)

        return keep

    def _remember(self, key: _Key, kept: _Kept) -> None:
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[key] = kept
