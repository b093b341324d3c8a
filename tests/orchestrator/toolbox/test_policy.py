"""The table of effects and the MCP server agree about every tool, or ours is the stricter one."""

import pytest

from airtable_gateway import Endpoint, FixedEndpoint
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from orchestrator.toolbox.mcp import McpToolbox
from orchestrator.toolbox.policy import POLICIES, policy_of
from pyairtable_mcp import ToolContext, build_server
from pyairtable_mcp.tools import SETS

TOOLS = [tool for tools in SETS.values() for tool in tools]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_every_tool_of_the_server_has_its_place_in_the_table(tool):
    policy = policy_of(tool.name)

    assert policy.is_known
    assert (policy.effect == "reads") == tool.effect.reads_only


def test_the_table_names_no_tool_that_there_is_not():
    assert POLICIES.keys() <= {tool.name for tool in TOOLS}


@pytest.mark.parametrize(
    "tool",
    ["delete_record", "delete_records", "delete_comment", "delete_webhook", "sync_tables", "undo_change"],
)
def test_what_removes_destroys(tool):
    assert policy_of(tool).effect == "destroys"


async def test_every_write_of_the_server_can_be_tried_without_writing():
    gateway = PyAirtableGateway(FixedEndpoint(Endpoint("http://127.0.0.1:1", "pat")), rate_limit=None)
    async with gateway, McpToolbox(build_server(ToolContext(gateway), tools=TOOLS)) as toolbox:
        tools = await toolbox.tools()

    writes = [tool for tool in tools if tool.effect != "reads"]
    assert [tool.name for tool in writes if tool.effect_of({"dry_run": True}) != "reads"] == []
    assert [tool.name for tool in writes if tool.effect_of({"dry_run": False}) == "reads"] == []
