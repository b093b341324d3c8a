"""What the tool list costs every user of a model: characters of its compact JSON, divided by four."""

import asyncio
import json

from mcp import Client

from airtable_gateway import Endpoint, FixedEndpoint
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from pyairtable_mcp import INSTRUCTIONS, ToolContext, build_server


def main() -> None:
    """Print the size of the whole list, of the list without output schemas, and of each tool."""
    tools = asyncio.run(listed())
    inputs = [{key: value for key, value in tool.items() if key != "outputSchema"} for tool in tools]
    print(f"tool list, {len(tools)} tools (characters of compact JSON / 4)")
    print(f"  with output schemas        {tokens(tools):6.0f}")
    print(f"  without output schemas     {tokens(inputs):6.0f}")
    print(f"  instructions               {len(INSTRUCTIONS) / 4:6.0f}")
    for tool in tools:
        print(f"    {tool['name']:<24} {tokens(tool):6.0f}")


async def listed() -> list[dict[str, object]]:
    """The tool list as it goes over the wire."""
    gateway = PyAirtableGateway(FixedEndpoint(Endpoint("http://127.0.0.1:9", "none")))
    async with Client(build_server(ToolContext(gateway))) as client:
        answer = await client.list_tools()
    return [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in answer.tools]


def tokens(value: object) -> float:
    """An estimate that needs no tokenizer."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) / 4


if __name__ == "__main__":
    main()
