"""Which tools a server offers, by arguments and by variables, as a client sees it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters
from mcp.types import TextContent

COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))


def environment(folder, **variables):
    return {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), **variables}


async def offered(folder, *arguments, **variables):
    """The names of the tools, in the order of the list."""
    server = StdioServerParameters(
        command=COMMAND, args=["stdio", *arguments], env=environment(folder, **variables)
    )
    async with Client(server) as client:
        return [tool.name for tool in (await client.list_tools()).tools]


async def test_arguments_and_variables_choose_the_same_tools(tmp_path):
    by_arguments = await offered(
        tmp_path,
        "--toolsets",
        "formula,comments",
        "--tools",
        "get_record",
        "--exclude-tools",
        "create_comment",
    )
    by_variables = await offered(
        tmp_path, TOOLSETS="formula, comments", TOOLS="get_record", EXCLUDE_TOOLS="create_comment"
    )

    assert by_arguments == by_variables
    assert by_arguments == [
        "evaluate_formula",
        "validate_formula",
        "get_record",
        "list_comments",
        "update_comment",
        "delete_comment",
    ]


async def test_read_only_wins_wherever_it_is_said(tmp_path):
    by_argument = await offered(tmp_path, "--toolsets", "all", "--tools", "delete_record", "--read-only")
    by_variable = await offered(tmp_path, "--toolsets", "all", READ_ONLY="true")

    assert by_argument == by_variable
    assert "delete_record" not in by_argument
    assert "get_records" in by_argument


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        (["stdio", "--toolsets", "cor"], {}, "no toolset 'cor'. Did you mean 'core'?"),
        (["stdio"], {"TOOLS": "get_recrd"}, "no tool 'get_recrd'. Did you mean 'get_record'?"),
        (["serve", "mcp", "--port", "0", "--exclude-tools", "x_y_z"], {}, "no tool 'x_y_z'"),
        (["stdio"], {"READ_ONLY": "perhaps"}, "READ_ONLY='perhaps': allowed are on and off."),
        (["stdio"], {"MAX_RECORDS_READ": "0"}, "MAX_RECORDS_READ='0'"),
    ],
)
def test_what_cannot_be_offered_is_said_before_anything_starts(tmp_path, arguments, variables, said):
    ended = subprocess.run(
        [COMMAND, *arguments],
        env=environment(tmp_path, **variables),
        input="",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_a_limited_server_shows_and_touches_what_is_listed_alone(data_dir):
    server = StdioServerParameters(
        command=COMMAND,
        args=["stdio", "--toolsets", "all"],
        env=environment(data_dir, ALLOWED_BASES="Studio", ALLOWED_TABLES="Clients", MAX_RECORDS_WRITTEN="2"),
    )
    async with Client(server) as client:
        bases = await client.call_tool("list_bases", {})
        tables = await client.call_tool("list_tables", {"base_id": "Studio"})
        other = await client.call_tool("list_tables", {"base_id": "NYC Flights 2013"})
        many = await client.call_tool(
            "batch_create_records",
            {"base_id": "Studio", "table_id": "Clients", "records": [{"Name": "x"}] * 3},
        )

    text = many.content[0]
    assert isinstance(text, TextContent)
    assert [base["name"] for base in bases.structured_content["bases"]] == ["Studio"]
    assert [table["name"] for table in tables.structured_content["tables"]] == ["Clients"]
    assert other.is_error
    assert many.is_error
    assert "may write 2 records" in text.text
