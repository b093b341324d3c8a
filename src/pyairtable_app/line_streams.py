"""A client that writes and reads lines, as the streams that the SDK serves.

The SDK's own stand behind a task for each way and hand over what these have at once.
"""

import asyncio
from collections.abc import AsyncIterable
from typing import Self

import anyio
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter
from pydantic import ValidationError

from pyairtable_app.pipes import TextOut


class LinesAsked:
    """The messages out of those lines, and the error in the place of what is none."""

    def __init__(self, lines: AsyncIterable[str]) -> None:
        self._lines = aiter(lines)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
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
