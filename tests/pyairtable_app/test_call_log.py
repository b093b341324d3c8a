"""The log of calls, as a started process writes it."""

import json
import os
import sys
from pathlib import Path

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client


async def test_each_call_over_stdio_leaves_one_line_on_standard_error(tmp_path, data_dir):
    log = tmp_path / "stderr.txt"
    program = str(Path(sys.executable).with_name("pyairtable-mcp"))
    environment = dict(os.environ) | {"DATA_DIR": str(data_dir), "JOURNAL": "off"}
    started = StdioServerParameters(command=program, args=["stdio"], env=environment)

    with log.open("w") as errors:
        async with Client(stdio_client(started, errlog=errors)) as client:
            await client.call_tool("list_tables", {"base_id": "Studio"})

    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert [(line["tool"], line["base"], line["outcome"]) for line in lines] == [
        ("list_tables", "Studio", "ok")
    ]
    assert lines[0]["principal"] == "local"
