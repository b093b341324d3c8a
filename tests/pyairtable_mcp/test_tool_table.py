"""What every tool of the server promises, held by walking the table as a client sees it."""

import asyncio
import json
from pathlib import Path

import pytest
from mcp import Client
from mcp.types import TextContent, Tool

from airtable_gateway import Endpoint, FixedEndpoint, Gateway
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from pyairtable_mcp import INSTRUCTIONS, TOOLS, ToolContext, build_server
from pyairtable_mcp.parameters import SHARED

SNAPSHOT = Path(__file__).with_name("tools.json")

REQUIRED = {
    "list_tables": ["base_id"],
    "get_records": ["base_id", "table_id"],
    "create_record": ["base_id", "table_id", "fields"],
    "update_record": ["base_id", "table_id", "record_id", "fields"],
    "delete_record": ["base_id", "table_id", "record_id"],
    "search_records": ["base_id", "table_id", "query"],
    "create_metadata_table": ["base_id"],
    "batch_create_records": ["base_id", "table_id", "records"],
    "batch_update_records": ["base_id", "table_id", "records"],
    "get_field_info": ["base_id", "table_id"],
    "analyze_table_data": ["base_id", "table_id"],
    "find_duplicates": ["base_id", "table_id", "fields"],
    "export_table_csv": ["base_id", "table_id"],
    "sync_tables": ["source_base_id", "source_table_id", "target_base_id", "target_table_id", "key_field"],
    "evaluate_formula": ["formula"],
    "validate_formula": ["formula"],
    "validate_record": ["base_id", "table_id", "fields"],
    "convert_field_preview": ["base_id", "table_id", "field", "to_type"],
    "list_bases": [],
    "get_record": ["base_id", "table_id", "record_id"],
    "list_changes": [],
    "undo_change": ["change_id"],
    "upsert_records": ["base_id", "table_id", "records", "merge_on"],
    "delete_records": ["base_id", "table_id", "record_ids"],
    "describe_table": ["base_id", "table_id"],
    "list_views": ["base_id", "table_id"],
    "create_table": ["base_id", "name", "fields"],
    "update_table": ["base_id", "table_id"],
    "create_field": ["base_id", "table_id", "name", "type"],
    "update_field": ["base_id", "table_id", "field"],
    "search_bases": ["query"],
    "create_base": ["workspace_id", "name", "tables"],
    "list_comments": ["base_id", "table_id", "record_id"],
    "create_comment": ["base_id", "table_id", "record_id", "text"],
    "update_comment": ["base_id", "table_id", "record_id", "comment_id", "text"],
    "delete_comment": ["base_id", "table_id", "record_id", "comment_id"],
    "add_attachment": ["base_id", "table_id", "record_id", "field"],
    "download_attachment": ["base_id", "table_id", "record_id", "field"],
    "query_mirror": ["base_id", "sql"],
    "list_webhooks": ["base_id"],
    "create_webhook": ["base_id"],
    "refresh_webhook": ["base_id", "webhook_id"],
    "delete_webhook": ["base_id", "webhook_id"],
    "list_webhook_payloads": ["base_id", "webhook_id"],
}
DEFAULT_TOOLS = 22
DEFAULTS = {
    ("get_records", "max_records"): 100,
    ("search_records", "max_records"): 50,
    ("create_metadata_table", "table_name"): "Table Metadata",
    ("analyze_table_data", "sample_size"): 100,
    ("find_duplicates", "ignore_empty"): True,
    ("export_table_csv", "max_records"): 1000,
    ("sync_tables", "dry_run"): True,
}


def unreached() -> Gateway:
    """A gateway that is never asked: the list is made from the code alone."""
    return PyAirtableGateway(FixedEndpoint(Endpoint("http://127.0.0.1:9", "none")))


@pytest.fixture
async def listed() -> dict[str, Tool]:
    async with Client(build_server(ToolContext(unreached()), tools=TOOLS)) as client:
        return {tool.name: tool for tool in (await client.list_tools()).tools}


async def test_the_tools_are_there_in_a_fixed_order(listed):
    assert sorted(listed) == sorted(REQUIRED)
    assert list(listed) == [tool.name for tool in TOOLS]


@pytest.mark.parametrize(
    ("called", "remedy"),
    [
        ("get_recrds", "Did you mean 'get_records'?"),
        ("Airtable_List_Tables", "Did you mean 'list_tables'?"),
        ("delete_records", "Did you mean 'delete_record'?"),
        ("zzz", "There are: list_tables, get_records,"),
    ],
)
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_call_of_no_tool_is_told_which_there_are(mode, called, remedy):
    async with Client(build_server(ToolContext(unreached())), mode=mode) as client:
        result = await client.call_tool(called, {})

    assert result.is_error
    [block] = result.content
    assert isinstance(block, TextContent)
    assert block.text.startswith(f"There is no tool {called!r}. {remedy}")


async def test_required_parameters_and_defaults_are_those_of_the_published_list(listed):
    assert {name: tool.input_schema.get("required", []) for name, tool in listed.items()} == REQUIRED
    for (tool, parameter), default in DEFAULTS.items():
        assert listed[tool].input_schema["properties"][parameter]["default"] == default


async def test_every_tool_says_what_it_does_what_it_returns_and_whether_it_writes(listed):
    for tool in listed.values():
        assert tool.description
        assert tool.description.endswith(".")
        assert tool.output_schema is not None
        assert tool.output_schema["properties"]
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is not None


async def test_every_tool_refuses_unknown_arguments_in_a_flat_schema(listed):
    for tool in listed.values():
        text = json.dumps(tool.input_schema)
        assert tool.input_schema["additionalProperties"] is False
        # Some clients refuse a whole tool list over one of these.
        for combinator in ("anyOf", "oneOf", "allOf", "$ref", '"title"'):
            assert combinator not in text, f"{tool.name} has {combinator}"


async def test_no_schema_says_what_goes_without_saying(listed):
    for tool in listed.values():
        for parameter in tool.input_schema["properties"].values():
            assert parameter.get("default", "given") not in (None, "", [], {})


async def test_every_tool_that_writes_can_show_what_it_would_change(listed):
    for tool in listed.values():
        assert tool.annotations is not None
        writes = not tool.annotations.read_only_hint
        assert ("dry_run" in tool.input_schema["properties"]) == writes, tool.name
        assert tool.output_schema is not None
        # A webhook watches a base and changes nothing in it, so the journal has no change to name.
        journaled = writes and "webhook" not in tool.name
        assert ("change_id" in tool.output_schema["properties"]) == journaled, tool.name


async def test_what_parameters_mean_is_said_once(listed):
    """A name that the instructions explain means the same in every tool, so no tool explains it again."""
    explained = {name for names in SHARED for name in names.split(", ")}
    for tool in listed.values():
        for name, parameter in tool.input_schema["properties"].items():
            assert name not in explained or "description" not in parameter, f"{tool.name}.{name}"
    for name in explained:
        assert f"{name}" in INSTRUCTIONS


async def test_the_default_list_is_within_its_price():
    """22 tools in 4,200 tokens with and 3,000 without output schemas, counted as characters / 4."""
    async with Client(build_server(ToolContext(unreached()))) as client:
        tools = (await client.list_tools()).tools
    whole = [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in tools]
    inputs = [{key: value for key, value in tool.items() if key != "outputSchema"} for tool in whole]

    assert len(tools) == DEFAULT_TOOLS
    assert _tokens(whole) <= 4_200
    assert _tokens(inputs) <= 3_000


def _tokens(value: object) -> float:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) / 4


async def test_what_a_model_sees_changes_only_on_purpose(listed):
    """`python tests/pyairtable_mcp/test_tool_table.py` accepts the present list."""
    seen = [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in listed.values()]

    assert seen == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


async def _accept() -> None:
    async with Client(build_server(ToolContext(unreached()), tools=TOOLS)) as client:
        tools = (await client.list_tools()).tools
    seen = [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in tools]
    SNAPSHOT.write_text(json.dumps(seen, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(_accept())
