"""Clients that are Python libraries: each lists every tool and calls one, over stdio and HTTP with a key.

They live in two environments apart from ours, one with the official SDK's 1.x, one with its 2.x:
`make test-mcp-clients`.
"""

import json
from pathlib import Path

import pytest
from tests.mcp_clients.desk import COMMAND, KEY

from pyairtable_mcp import Selection

HERE = Path(__file__).parent
EVERY_TOOL = sorted(tool.name for tool in Selection().members())
DRIVERS = {
    "fastmcp": "mcp2",
    "openai_agents": "mcp2",
    "pydantic_ai": "mcp2",
    "google_adk": "mcp1",
    "langchain": "mcp1",
    "llm_tools_mcp": "mcp1",
    "mcp_use": "mcp1",
    "smolagents": "mcp1",
}
DECLARES_ONLY = {"google_adk"}
SENDS_NO_HEADERS = {"llm_tools_mcp"}


@pytest.mark.parametrize("way", ["stdio", "http"])
@pytest.mark.parametrize("driver", DRIVERS)
def test_it_lists_every_tool_and_calls_one(desk, url, open_url, driver, way):
    python = HERE / "python" / f".venv-{DRIVERS[driver]}" / "bin" / "python"
    address = open_url if driver in SENDS_NO_HEADERS else url

    said = desk.run(
        str(python),
        str(HERE / "drive" / f"drive_{driver}.py"),
        way,
        SERVER_COMMAND=COMMAND,
        SERVER_URL=address,
        SERVER_KEY=KEY,
    )

    told = [line for line in said.splitlines() if line.startswith('{"tools"')]
    assert told, said
    answered = json.loads(told[-1])
    assert answered["tools"] == EVERY_TOOL
    assert driver in DECLARES_ONLY or "NYC Flights 2013" in answered["answer"]
