"""The tools of an MCP server, in process or by URL: the same client, the same rules."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self, TypeAlias, TypeVar, cast

import anyio
import httpx2
from mcp import Client, MCPError, StdioServerParameters
from mcp.client import ClientRequestContext
from mcp.client.streamable_http import streamable_http_client
from mcp.server import MCPServer, Server
from mcp.types import (
    CONNECTION_CLOSED,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    CallToolResult,
    ElicitRequestParams,
    ElicitResult,
    ErrorData,
    RequestParamsMeta,
    TextContent,
)
from mcp.types import Tool as ListedTool
from pydantic import ValidationError

from orchestrator.approvals.approval import arguments_sha256
from orchestrator.errors import ToolsChanged, ToolsUnreachable
from orchestrator.toolbox.bounding import MOST_CHARACTERS, bounded, plain
from orchestrator.toolbox.connection import Connection
from orchestrator.toolbox.pins import fingerprint
from orchestrator.toolbox.policy import policy_of
from orchestrator.toolbox.port import DRY_RUN, Json, Preview, Tool, ToolCall, ToolOutcome

IDEMPOTENCY_KEY = "pyairtable/idempotency-key"
"""The entry of a call's `_meta` that keeps it from being executed twice."""

ACTING_FOR = "pyairtable/acting-user"
"""The entry that names the person on whose behalf we call; the server heeds it from our key alone."""

_PREVIEW_CHARACTERS = 4_000
_DIFFERENCE_CHARACTERS = 20_000
_TIMEOUT_SECONDS = 60.0

_CALL: ContextVar[ToolCall | None] = ContextVar("call", default=None)
"""The call for which the server asks; set where the SDK asks from within the call."""

_GONE = (httpx2.HTTPError, OSError, TimeoutError, anyio.ClosedResourceError, anyio.BrokenResourceError)


_ENDED = frozenset({CONNECTION_CLOSED, INVALID_REQUEST})
"""What the SDK calls a connection that was closed, and a session that its server knows no more."""

T = TypeVar("T")

Served: TypeAlias = "MCPServer[Any] | Server[Any] | StdioServerParameters | str"
"""A server of this process, one to be started with a command, or the URL of one."""


class McpToolbox:
    """See `Toolbox`. `headers` go to a server at a URL.

    `agreed` is the fingerprint of the tools that were agreed to; without one, all
    are taken, and each session notes which it works with.
    `mode` is the SDK's: the era of the protocol, found out if it is not said.
    """

    def __init__(
        self,
        server: Served,
        *,
        headers: Mapping[str, str] | None = None,
        agreed: str | None = None,
        mode: str = "auto",
        most_characters: int = MOST_CHARACTERS,
        timeout_seconds: float = _TIMEOUT_SECONDS,
    ) -> None:
        self._server = server
        self._http: httpx2.AsyncClient | None = None
        if isinstance(server, str):
            self._http = httpx2.AsyncClient(headers=dict(headers or {}), timeout=timeout_seconds)
        self._connection = Connection(self._connect)
        self._agreed = agreed
        self._mode = mode
        self._most_characters = most_characters
        self._timeout_seconds = timeout_seconds
        self._under_way: list[ToolCall] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()
        if self._http is not None:
            await self._http.aclose()

    async def tools(self) -> Sequence[Tool]:
        """See `Toolbox.tools`."""
        listed = await self._list()
        if self._agreed is not None and self._agreed != (found := fingerprint(listed)):
            raise ToolsChanged(
                "The MCP server's tools are not those that were agreed to. Look at them and agree anew.",
                agreed=self._agreed,
                found=found,
            )
        return listed

    async def agree(self) -> str:
        """Agree to the tools as they are now; their fingerprint."""
        self._agreed = fingerprint(await self._list())
        return self._agreed

    async def call(self, call: ToolCall) -> ToolOutcome:
        """See `Toolbox.call`; what comes back is bounded and plain."""

        async def ask(client: Client) -> CallToolResult:
            with self._noted(call):
                return await client.call_tool(call.name, dict(call.arguments), meta=_meta(call))

        if policy_of(call.name).effect == "reads" or call.arguments.get(DRY_RUN) is True:
            return self._outcome(await self._asked(ask))
        # A write may have been made before its answer was lost, and not every server knows its key: it is not
        # sent again. So whether the connection still stands, hours after the approval, is found out before.
        await self.ping()
        return self._outcome(await self._asked(ask, attempts=1))

    async def ping(self) -> None:
        """Ask for an answer, whatever it is. Raises ToolsUnreachable."""
        try:
            await self._asked(lambda client: client.list_prompts(cache_mode="bypass"))
        except ToolsUnreachable as error:
            # A server without prompts refuses, and so it is there.
            if not isinstance(error.__cause__, MCPError) or error.__cause__.code != METHOD_NOT_FOUND:
                raise

    async def preview(self, call: ToolCall) -> Preview:
        """See `Toolbox.preview`."""
        tool = next((tool for tool in await self.tools() if tool.name == call.name), None)
        if tool is None or not tool.is_known or DRY_RUN not in tool.schema.get("properties", {}):
            return Preview()
        rehearsed = ToolCall(call.name, {**call.arguments, DRY_RUN: True}, acting_for=call.acting_for)
        outcome = await self.call(rehearsed)
        told = (outcome.structured or {}).get("differences")
        return Preview(str(bounded(outcome.text, _PREVIEW_CHARACTERS)[0]), _few(told))

    async def _list(self) -> list[Tool]:
        return sorted(await self._asked(_all_tools), key=lambda tool: tool.name)

    async def _asked(self, ask: Callable[[Client], Awaitable[T]], *, attempts: int = 2) -> T:
        """What the server answers; asked again over a new connection when the one at hand had ended.

        Raises ToolsUnreachable.
        """
        while True:
            attempts -= 1
            client = await self._connection.client()
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    return await ask(client)
            except (*_GONE, MCPError, ValidationError) as error:
                has_ended = isinstance(error, MCPError) and error.code in _ENDED
                if has_ended or isinstance(error, _GONE):
                    await self._connection.close(client)
                if not has_ended or not attempts:
                    told = f"The MCP server did not answer as it should: {error!r}."
                    raise ToolsUnreachable(told) from error

    def _connect(self) -> Client:
        target: Any = self._server
        if isinstance(self._server, str):
            target = streamable_http_client(self._server, http_client=self._http)
        return Client(target, mode=self._mode, elicitation_callback=self._elicited)

    async def _elicited(
        self,
        context: ClientRequestContext,  # noqa: ARG002 - the SDK hands it over by this name
        params: ElicitRequestParams,
    ) -> ElicitResult | ErrorData:
        """Yes for the call that a person approved, if it surely is the one that asks; else no."""
        only = self._under_way[0] if len(self._under_way) == 1 else None
        call = _CALL.get() or only
        if call is None or not _is_approved(call):
            return ElicitResult(action="decline")
        return ElicitResult(action="accept", content=_agreement(params))

    @contextmanager
    def _noted(self, call: ToolCall) -> Iterator[None]:
        """While the call is under way. Before 2026-07-28 a server asks without saying for which call."""
        self._under_way.append(call)
        token = _CALL.set(call)
        try:
            yield
        finally:
            _CALL.reset(token)
            self._under_way.remove(call)

    def _outcome(self, answered: CallToolResult) -> ToolOutcome:
        texts = [block.text for block in answered.content if isinstance(block, TextContent)]
        others = [f"[{block.type}]" for block in answered.content if not isinstance(block, TextContent)]
        text, is_text_cut = bounded(plain("\n".join([*texts, *others])), self._most_characters)
        structured, is_cut = bounded(plain(answered.structured_content), self._most_characters)
        return ToolOutcome(
            text=str(text),
            structured=structured if isinstance(structured, dict) and not is_cut else None,
            is_error=bool(answered.is_error),
            is_truncated=is_text_cut or is_cut,
            meta=dict(answered.meta or {}),
        )


async def _all_tools(client: Client) -> list[Tool]:
    page = await client.list_tools(cache_mode="use")
    listed = [_tool(one) for one in page.tools]
    while page.next_cursor:
        page = await client.list_tools(cursor=page.next_cursor)
        listed.extend(_tool(one) for one in page.tools)
    return listed


def _tool(listed: ListedTool) -> Tool:
    policy = policy_of(listed.name)
    return Tool(
        name=listed.name,
        description=listed.description or "",
        schema=listed.input_schema,
        effect=policy.effect,
        is_outside=policy.is_outside,
        is_known=policy.is_known,
    )


def _meta(call: ToolCall) -> RequestParamsMeta:
    meta = {IDEMPOTENCY_KEY: call.key, ACTING_FOR: call.acting_for}
    return cast("RequestParamsMeta", {name: value for name, value in meta.items() if value})


def _is_approved(call: ToolCall) -> bool:
    return bool(call.approved_sha256) and call.approved_sha256 == arguments_sha256(call.name, call.arguments)


def _agreement(params: ElicitRequestParams) -> dict[str, Any]:
    """Yes to every yes-or-no that the form asks; a form that asks for more gets no more."""
    schema = getattr(params, "requested_schema", None) or {}
    properties = schema.get("properties", {}) if isinstance(schema, Mapping) else {}
    return {name: True for name, asked in properties.items() if asked.get("type") == "boolean"}


def _few(told: Any) -> tuple[Json, ...]:
    """The differences, if they are some and so few that a person can look at each."""
    if not isinstance(told, list) or not all(isinstance(one, Mapping) for one in told):
        return ()
    return tuple(told) if len(json.dumps(told)) <= _DIFFERENCE_CHARACTERS else ()
