"""What a tool returned, in the form in which it is sent."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from mcp.types import CallToolResult

from pyairtable_mcp.answers.answering import answer
from pyairtable_mcp.answers.budget import size
from pyairtable_mcp.tool import Narrowable
from pyairtable_mcp.tools.records import get_records


async def test_an_answer_is_the_result_of_a_call_as_the_protocol_writes_it(context):
    cells = {"Hours": None, "Tags": ["a", 2.5]}
    answered = await answer(get_records, context, {"id": "rec1", "fields": {**cells, "Name": "One \ud83d"}})

    result = CallToolResult.model_validate(answered)
    assert result.model_dump(by_alias=True, mode="json", exclude_none=True) == answered
    assert result.structured_content == {"id": "rec1", "fields": {**cells, "Name": "One ?"}}


@pytest.mark.parametrize(
    ("whole", "part", "told"),
    [("x" * 90, "never made", "x" * 90), ("x" * 300, "short", "short"), ("x" * 300, "y" * 300, "yyyyyyyyyy")],
)
async def test_of_a_result_that_is_too_long_a_part_is_told_and_cut_only_if_need_be(
    context, whole, part, told
):
    small = replace(context, result_budget=200)

    def narrowed():
        assert whole == "x" * 300
        return {"text": part}

    answered = await answer(get_records, small, Narrowable({"text": whole}, narrowed))

    assert answered["structuredContent"]["text"].startswith(told)
    assert ("cut" in answered["structuredContent"]) == (part == "y" * 300)


@pytest.mark.parametrize(
    ("value", "characters"),
    [
        ("é", 3),
        ("\ud83d", 3),
        ({"a": [1, None, 1e-7]}, 19),
        ("\u2028\n", 5),
        ([datetime(2026, 1, 1, tzinfo=UTC)], 24),
    ],
)
def test_a_value_is_as_long_as_its_json_on_the_way(value, characters):
    assert size(value) == characters
