"""A client that writes and reads lines, as the streams that the SDK serves.

The SDK's own stand behind a task for each way and hand over what these have at once. A further task reads
on for it after the request that tells a client's era; here it reads on itself.
"""

import asyncio
import inspect
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import anyio
from mcp.server import runner
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCRequest, jsonrpc_message_adapter
from pydantic import ValidationError

from pyairtable_app.pipes import TextOut

_EARLY = 8
"""How many messages before the first request are heard, as the SDK has it."""


def read_on_after_the_first_request() -> None:
    """Have the SDK do so, from now on and in the whole process, with streams of this file.

    Raises RuntimeError when it looks for the first request in another way than is known here.
    """
    sdk: Any = runner
    own = getattr(sdk, "_replay_from_opening_request", None)
    if own is None or list(inspect.signature(own).parameters) != ["read_stream"]:
        raise RuntimeError("This version of mcp tells a client's era in another way than is known here.")
    sdk._replay_from_opening_request = _opened  # noqa: SLF001 - it takes no other from anywhere


@asynccontextmanager
async def _opened(asked: "LinesAsked") -> AsyncIterator[tuple[JSONRPCRequest | None, "LinesAsked"]]:
    """The first request, None without one, and the stream as if nothing had been taken from it."""
    early: list[SessionMessage | Exception] = []
    async for item in asked:
        is_request = isinstance(item, SessionMessage) and isinstance(item.message, JSONRPCRequest)
        if is_request or len(early) < _EARLY:
            early.append(item)
        if is_request:
            break
    asked.take_back(early)
    match early:
        case [*_, SessionMessage(message=JSONRPCRequest() as request)]:
            yield request, asked
        case _:
            yield None, asked


class LinesAsked:
    """The messages out of those lines, and the error in the place of what is none."""

    def __init__(self, lines: AsyncIterable[str]) -> None:
        self._lines = aiter(lines)
        self._again: deque[SessionMessage | Exception] = deque()

    def take_back(self, items: list[SessionMessage | Exception]) -> None:
        """Give these again before the others."""
        self._again.extend(items)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        if self._again:
            return self._again.popleft()
        line = await anext(self._lines)
        try:
            return SessionMessage(jsonrpc_message_adapter.validate_json(line, by_name=False))
        except ValidationError as error:
            return error

    async def receive(self) -> SessionMessage | Exception:
        """The next one. Raises EndOfStream after the last."""
        try:
            return await anext(self)
        except StopAsyncIteration:
            raise anyio.EndOfStream from None

    async def aclose(self) -> None:
        """Leave them to who opened them."""


class LinesTold:
    """Messages as lines of that text."""

    def __init__(self, text: TextOut) -> None:
        self._text = text
        self._unheard: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def send(self, message: SessionMessage) -> None:
        """Until the system has it. Raises BrokenResourceError when nobody reads any more."""
        line = message.message.model_dump_json(by_alias=True, exclude_unset=True)
        try:
            await self._text.write(line + "\n")
            await self._text.flush()
        except ConnectionError as error:
            if not self._unheard.done():
                self._unheard.set_exception(error)
            raise anyio.BrokenResourceError from error

    async def unheard(self) -> None:
        """Wait until nobody reads any more. Raises the ConnectionError that told so."""
        await self._unheard

    async def aclose(self) -> None:
        """Leave it to who opened it."""
