"""The loop that plays other people's tasks, over a small server of somebody else's."""

import pytest
from mcp.server import Server
from mcp.types import CallToolResult, ListToolsResult, TextContent, Tool

from evals.outside.loop import loop
from evals.outside.tally import Tally
from orchestrator.toolbox.mcp import McpToolbox

ADD = Tool(
    name="add",
    description="Add.",
    input_schema={"type": "object", "properties": {"by": {"type": "integer"}}, "required": ["by"]},
)


class Counter:
    """A server with one tool."""

    def __init__(self) -> None:
        self.added: list[object] = []
        self.server = Server("counter", on_list_tools=self._list, on_call_tool=self._call)

    async def _list(self, _context, _params):
        return ListToolsResult(tools=[ADD])

    async def _call(self, _context, params):
        self.added.append(params.arguments["by"])
        return CallToolResult(content=[TextContent(text="added")])


@pytest.fixture
async def counted(tmp_path):
    counter = Counter()
    async with loop(tmp_path) as playing, McpToolbox(counter.server) as toolbox:
        yield counter, playing, toolbox


async def test_more_calls_than_one_reply_may_have_arrive_in_order_with_whole_numbers_whole(counted):
    counter, playing, toolbox = counted
    calls = [("add", {"by": float(number)}) for number in range(18)]

    faults = await playing.play(toolbox, await playing.session(), "Count", calls)

    assert faults == []
    assert repr(counter.added) == repr(list(range(18)))


async def test_a_call_of_a_tool_that_is_not_there_is_answered_and_not_made(counted):
    counter, playing, toolbox = counted

    await playing.play(toolbox, await playing.session(), "Count", [("subtract", {"by": 1})])

    assert counter.added == []


def test_a_tally_of_nothing_has_not_held():
    tally = Tally("things")
    assert not tally.has_held
    tally.add("one", [])
    assert tally.has_held
    tally.add("two", ["it is not one"])
    assert not tally.has_held
    assert str(tally) == "things: 1 of 2\n    two: it is not one"
