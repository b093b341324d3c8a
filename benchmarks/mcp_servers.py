"""The servers that are compared, the base that both read, and the same work put to each in its own words."""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mcp import Client

BASE, TABLE = "appBench000000001", "tblBench000000001"
RECORDS = [f"recBench{number:09}" for number in range(100)]

Job = Callable[[Client], Awaitable[Any]]


@dataclass(frozen=True)
class Server:
    """A server under test: how it is started over each transport, and how it is asked for the same."""

    name: str
    command: list[str]
    http: list[str]
    jobs: dict[str, Job]
    questions: dict[str, tuple[str, dict[str, Any]]]
    environment: dict[str, str] = field(default_factory=dict)


def document() -> dict[str, Any]:
    """A base with one table of a hundred records and ten fields."""
    kinds = ["singleLineText"] * 5 + ["multilineText"] * 2 + ["number"] * 2 + ["checkbox"]
    fields: list[dict[str, Any]] = [
        {"id": f"fldBench{index:09}", "name": f"Field {index}", "type": kind}
        for index, kind in enumerate(kinds)
    ]
    for each in fields:
        if each["type"] == "number":
            each["options"] = {"precision": 0}
        if each["type"] == "checkbox":
            each["options"] = {"icon": "check", "color": "greenBright"}
    values = {"singleLineText": "a short text", "multilineText": "a longer text. " * 4, "number": 42}
    cells = {each["name"]: values.get(each["type"], True) for each in fields}
    table = {
        "id": TABLE,
        "name": "Things",
        "primaryFieldId": fields[0]["id"],
        "fields": fields,
        "views": [{"id": "viwBench000000001", "name": "Grid view", "type": "grid"}],
    }
    rows = [
        {"id": record, "fields": cells | {"Field 0": f"Thing {number}", "Field 7": number}}
        for number, record in enumerate(RECORDS)
    ]
    return {"id": BASE, "name": "Bench", "tables": [table], "records": {TABLE: rows}}


def ours() -> Server:
    """This server."""
    place = {"base_id": BASE, "table_id": TABLE}
    rows = [{"Field 0": f"New {number}"} for number in range(10)]

    def call(tool: str, **arguments: Any) -> Job:
        return lambda client: client.call_tool(tool, place | arguments)

    program = str(Path(sys.executable).with_name("pyairtable-mcp"))
    return Server(
        "pyairtable-mcp",
        [program, "stdio"],
        [program, "serve", "mcp", "--port", "0"],
        {
            "list 100 x 10": call("get_records", max_records=100),
            "get one record": call("get_record", record_id=RECORDS[5]),
            "create one": call("create_record", fields=rows[0]),
            "create ten": call("batch_create_records", records=rows),
        },
        {
            "which bases": ("list_bases", {}),
            "tables and fields": ("list_tables", {"base_id": BASE}),
            "one table in full": ("get_field_info", place),
            "100 records": ("get_records", place | {"max_records": 100}),
            "10 records": ("get_records", place | {"max_records": 10}),
            "two fields of 100": ("get_records", place | {"fields": ["Field 0", "Field 7"]}),
            "filtered": ("get_records", place | {"filter_by_formula": "{Field 7} > 89"}),
            "search": ("search_records", place | {"query": "Thing 9"}),
            "one record": ("get_record", place | {"record_id": RECORDS[5]}),
            "create": ("create_record", place | {"fields": rows[0]}),
        },
    )


def peer() -> Server:
    """airtable-mcp-server, one record a call."""
    place = {"baseId": BASE, "tableId": TABLE}
    new = {"Field 0": "New"}

    def call(tool: str, **arguments: Any) -> Job:
        return lambda client: client.call_tool(tool, place | arguments)

    async def ten(client: Client) -> None:
        for _ in range(10):
            await client.call_tool("create_record", place | {"fields": new})

    command = ["node", "--require", "./redirect.cjs", "node_modules/airtable-mcp-server/dist/main.js"]
    return Server(
        "airtable-mcp-server",
        command,
        command,
        {
            "list 100 x 10": call("list_records", maxRecords=100),
            "get one record": call("get_record", recordId=RECORDS[5]),
            "create one": call("create_record", fields=new),
            "create ten": ten,
        },
        {
            "which bases": ("list_bases", {}),
            "tables and fields": ("list_tables", {"baseId": BASE}),
            "one table in full": ("describe_table", place),
            "100 records": ("list_records", place | {"maxRecords": 100}),
            "10 records": ("list_records", place | {"maxRecords": 10}),
            "two fields of 100": (
                "list_records",
                place | {"maxRecords": 100, "fields": ["Field 0", "Field 7"]},
            ),
            "filtered": ("list_records", place | {"filterByFormula": "{Field 7} > 89"}),
            "search": ("search_records", place | {"searchTerm": "Thing 9"}),
            "one record": ("get_record", place | {"recordId": RECORDS[5]}),
            "create": ("create_record", place | {"fields": new}),
        },
        {"MCP_TRANSPORT": "http"},
    )


def bare() -> Server:
    """A server without work, on the SDK that ours stands on."""
    script = str(Path(__file__).parent / "bare_server.py")

    async def echo(client: Client) -> None:
        await client.call_tool("echo", {"text": "hello"})

    command = [sys.executable, script]
    return Server("empty server, same SDK", command, [*command, "http"], {"echo": echo}, {})
