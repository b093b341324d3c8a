"""Cursors: opaque, sealed, and bound to the list that they came with."""

import pytest
from mcp.server.mcpserver.exceptions import ToolError

from pyairtable_mcp import cursors
from pyairtable_mcp.cursors import LIFETIME_SECONDS, START, Position

KEY, OTHER = b"k" * 32, b"o" * 32
NOW = 1_800_000_000.0


def encode(position, question, key, now=NOW):
    return cursors.encode(position, question, key, now=now)


def decode(cursor, question, key, now=NOW):
    return cursors.decode(cursor, question, key, now=now)


@pytest.mark.parametrize("position", [Position("itr1/rec1", 0), Position(None, 37), Position("é\t", 99)])
def test_a_cursor_leads_back_to_its_position(position):
    question = ["appX", "Tasks", None]

    assert decode(encode(position, question, KEY), question, KEY) == position


def test_no_cursor_is_the_start():
    assert decode("", ["anything"], KEY) == START


def test_a_cursor_of_another_list_is_refused():
    cursor = encode(Position("itr1", 0), ["appX", "Tasks"], KEY)

    with pytest.raises(ToolError, match="belongs to another list"):
        decode(cursor, ["appX", "Projects"], KEY)


def test_no_character_of_a_cursor_can_be_changed():
    cursor = encode(Position("itr1/rec1", 5), ["appX"], KEY)

    for place, sign in enumerate(cursor):
        changed = cursor[:place] + ("A" if sign != "A" else "B") + cursor[place + 1 :]
        with pytest.raises(ToolError, match="not one that this server gave"):
            decode(changed, ["appX"], KEY)


def test_a_cursor_is_good_for_a_day():
    cursor = encode(Position("itr1", 0), [], KEY)

    assert decode(cursor, [], KEY, NOW + LIFETIME_SECONDS) == Position("itr1", 0)
    with pytest.raises(ToolError, match="older than a day"):
        decode(cursor, [], KEY, NOW + LIFETIME_SECONDS + 1)


def test_a_cursor_under_another_key_is_refused():
    with pytest.raises(ToolError, match="not one that this server gave"):
        decode(encode(Position("itr1", 0), [], OTHER), [], KEY)


@pytest.mark.parametrize("cursor", ["nonsense", "e30", "W10", "WzEsMiwzLDRd", "bnVsbA", "é", "a" * 1001])
def test_text_that_is_no_cursor_is_refused_with_a_remedy(cursor):
    with pytest.raises(ToolError, match="leave it out"):
        decode(cursor, [], KEY)
