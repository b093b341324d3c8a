"""The log of calls, as a started process writes it."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from tests.pyairtable_mcp.plain import ERAS, plainly

PROGRAM = str(Path(sys.executable).with_name("pyairtable-mcp"))


def tool_calls(log):
    """The tool, the base and the outcome of each line about a call."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [(line["tool"], line["base"], line["outcome"]) for line in lines if line["principal"] == "local"]


@pytest.fixture
def log(tmp_path) -> Path:
    return Path(tmp_path / "stderr.txt")


async def test_each_call_over_stdio_leaves_one_line_on_standard_error(log, data_dir):
    environment = dict(os.environ) | {"DATA_DIR": str(data_dir), "JOURNAL": "off"}
    started = StdioServerParameters(command=PROGRAM, args=["stdio"], env=environment)

    with log.open("w") as errors:
        async with Client(stdio_client(started, errlog=errors)) as client:
            await client.call_tool("list_tables", {"base_id": "Studio"})

    assert tool_calls(log) == [("list_tables", "Studio", "ok")]


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize("era", ERAS)
async def test_over_http_a_call_that_was_answered_is_counted_and_its_line_is_there_when_it_ends(
    log, data_dir, era
):
    with log.open("w") as errors:
        process = subprocess.Popen(
            [PROGRAM, "serve", "mcp", "--port", "0"],
            env={"DATA_DIR": str(data_dir)},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    with process:
        assert process.stdout
        url = next(found[1] for line in process.stdout if (found := re.search(r"(http://\S+)/mcp", line)))
        async with plainly(f"{url}/mcp", era) as client, httpx2.AsyncClient() as reader:
            assert (await client.call("list_tables", {"base_id": "Studio"})).status_code == 200
            page = (await reader.get(f"{url}/metrics")).text
            assert (await client.call("list_tables", {"base_id": "Nowhere"})).status_code == 200
        process.send_signal(signal.SIGTERM)

    assert 'pyairtable_mcp_calls_total{outcome="ok",tool="list_tables"} 1.0' in page
    assert tool_calls(log) == [("list_tables", "Studio", "ok"), ("list_tables", "Nowhere", "refused")]
