"""Cursors: opaque, and bound to the list that they came with."""

import pytest
from mcp.server.mcpserver.exceptions import ToolError

from pyairtable_mcp.cursors import START, Position, decode, encode


@pytest.mark.parametrize("position", [Position("itr1/rec1", 0), Position(None, 37), Position("é\t", 99)])
def test_a_cursor_leads_back_to_its_position(position):
    question = ["appX", "Tasks", None]

    assert decode(encode(position, question), question) == position


def test_no_cursor_is_the_start():
    assert decode("", ["anything"]) == START


def test_a_cursor_of_another_list_is_refused():
    cursor = encode(Position("itr1", 0), ["appX", "Tasks"])

    with pytest.raises(ToolError, match="belongs to another list"):
        decode(cursor, ["appX", "Projects"])


@pytest.mark.parametrize("cursor", ["nonsense", "e30", "W10", "WzEsMiwzLDRd", "bnVsbA", "é", "a" * 1001])
def test_text_that_is_no_cursor_is_refused_with_a_remedy(cursor):
    with pytest.raises(ToolError, match="leave it out"):
        decode(cursor, [])
