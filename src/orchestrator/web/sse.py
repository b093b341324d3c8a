"""Server-sent events: numbered, kept alive while nothing happens, small enough for every reader."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from contextlib import aclosing, suppress
from typing import Any, TypeVar

from starlette.responses import StreamingResponse

from orchestrator.web.fitting import bytes_of, fitting
from pyairtable_platform.kernel import ServiceError

_log = logging.getLogger(__name__)

Event = TypeVar("Event")

HEARTBEAT_SECONDS = 15.0

MOST_BYTES = 60_000
"""A line of more than 64 kB breaks readers in wide use; what is larger is named and fetched."""

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Frame = tuple[Mapping[str, Any], int | None]
"""What is sent, with `kind` in it, and its number if it is an event of the log."""


def sse_response(
    frames: AsyncGenerator[Frame], *, heartbeat_seconds: float = HEARTBEAT_SECONDS
) -> StreamingResponse:
    """The frames as they come; the response ends with them."""
    return StreamingResponse(
        _kept_alive(frames, heartbeat_seconds), media_type="text/event-stream", headers=_HEADERS
    )


def data_response(
    events: AsyncGenerator[Mapping[str, Any]],
    *,
    closing: str = "",
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
) -> StreamingResponse:
    """Events that carry their name in their data, and `closing` as the last line, as other protocols do."""
    return StreamingResponse(
        _lines(events, closing, heartbeat_seconds), media_type="text/event-stream", headers=_HEADERS
    )


async def always_ended(
    events: AsyncGenerator[Event], broken: Callable[[str, str], Iterable[Event]]
) -> AsyncGenerator[Event]:
    """The events, and what `broken` makes of a code and a message when they end by an error."""
    try:
        async with aclosing(events):
            async for event in events:
                yield event
    except ServiceError as error:
        for last in broken(error.code, error.detail or error.title):
            yield last
    except Exception:  # noqa: BLE001 - see below
        # The last border: whoever reads a stream is told of its end, whatever the fault.
        _log.exception("a stream broke")
        for last in broken("internal", "The server failed; its log says why."):
            yield last


async def _lines(
    events: AsyncGenerator[Mapping[str, Any]], closing: str, heartbeat_seconds: float
) -> AsyncIterator[str]:
    frames = ((event, None) async for event in events)
    async for line in _kept_alive(frames, heartbeat_seconds, _line):
        yield line
    if closing:
        yield f"data: {closing}\n\n"


def _line(said: Mapping[str, Any], _: int | None) -> str:
    return f"data: {_json(fitting(said, MOST_BYTES))}\n\n"


def frame(said: Mapping[str, Any], number: int | None) -> str:
    """One event on the wire: its number as id, its kind as name, the rest as JSON on one line."""
    data = _json(said)
    if bytes_of(data) > MOST_BYTES:
        data = _json({"kind": said.get("kind"), "run": said.get("run"), "number": number, "is_cut": True})
    head = "" if number is None else f"id: {number}\n"
    return f"{head}event: {said.get('kind', 'message')}\ndata: {data}\n\n"


def _json(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


async def _kept_alive(
    frames: AsyncGenerator[Frame],
    heartbeat_seconds: float,
    written: Callable[[Mapping[str, Any], int | None], str] = frame,
) -> AsyncIterator[str]:
    """The frames, with a comment whenever nothing came for so long."""
    coming = asyncio.ensure_future(_next(frames))
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=heartbeat_seconds)
            if not done:
                yield ": still here\n\n"
                continue
            if (found := coming.result()) is None:
                return
            coming = asyncio.ensure_future(_next(frames))
            yield written(*found)
    finally:
        coming.cancel()
        with suppress(asyncio.CancelledError):
            await coming
        await frames.aclose()


async def _next(frames: AsyncGenerator[Frame]) -> Frame | None:
    return await anext(frames, None)
