"""Every tool, called over HTTP with arguments that make no sense: each is answered, with what to mend."""

import json

import httpx2
import pytest
from tests.pyairtable_mcp.guarded import Plan, guarded

from pyairtable_mcp import TOOLS, parameters_of

HEADERS = {
    "Accept": "application/json, text/event-stream",
    "Content-Type": "application/json",
    "MCP-Protocol-Version": "2026-07-28",
    "Mcp-Method": "tools/call",
    "Authorization": "Bearer key-of-ada",
}
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}
LIST_BASES = next(tool for tool in TOOLS if tool.name == "list_bases")
SENSIBLE = {
    "base_id": "Work",
    "table_id": "Tasks",
    "record_id": "recTask0000000001",
    "fields": {"Name": "x"},
    "formula": "1+1",
    "query": "Task",
    "records": [{"Name": "x"}],
    "record_ids": ["recTask0000000001"],
    "merge_on": ["Name"],
    "field": "Notes }{ odd",
    "to_type": "number",
    "text": "hello",
    "name": "New",
    "type": "singleLineText",
    "workspace_id": "wspTest0000000001",
    "comment_id": "com00000000000001",
    "change_id": "chg00000000000001",
    "source_base_id": "Work",
    "source_table_id": "Tasks",
    "target_base_id": "Work",
    "target_table_id": "People",
    "key_field": "Name",
    "webhook_id": "ach00000000000001",
    "specification": {"options": {"filters": {"dataTypes": ["tableData"]}}},
    "sql": "SELECT 1",
    "tables": [{"name": "T", "fields": [{"name": "N", "type": "singleLineText"}]}],
}
OF_READING = {"fields": ["Name"]}
NESTED: object = "deep"
for _ in range(150):
    NESTED = [NESTED]

SHARE = 6
"""Each parameter is given one of so many values; over all tools each value comes often."""

HOSTILE = [
    None,
    True,
    0,
    -1,
    10**30,
    0.5,
    1e308,
    float("nan"),
    float("-inf"),
    "",
    " ",
    "\x00",
    "\r\n\t\x1b[2J\u202e\u2028",
    "../../etc/passwd",
    "'; DROP TABLE Tasks; --",
    "{Name}\"&\\'",
    "\U0001f9e8" * 50,
    "\ud800",
    "x" * 100_000,
    [],
    [None],
    [[]],
    ["x"] * 10_000,
    {},
    {"": None},
    {"a": {"b": {"c": [1, "2", None]}}},
    {"x" * 1000: "y"},
    NESTED,
]


def sensible(tool):
    reads = tool.effect.reads_only and tool.name not in ("validate_record", "evaluate_formula")
    known = SENSIBLE | (OF_READING if reads or tool.name == "find_duplicates" else {})
    if tool.name == "create_table":
        known = known | {"fields": [{"name": "N", "type": "singleLineText"}]}
    required = [name for name, is_required in parameters_of(tool).items() if is_required]
    return {name: known[name] for name in required}


def attacks(tool):
    base = sensible(tool)
    yield {**base, "unknown": 1}
    yield {"unknown" * 1000: 1}
    yield {}
    for place, name in enumerate(parameters_of(tool)):
        for value in HOSTILE[place % SHARE :: SHARE]:
            yield {**base, name: value}


async def outcome(http, url, tool, arguments):
    """What is wrong with the answer, "" for nothing."""
    params = {"name": tool.name, "arguments": arguments, "_meta": META}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    answer = await http.post(f"{url}/mcp", content=json.dumps(message), headers={"Mcp-Name": tool.name})
    line = next((line for line in answer.text.splitlines() if line.startswith("data:")), answer.text)
    told = json.loads(line.removeprefix("data:"), parse_constant=None) if line.strip() else {}
    if answer.status_code >= 500 or "Traceback" in answer.text:
        return f"{answer.status_code} {answer.text[:200]}"
    if "result" not in told:
        return "" if answer.status_code == 400 and "error" in told else f"{answer.status_code} {line[:200]}"
    text = told["result"]["content"][0]["text"]
    if "inside the server" in text:
        return str(text[:200])
    return "no words" if told["result"].get("isError") and len(text) < 20 else ""


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
async def test_whatever_is_given_is_answered(airtable, tmp_path, tool):
    async with (
        guarded(airtable, Plan(exports=tmp_path)) as server,
        httpx2.AsyncClient(headers=HEADERS, timeout=30) as http,
    ):
        found = {
            json.dumps(arguments)[:150]: wrong
            for arguments in attacks(tool)
            if (wrong := await outcome(http, server.url, tool, arguments))
        }
        after = await outcome(http, server.url, LIST_BASES, {})

    assert found == {}
    assert after == ""
