"""A person is asked over HTTP before anything is deleted; all but a yes to that question deletes nothing."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.types import ElicitResult
from tests.pyairtable_mcp.guarded import Guarded, Plan, guarded
from tests.pyairtable_mcp.plain import SESSIONS, STATELESS, Plain, plainly

PLACE = {"base_id": "Work", "table_id": "Tasks"}
RECORD = PLACE | {"record_id": "recTask0000000001"}
YES = {"action": "accept", "content": {"agreed": True}}
NOS = [
    ElicitResult(action="decline"),
    ElicitResult(action="cancel"),
    ElicitResult(action="accept", content={"agreed": False}),
    ElicitResult(action="accept", content={}),
]


async def how_many(client: Client) -> int:
    """The records that are there."""
    listed = await client.call_tool("get_records", PLACE)
    return int((listed.structured_content or {})["total"])


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_what_a_person_does_not_agree_to_is_not_done(airtable: str, mode: str) -> None:
    answers, texts, left = list(NOS), [], []

    async def asked(_: Any, __: Any) -> ElicitResult:
        return answers.pop(0)

    async with (
        guarded(airtable, Plan()) as server,
        server.client("ada", mode, elicitation_callback=asked) as client,
    ):
        while answers:
            refused = await client.call_tool("delete_record", RECORD)
            texts.append(refused.content[0].text if refused.content[0].type == "text" else "")
            left.append(await how_many(client))

    assert all("did not agree. Nothing was changed" in text for text in texts)
    assert left == [30] * len(NOS)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_that_cannot_ask_is_given_a_handle(airtable: str, mode: str) -> None:
    async with guarded(airtable, Plan()) as server, server.client("ada", mode) as client:
        refused = await client.call_tool("delete_record", RECORD)
        before = await how_many(client)
        assert refused.is_error
        assert refused.content[0].type == "text"
        handle = re.search(r"confirm='([^']+)'", refused.content[0].text)
        assert handle is not None
        done = await client.call_tool("delete_record", RECORD | {"confirm": handle[1]})
        after = await how_many(client)

    assert not done.is_error
    assert (before, after) == (30, 29)


@asynccontextmanager
async def of_ada(server: Guarded, era: str) -> AsyncIterator[Plain]:
    async with plainly(f"{server.url}/mcp", era, bearer="key-of-ada", elicitation={}) as plain:
        yield plain


async def first_event(answer: httpx2.Response) -> dict[str, Any]:
    """The first message of a stream, which goes on."""
    async for line in answer.aiter_lines():
        if line.startswith("data: {"):
            return dict(json.loads(line[6:]))
    raise AssertionError("the stream has ended")


async def leave(plain: Plain) -> None:
    """End the session."""
    ended = await plain.http.delete(plain.url, headers=plain.headers)
    assert ended.status_code == 200


async def give_up(plain: Plain) -> None:
    """Take the call back, and stay."""
    await plain.post({"method": "notifications/cancelled", "params": {"requestId": 7}})


@pytest.mark.parametrize("end", [leave, give_up])
async def test_a_question_that_is_left_behind_deletes_nothing(
    airtable: str, end: Callable[[Plain], Awaitable[None]]
) -> None:
    """A session waits for the answer when the stream of the question is lost, and no longer than for that."""
    async with (
        guarded(airtable, Plan()) as server,
        server.client("bob") as other,
        of_ada(server, SESSIONS) as plain,
    ):
        async with plain.http.stream("POST", plain.url, **plain.request("delete_record", RECORD)) as answer:
            question = await first_event(answer)
        left = await how_many(other)
        await end(plain)
        late = await plain.post({"id": question["id"], "result": YES})
        after = await how_many(other)

    assert question["method"] == "elicitation/create"
    assert late.status_code == (404 if end is leave else 202)
    assert (left, after) == (30, 30)


async def test_a_yes_to_a_question_that_was_not_put_counts_for_nothing(airtable: str) -> None:
    """Without sessions it is the client that brings the question back."""
    async with guarded(airtable, Plan()) as server, of_ada(server, STATELESS) as plain:
        asked = (await plain.call("delete_record", RECORD)).json()["result"]
        other = (await plain.call("delete_record", RECORD | {"record_id": "recTask0000000002"})).json()[
            "result"
        ]
        agreed = dict.fromkeys(asked["inputRequests"], YES)
        tried = [
            await plain.call("delete_record", RECORD, params={"inputResponses": agreed, **state})
            for state in (
                {},
                {"requestState": ""},
                {"requestState": "made up"},
                {"requestState": other["requestState"]},
                {"requestState": asked["requestState"][:-1]},
            )
        ]
        left = await plain.call("get_records", PLACE)
        done = await plain.call(
            "delete_record", RECORD, params={"inputResponses": agreed, "requestState": asked["requestState"]}
        )

    assert asked["resultType"] == "input_required"
    for answer in tried:
        told = answer.json()
        assert "error" in told or told["result"]["resultType"] == "input_required", told
    assert left.json()["result"]["structuredContent"]["total"] == 30
    assert done.json()["result"]["structuredContent"]["deleted"]
