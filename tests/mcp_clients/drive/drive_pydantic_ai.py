"""Pydantic AI: an agent whose model is a function that calls the tool."""

import asyncio

from asked import COMMAND, ENV, HEADERS, IS_HTTP, URL, tell
from pydantic_ai import Agent
from pydantic_ai.mcp import MCPToolset
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

STDIO = {"command": COMMAND, "args": ["stdio"], "env": ENV}
HTTP = {"url": URL, "headers": HEADERS}


def model(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    last = messages[-1].parts[-1]
    if last.part_kind != "tool-return":
        return ModelResponse(parts=[ToolCallPart("list_bases", {})])
    tell([tool.name for tool in info.function_tools], last.content)
    return ModelResponse(parts=[TextPart("Done.")])


async def main() -> None:
    toolset = MCPToolset({"mcpServers": {"airtable": HTTP if IS_HTTP else STDIO}})
    async with Agent(FunctionModel(model), toolsets=[toolset]) as agent:
        await agent.run("Which bases are there?")


asyncio.run(main())
