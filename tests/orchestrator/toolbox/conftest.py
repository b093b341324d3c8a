"""Small MCP servers, in process and by URL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
import uvicorn
from mcp.server import MCPServer

from orchestrator.toolbox.mcp import McpToolbox

Open = Callable[..., Any]


@pytest.fixture(params=["in process", "by URL"])
async def open_toolbox(request) -> AsyncIterator[Open]:
    """A toolbox over a server, once in process and once by URL."""
    async with AsyncExitStack() as stack:

        async def start(server: "MCPServer[Any]", **options: Any) -> McpToolbox:
            target: Any = server
            if request.param == "by URL":
                target = await stack.enter_async_context(_served(server))
            return await stack.enter_async_context(McpToolbox(target, **options))

        yield start


@asynccontextmanager
async def _served(server: "MCPServer[Any]") -> AsyncIterator[str]:
    config = uvicorn.Config(server.streamable_http_app(), port=0, log_config=None, ws="none")
    running = uvicorn.Server(config)
    serving = asyncio.create_task(running.serve())
    while not running.started:
        await asyncio.sleep(0)
    [port] = [socket.getsockname()[1] for socket in running.servers[0].sockets]
    yield f"http://127.0.0.1:{port}/mcp"
    running.should_exit = True
    await serving
