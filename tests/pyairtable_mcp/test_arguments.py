"""Arguments that a tool cannot take are refused with the remedy, before anything is asked of Airtable."""

import json

import pytest
from mcp import Client
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.utilities.func_metadata import FuncMetadata
from mcp.types import CallToolResult, TextContent, TextResourceContents
from pydantic import ValidationError

from airtable_gateway import Endpoint, FixedEndpoint
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from pyairtable_mcp import TOOLS, ToolContext, build_server
from pyairtable_mcp.refusals.forms import call_form
from pyairtable_mcp.schemas import input_schema, metadata
from pyairtable_mcp.tools.records import get_records


def text_of(result: CallToolResult) -> str:
    """The text of an answer."""
    block = result.content[0]
    assert isinstance(block, TextContent)
    return block.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_problem_is_told_at_once_with_the_nearest_name(mode):
    nobody = PyAirtableGateway(FixedEndpoint(Endpoint("http://127.0.0.1:9", "none")))

    async with Client(build_server(ToolContext(nobody)), mode=mode) as client:
        result = await client.call_tool("get_records", {"base_id": 3, "bse": "x", "max_records": 0})

    text = text_of(result)
    assert result.is_error
    assert "base_id: Input should be a valid string. Given: 3." in text
    assert "The argument 'table_id' is missing." in text
    assert "There is no argument 'bse'; did you mean 'base_id'?" in text
    assert "max_records: Input should be greater than or equal to 1. Given: 0." in text
    assert "errors.pydantic.dev" not in text
    assert "Error executing tool" not in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"max_records": "5"}, 'max_records: Input should be a valid integer. Given: "5".'),
        ({"max_records": True}, "max_records: Input should be a valid integer. Given: true."),
        ({"max_records": 2.5}, "max_records: Input should be a valid integer. Given: 2.5."),
        ({"table_id": None}, "table_id: Input should be a valid string. Given: null."),
        ({"fields": [3]}, "fields.0: Input should be a valid string. Given: 3."),
        ({"sort": [{"field": "a", "direction": "up"}]}, "sort.0.direction: Input should be 'asc' or 'desc'."),
    ],
)
async def test_no_value_is_taken_for_another_type(arguments, said):
    nobody = PyAirtableGateway(FixedEndpoint(Endpoint("http://127.0.0.1:9", "none")))

    async with Client(build_server(ToolContext(nobody))) as client:
        result = await client.call_tool("get_records", {"base_id": "a", "table_id": "b", **arguments})

    assert result.is_error
    assert said in text_of(result)


SORT = '[{"field": text, "direction"?: "asc" or "desc"}, ...]'


@pytest.mark.parametrize(
    ("tool", "arguments", "form"),
    [
        ("get_records", {"max_records": "5"}, "Expected: max_records: whole number from 1 to 10000."),
        ("get_records", {"fields": "Name"}, "Expected: fields: [text, ...]."),
        ("get_records", {"sort": "Name"}, f"Expected: sort: {SORT}."),
        ("get_records", {"sort": [{"field": "a", "order": "asc"}]}, f"Expected: sort: {SORT}."),
        ("get_records", {"sort": 1, "fields": 2}, f"Expected: fields: [text, ...]; sort: {SORT}."),
        (
            "get_records",
            {"limit": 5},
            'get_records takes {"base_id": text, "table_id": text, "max_records"?: ',
        ),
        ("search_records", {"query": ""}, "Expected: query: text of 1 to 1000 characters."),
        ("create_record", {"Name": "x"}, '"fields": {"key": value, ...}, "typecast"?: true or false'),
        (
            "batch_update_records",
            {"records": [{"record": "rec1"}]},
            'Expected: records: [{"id": text, "fields": {"key": value, ...}}, ...].',
        ),
    ],
)
async def test_the_form_that_is_expected_is_shown(tool, arguments, form):
    nobody = PyAirtableGateway(FixedEndpoint(Endpoint("http://127.0.0.1:9", "none")))

    async with Client(build_server(ToolContext(nobody))) as client:
        result = await client.call_tool(tool, {"base_id": "a", "table_id": "b", **arguments})

    assert result.is_error
    assert form in text_of(result)


async def test_the_problems_of_very_many_records_do_not_hide_the_form():
    nobody = PyAirtableGateway(FixedEndpoint(Endpoint("http://127.0.0.1:9", "none")))
    records = [{"id": "rec1", "fields": 5, "x" * 500: 1}] * 1000

    async with Client(build_server(ToolContext(nobody))) as client:
        arguments = {"base_id": "a", "table_id": "b", "records": records}
        result = await client.call_tool("batch_update_records", arguments)

    text = text_of(result)
    assert "And 1990 more. Expected: records: [" in text
    assert len(text) < 2_000


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_every_tool_has_a_form_of_few_words(tool):
    schema = input_schema(metadata(tool.run, context="ctx").arg_model)

    form = call_form(schema)

    assert len(form) < 1_000
    assert all(f'"{name}' in form for name in schema["properties"])
    assert "{}" not in form.removeprefix("{}")


@pytest.mark.parametrize(
    "given",
    [
        {"base_id": "Work", "table_id": "[1]", "fields": ["Name"], "max_records": 5.0},
        {"base_id": "Work", "table_id": "Tasks", "fields": '["Name", "Hours"]', "cursor": None},
        {"base_id": "{}", "table_id": "Tasks", "sort": '[{"field": "Name"}]', "view": "null"},
        {"base_id": "Work", "table_id": "Tasks", "sort": [{"field": "Name", "direction": "desc"}]},
        {"base_id": "Work", "table_id": "Tasks", "max_records": "5"},
        {"base_id": "Work", "table_id": "Tasks", "fields": "Name"},
        {"base_id": "Work", "made_up": "[]"},
    ],
)
def test_arguments_are_read_as_the_sdk_reads_them(given):
    described = metadata(get_records.run, context="ctx")

    def read(validate):
        try:
            return validate(described, given)
        except ValidationError as error:
            return error.errors()

    assert read(type(described).validate_arguments) == read(FuncMetadata.validate_arguments)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_nothing_of_a_crash_reaches_the_client_and_all_of_it_the_log(mode, caplog):
    """A gateway that was never opened is a mistake of ours, not of the caller."""
    closed = PyAirtableGateway(FixedEndpoint(Endpoint("http://127.0.0.1:9", "patSecret")))

    async with Client(build_server(ToolContext(closed)), mode=mode) as client:
        result = await client.call_tool("list_tables", {"base_id": "appAny00000000000"})

    assert result.is_error
    assert text_of(result) == "list_tables failed inside the server; its log says why."
    [logged] = caplog.records
    assert logged.getMessage() == "Tool 'list_tables' raised an unexpected exception"
    assert logged.exc_info


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_call_that_asks_nobody_is_made_without_the_model_that_asks(mode, monkeypatch):
    def made(*_, **__):
        raise AssertionError("a model of the call was made")

    closed = PyAirtableGateway(FixedEndpoint(Endpoint("http://127.0.0.1:9", "patSecret")))
    monkeypatch.setattr(Context, "__init__", made)

    async with Client(build_server(ToolContext(closed)), mode=mode) as client:
        result = await client.call_tool("evaluate_formula", {"formula": "1 + 1"})

    assert not result.is_error


async def test_the_formula_functions_are_a_resource_with_examples():
    nobody = PyAirtableGateway(FixedEndpoint(Endpoint("http://127.0.0.1:9", "none")))

    async with Client(build_server(ToolContext(nobody))) as client:
        read = await client.read_resource("airtable://formula/functions")

    contents = read.contents[0]
    assert isinstance(contents, TextResourceContents)
    functions = json.loads(contents.text)
    assert len(functions) >= 84
    assert functions["SWITCH"]["examples"]
    assert [name for name, function in functions.items() if not function["examples"]] == []
    assert functions["LEFT"]["examples"] == ['LEFT("quokka", 3) -> "quo"']
