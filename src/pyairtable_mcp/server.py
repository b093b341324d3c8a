"""The MCP server: the tool table bound to a gateway, with errors turned into advice."""

import functools
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from mcp.server import MCPServer
from mcp.server.caching import CacheHint
from mcp.server.context import ServerRequestContext
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool as ServerTool
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    InputRequiredResult,
    TextContent,
    ToolAnnotations,
)
from pydantic import ValidationError

from airtable_gateway import AirtableError, SignedGateway
from pyairtable_mcp import completing, exports, function_list, prompts, resources
from pyairtable_mcp.answers.answering import answer, refusal
from pyairtable_mcp.calls import Call, InputNeeded, change_id, context_of
from pyairtable_mcp.instructions import INSTRUCTIONS
from pyairtable_mcp.offering import refused, said
from pyairtable_mcp.principal import ActingUsers
from pyairtable_mcp.progress import EACH_SECOND, ProgressTold
from pyairtable_mcp.refusals.explaining import explain_arguments, explain_call
from pyairtable_mcp.schemas import input_schema, metadata
from pyairtable_mcp.subscribing import Subscribing
from pyairtable_mcp.tool import Tool, ToolContext
from pyairtable_mcp.tools import TOOLS
from pyairtable_mcp.toolsets import Selection
from pyairtable_mcp.unknown_tools import UnknownTools
from pyairtable_mcp.watching import Watchers

_LOG = logging.getLogger(__name__)


def build_server(
    context: ToolContext,
    *,
    tools: Sequence[Tool] | None = None,
    watchers: Watchers | None = None,
    progress: ProgressTold = EACH_SECOND,
) -> MCPServer[Any]:
    """The server with `tools`, else the default ones; it neither opens nor closes the context's gateway.

    `watchers` tell subscribed clients of changes, `progress` tells who waits for a call.
    """
    offered = Selection().members() if tools is None else tools
    hidden = frozenset(tool.name for tool in TOOLS) - {tool.name for tool in offered}
    context = replace(context, hidden=hidden)
    menu = prompts.offered(hidden)
    server: MCPServer[Any] = _Server(
        "pyairtable",
        title="PyAirtable",
        version=version("pyairtable-mcp"),
        instructions=said(INSTRUCTIONS, hidden),
        tools=[_serve(tool, context) for tool in offered],
        cache_hints={"tools/list": CacheHint(ttl_ms=300_000, scope="public")},
        log_level="WARNING",
        subscriptions=watchers,
        middleware=[
            ActingUsers(),
            progress,
            prompts.PromptsAsked(menu),
            *([Subscribing(context.gateway, watchers)] if watchers else []),
        ],
    )
    server.middleware.append(UnknownTools(server, frozenset(tool.name for tool in offered)))
    resources.publish(server, context)
    prompts.publish(server, menu)
    completing.publish(server, context.gateway)
    function_list.publish(server)
    if context.exports is not None:
        exports.publish(server, context.exports, hidden)
    return server


class _Server(MCPServer[Any]):
    """The SDK's server, without the objects that it makes for every call and our tools need for very few."""

    async def _handle_call_tool(
        self, ctx: ServerRequestContext[Any, Any], params: CallToolRequestParams
    ) -> Any:
        tool = self._tool_manager.get_tool(params.name)
        if not isinstance(tool, _ServedTool):
            return await super()._handle_call_tool(ctx, params)

        def call() -> Context[Any, Any]:
            return Context(request_context=ctx, mcp_server=self, input_params=params)

        try:
            return await tool.called(params.arguments or {}, ctx, call)
        except UnexpectedToolError as failed:
            _LOG.exception("Tool %r raised an unexpected exception", params.name)
            return CallToolResult(content=[TextContent(type="text", text=str(failed))], is_error=True)


class _ServedTool(ServerTool):
    """A tool whose every refusal is advice, and whose answer stays within its budget."""

    async def run(
        self,
        arguments: dict[str, Any],
        context: Context[Any, Any],
        convert_result: bool = False,  # noqa: ARG002, FBT001, FBT002 - the SDK's signature; we always convert
    ) -> dict[str, Any] | CallToolResult | InputRequiredResult:
        """See `called`."""
        return await self.called(arguments, context.request_context, lambda: context)

    async def called(
        self, arguments: dict[str, Any], request: ServerRequestContext[Any, Any], call: Call
    ) -> dict[str, Any] | CallToolResult | InputRequiredResult:
        """Check the arguments, run the tool, translate what Airtable refused."""
        try:
            return await self._answered(arguments, request, call)
        except InputNeeded as asking:
            return asking.result
        except ToolError as refused:
            # Answered here: the SDK would log the words, and names of records and handles stand in them.
            return CallToolResult(content=[TextContent(type="text", text=str(refused))], is_error=True)
        except Exception as error:
            # The last border: the SDK would show the client any other exception's text.
            raise UnexpectedToolError(f"{self.name} failed inside the server; its log says why.") from error

    async def _answered(
        self, arguments: dict[str, Any], request: ServerRequestContext[Any, Any], call: Call
    ) -> dict[str, Any]:
        try:
            checked = self.fn_metadata.validate_arguments(arguments)
        except ValidationError as error:
            raise refusal(explain_arguments(self.name, error, self.parameters)) from None
        answered: dict[str, Any] = await self.fn(request, call, checked)
        return answered


async def _run(
    tool: Tool,
    context: ToolContext,
    request: ServerRequestContext[Any, Any],
    call: Call,
    arguments: Mapping[str, Any],
) -> dict[str, Any]:
    """Run the tool for this call; the answer names what it changed, and so does a refusal on the way."""
    ours = context_of(context, tool.name, request, call)
    try:
        result = await tool.run(ours, **arguments)
    except (AirtableError, ToolError) as error:
        text = str(error)
        if isinstance(error, AirtableError):
            text = await explain_call(error, ours.gateway, arguments)
        raise refusal(refused(text, ours.hidden) + _already_written(ours)) from error
    changed = change_id(ours)
    return await answer(tool, ours, {**result, "change_id": changed} if changed else result)


def _already_written(context: ToolContext) -> str:
    """What of a call that failed was written before: all but its last write, which is the one that failed."""
    gateway = context.gateway
    if not isinstance(gateway, SignedGateway) or len(gateway.written) < 2:
        return ""
    if "undo_change" in context.hidden:
        return f" Before that, a part was written: the change {gateway.call!r}."
    return f" Before that, a part was written: undo_change({gateway.call!r}) takes it back."


def _serve(tool: Tool, context: ToolContext) -> ServerTool:
    described = metadata(tool.run, context="ctx")
    return _ServedTool(
        fn=functools.partial(_run, tool, context),
        name=tool.name,
        title=None,
        context_kwarg=None,
        description=tool.description,
        parameters=input_schema(described.arg_model),
        fn_metadata=described,
        is_async=True,
        annotations=_annotations(tool),
    )


def _annotations(tool: Tool) -> ToolAnnotations:
    if tool.effect.reads_only:
        return ToolAnnotations(read_only_hint=True)
    return ToolAnnotations(
        read_only_hint=False,
        destructive_hint=tool.effect.destroys,
        idempotent_hint=tool.effect.repeats_safely,
    )
