"""A person is asked before a record is deleted, over both transports and in both eras of the protocol."""

import pytest
from mcp import Client
from mcp.types import ElicitResult

AIRLINES = {"base_id": "NYC Flights 2013", "table_id": "Airlines"}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("agrees", [True, False])
async def test_the_answer_of_a_person_decides(server, mode, agrees):
    questions: list[str] = []

    async def asked(_, params):
        questions.append(params.message)
        return ElicitResult(action="accept", content={"agreed": agrees})

    async with Client(server, mode=mode, elicitation_callback=asked) as client:
        made = await client.call_tool("create_record", {**AIRLINES, "fields": {"Code": "ZZ", "Name": "Zed"}})
        assert made.structured_content is not None
        record = {**AIRLINES, "record_id": made.structured_content["id"]}
        deleted = await client.call_tool("delete_record", record)
        left = await client.call_tool("search_records", {**AIRLINES, "query": "Zed", "fields": ["Name"]})

    assert questions == [f'Delete the record "ZZ" ({record["record_id"]}) of Airlines?']
    assert bool(deleted.is_error) is not agrees
    assert left.structured_content is not None
    assert left.structured_content["returned"] == (0 if agrees else 1)
