"""What a tool returned, in the form in which it is sent."""

from mcp.types import CallToolResult

from pyairtable_mcp import TOOLS
from pyairtable_mcp.answers.answering import answer


async def test_an_answer_is_the_result_of_a_call_as_the_protocol_writes_it(context):
    cells = {"Hours": None, "Tags": ["a", 2.5]}
    answered = await answer(TOOLS[0], context, {"id": "rec1", "fields": {**cells, "Name": "One \ud83d"}})

    result = CallToolResult.model_validate(answered)
    assert result.model_dump(by_alias=True, mode="json", exclude_none=True) == answered
    assert result.structured_content == {"id": "rec1", "fields": {**cells, "Name": "One ?"}}
