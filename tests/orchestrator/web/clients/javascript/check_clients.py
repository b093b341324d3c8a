"""Clients in JavaScript, on the real loop; needs Node and `npm ci` here: `make test-chat-clients`."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from local_twins.gemini.demo import NOTICE

HERE = Path(__file__).parent


@pytest.fixture
def drive(agent):
    """Runs a script here with the agent's address; what it saw."""

    async def driven(script: str) -> Any:
        process = await asyncio.create_subprocess_exec(
            "node", script, agent, cwd=HERE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(60):
            told, complaints = await process.communicate()
        assert process.returncode == 0, complaints.decode()
        return json.loads(told)

    return driven


async def test_ag_ui_client(drive):
    seen = await drive("agui.mjs")

    question, asked, approved, _, denied, _, edited, counted = seen["runs"]
    assert [call["name"] for call in question["calls"]] == ["list_bases", "list_tables", "get_records"]
    assert question["results"] == [call["id"] for call in question["calls"]]
    assert question["text"].endswith("Tasks has 5 records.")
    assert question["cost"] == question["result"]["micros"] > 0
    assert question["usage"][0]["provider"] == "google"
    # A change: the client keeps the interrupt open until it is answered, and then has its result.
    [interrupt] = asked["interrupts"]
    assert asked["outcome"] == "interrupt"
    assert asked["pending"] == [interrupt["id"]]
    assert interrupt["toolCallId"] == asked["calls"][-1]["id"]
    assert "Rest" in interrupt["metadata"]["preview"]
    assert approved["results"] == [interrupt["toolCallId"]]
    assert approved["pending"] == []
    assert approved["outcome"] == denied["outcome"] == "success"
    assert "Added 'Rest' to Tasks" in approved["text"]
    assert "not made" in denied["text"]
    assert "Added 'Sleep' to Tasks" in edited["text"]
    assert counted["text"] == "Tasks has 7 records."
    assert not any("error" in run for run in seen["runs"])
    assert set(seen["roles"]) == {"user", "assistant", "tool"}


async def test_ai_sdk(drive):
    seen = await drive("ai_sdk.mjs")

    for told in (seen["read"], seen["question"]):
        assert [tool["name"] for tool in told["tools"]] == ["list_bases", "list_tables", "get_records"]
        assert {tool["state"] for tool in told["tools"]} == {"output-available"}
        assert told["parts"].count("step-start") == 4
        assert told["text"].endswith("Tasks has 5 records.")
        assert told["micros"] == told["metadata"]["micros"] > 0
        assert told["metadata"]["session"].startswith("ses_")
    asked, answered = seen["approved"]["asked"], seen["approved"]["answered"]
    assert asked["tools"][-1]["state"] == "approval-requested"
    assert asked["metadata"]["outcome"] == "waiting"
    # The answer goes on in the message that asked.
    assert answered["id"] == asked["id"]
    assert answered["tools"][-1]["state"] == "output-available"
    assert answered["tools"][-1]["output"]["fields"]["Name"] == "Rest"
    assert "Added 'Rest' to Tasks" in answered["text"]
    assert answered["micros"] > asked["micros"]
    assert seen["approved"]["count"] == 4
    assert seen["denied"]["answered"]["tools"][-1]["state"] == "output-denied"
    assert seen["wentOn"]["text"] == "Tasks has 6 records."
    assert seen["fault"] is None
    assert seen["resumed"]["status"] == "ready"
    assert seen["refused"] == {"status": "error", "error": "The last message has no text."}


async def test_use_chat_in_react(drive):
    seen = await drive("use_chat.mjs")

    assert "<li>create_record: output-available</li>" in seen["html"]
    assert "Added 'Rest' to Tasks" in seen["html"]
    assert "<li>cost " in seen["html"]
    assert seen["statuses"].count("streaming") == 2


async def test_openai_for_node(drive):
    seen = await drive("openai.mjs")

    assert seen["models"] == ["pyairtable"]
    assert seen["question"]["text"] == f"{NOTICE}\n\nTasks has 5 records."
    assert seen["question"]["finish"] == "stop"
    assert seen["question"]["usage"]["cost_micros"] > 0
    assert "list_tables" in seen["streamed"]["doing"]
    assert seen["streamed"]["calls"] == []
    assert seen["streamed"]["usage"]["cost_micros"] > 0
    assert "create_record waits for your approval" in seen["asked"]["text"]
    assert "Added 'Rest' to Tasks" in seen["approved"]["text"]
    assert seen["refused"]["status"] == 422
    assert "The last of `messages` must be a user's" in seen["refused"]["message"]


async def test_web_socket(drive):
    seen = await drive("socket.mjs")

    assert seen["asked"][-1]["outcome"] == "waiting"
    assert [frame["tool"] for frame in seen["approved"] if frame["kind"] == "tool_finished"] == [
        "create_record"
    ]
    assert seen["approved"][-1]["micros"] > 0
    assert seen["missed"][-1]["outcome"] == "done"
    numbers = [frame["number"] for frame in seen["missed"] if "number" in frame]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
