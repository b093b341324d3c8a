"""A conversation over HTTP: found, changed after approval and read again, through the real MCP server.

The same script gives the same end, whether the tools are in the agent's process or behind an address.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
import websockets

from local_twins.gemini import Script, create_app
from local_twins.server import TwinServer

AIRLINES = {"base_id": "NYC Flights 2013", "table_id": "Airlines"}
HAWAIIAN = {**AIRLINES, "filter_by_formula": '{Code}="HA"'}
FOUND = {"$from": "get_records", "path": "/records/0/id"}

COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))
ENVIRONMENT = {
    "AIRTABLE_RATE_LIMIT": "off",
    **{name: os.environ[name] for name in ("PATH", "HOME", "COVERAGE_PROCESS_START") if name in os.environ},
}

SCRIPT = {
    "conversations": [
        {
            "when": "rename hawaiian",
            "turns": [
                {
                    "think": "I look for it first.",
                    "call": [
                        {"name": "get_records", "args": {**AIRLINES, "filter_by_formula": '{Code}="HA"'}}
                    ],
                },
                {
                    "call": [
                        {
                            "name": "update_record",
                            "args": {**AIRLINES, "record_id": FOUND, "fields": {"Name": "Hawaiian"}},
                        }
                    ]
                },
                {"call": [{"name": "get_records", "args": HAWAIIAN}]},
                {"say": ["It is called ", "Hawaiian now."]},
            ],
        },
        {"when": "hello", "turns": [{"say": "Hello."}]},
    ]
}


@pytest.fixture
def model() -> Iterator[str]:
    """The address of a Gemini that answers from the script."""
    with TwinServer(create_app(Script.of(SCRIPT))) as url:
        yield url


@pytest.fixture
def start(data_dir: Path) -> Iterator[Callable[..., str]]:
    """Starts the command on a free port and gives its address."""
    with ExitStack() as stack:

        def serve(*arguments: str, **variables: str) -> str:
            process = stack.enter_context(
                subprocess.Popen(
                    [COMMAND, "serve", *arguments, "--port", "0"],
                    env={**ENVIRONMENT, "DATA_DIR": str(data_dir), **variables},
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            stack.callback(process.terminate)
            assert process.stdout
            lines = iter(process.stdout.readline, "")
            return next(found[1] for line in lines if (found := re.search(r"(http://\S+)/health", line)))

        yield serve


@pytest.fixture(params=["in process", "by address"])
def chat(request: pytest.FixtureRequest, start: Callable[..., str], model: str) -> str:
    """The address of the chat."""
    if request.param == "in process":
        return start(GEMINI_ENDPOINT_URL=model)
    tools = start("mcp")
    return start("chat", GEMINI_ENDPOINT_URL=model, MCP_URL=f"{tools}/mcp")


def events_of(stream: str) -> list[dict[str, Any]]:
    """The events of a stream."""
    return [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]


def answers_of(events: list[dict[str, Any]], tool: str) -> list[Any]:
    """What the tool answered, call by call."""
    return [one["output"] for one in events if one["kind"] == "tool_finished" and one["tool"] == tool]


async def test_a_record_is_found_changed_after_approval_and_read_again(chat):
    async with httpx2.AsyncClient(base_url=chat, timeout=60) as client:
        asked = (await client.post("/chat", json={"message": "Rename Hawaiian, please"})).json()
        session = f"/sessions/{asked['session']}"
        before = (await client.get(f"{session}/events")).json()
        approval = asked["approvals"][0]
        decision = {"decision": "approved", "arguments_sha256": approval["arguments_sha256"]}
        decided = await client.post(f"/approvals/{approval['id']}", json=decision)
        stream = await client.get(f"{session}/stream", params={"after": before["last_event"]})
        again = await client.post(f"/approvals/{approval['id']}", json=decision)
        told = (await client.get(f"{session}/events")).json()["events"]

    found = answers_of(before["events"], "get_records")[0]["records"][0]["fields"]["Name"]
    assert (asked["outcome"], approval["tool"], found) == (
        "waiting",
        "update_record",
        "Hawaiian Airlines Inc.",
    )
    assert "Hawaiian Airlines Inc." in approval["preview"]
    assert (decided.status_code, again.json()["state"]) == (200, "approved")
    assert events_of(stream.text)[-1]["outcome"] == "done"
    assert len(answers_of(told, "update_record")) == 1
    assert answers_of(told, "get_records")[-1]["records"][0]["fields"]["Name"] == "Hawaiian"


async def test_a_stream_shows_the_answer_word_by_word_and_always_ends(chat):
    async with httpx2.AsyncClient(base_url=chat, timeout=60) as client:
        stream = await client.post("/chat/stream", json={"message": "Hello"})
        usage = (await client.get("/usage", params={"by": "model"})).json()

    events = events_of(stream.text)
    kinds = [event["kind"] for event in events]
    assert "".join(event["text"] for event in events if event["kind"] == "text_delta") == "Hello."
    assert kinds[0] == "run_started"
    assert kinds[-1] == "run_finished"
    assert [event["number"] for event in events if "number" in event] == list(
        range(1, len(kinds) - kinds.count("text_delta") + 1)
    )
    assert usage["micros"] == events[-1]["micros"] > 0
    assert [group["group"] for group in usage["groups"]] == ["gemini-3.8-flash"]


async def test_a_denied_change_is_not_made_and_the_model_is_told(chat):
    async with httpx2.AsyncClient(base_url=chat, timeout=60) as client:
        asked = (await client.post("/chat", json={"message": "Rename Hawaiian, please"})).json()
        session = f"/sessions/{asked['session']}"
        after = (await client.get(session)).json()["last_event"]
        approval = asked["approvals"][0]
        await client.post(f"/approvals/{approval['id']}", json={"decision": "denied", "reason": "Not today"})
        await client.get(f"{session}/stream", params={"after": after})
        told = (await client.get(f"{session}/events")).json()["events"]

    refusal = next(one for one in told if one["kind"] == "tool_finished" and one["tool"] == "update_record")
    assert "Not today" in refusal["error"]
    assert answers_of(told, "get_records")[-1]["records"][0]["fields"]["Name"] == "Hawaiian Airlines Inc."


REFUSALS = [
    ("POST", "/chat", {"message": ""}, 422, "message"),
    ("POST", "/chat", {"message": "x", "efort": "low"}, 422, "efort"),
    ("POST", "/chat", {"message": "x", "session": "ses_none"}, 404, "ses_none"),
    ("GET", "/sessions/ses_none", None, 404, "ses_none"),
    ("GET", "/sessions?limit=0", None, 422, "limit='0'"),
    ("POST", "/approvals/apr_none", {"decision": "approved"}, 404, "approval"),
    ("POST", "/approvals/apr_none", {"decision": "edited"}, 422, "arguments"),
    ("GET", "/usage?by=planet", None, 422, "day, model, user"),
    ("GET", "/usage?since=yesterday", None, 422, "2026-11-25T09:00:00Z"),
    ("PUT", "/budgets/planet", {"limit_micros": 1}, 422, "global, users"),
    ("PUT", "/budgets/global", {"limit_micros": -1}, 422, "limit_micros"),
]


async def test_what_cannot_be_asked_is_told_by_name(start, model):
    address = start("chat", "mcp", GEMINI_ENDPOINT_URL=model)
    async with httpx2.AsyncClient(base_url=address, timeout=60) as client:
        answers = [await client.request(method, path, json=body) for method, path, body, _, _ in REFUSALS]

    told = [
        (answer.status_code, words in answer.json()["detail"])
        for answer, (*_, words) in zip(answers, REFUSALS, strict=True)
    ]
    assert told == [(status, True) for *_, status, _ in REFUSALS]


async def test_without_a_key_a_demo_answers_and_says_so(start):
    async with httpx2.AsyncClient(base_url=start(), timeout=60) as client:
        told = (await client.post("/chat", json={"message": "Which tables are in Studio?"})).json()

    assert (told["outcome"], told["micros"]) == ("done", 0)
    assert "demo" in told["text"].splitlines()[0]
    assert "GEMINI_API_KEY" in told["text"]
    assert "Clients" in told["text"]


async def test_other_protocols_and_the_socket_are_served_at_the_same_address(start, model):
    address = start("chat", "mcp", GEMINI_ENDPOINT_URL=model)
    async with httpx2.AsyncClient(base_url=address, timeout=60) as client:
        models = (await client.get("/v1/models")).json()
        foreign = await client.post(
            "/chat", json={"message": "Hello"}, headers={"Origin": "https://evil.example"}
        )
    async with websockets.connect(f"{address.replace('http', 'ws')}/ws") as socket:
        await socket.send(json.dumps({"type": "say", "message": "Hello"}))
        kinds = []
        while "run_finished" not in kinds:
            kinds.append(json.loads(await asyncio.wait_for(socket.recv(), 60)).get("kind"))

    assert models["object"] == "list"
    assert foreign.status_code == 403
    assert "text_delta" in kinds
