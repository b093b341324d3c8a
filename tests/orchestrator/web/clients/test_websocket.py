"""A WebSocket client, on the real loop."""

import json
from typing import Any

import pytest
import websockets
from starlette.testclient import TestClient

from orchestrator.web.app import create_app
from pyairtable_platform.kernel import MemoryKeyValue
from pyairtable_platform.kernel.http import Door, RateLimit


@pytest.fixture
async def socket(agent):
    async with websockets.connect(f"{agent.replace('http', 'ws')}/ws") as opened:
        yield opened


async def send(socket, **said):
    await socket.send(json.dumps(said))


async def until(socket, kind):
    """The frames up to the first of that kind."""
    frames: list[dict[str, Any]] = []
    while not frames or frames[-1]["kind"] != kind:
        frames.append(json.loads(await socket.recv()))
    return frames


async def test_a_message_is_answered_by_numbered_events_up_to_the_runs_end(socket):
    await send(socket, type="say", message="How many tasks are there?")

    frames = await until(socket, "run_finished")

    kinds = [frame["kind"] for frame in frames]
    assert "accepted" in kinds
    assert kinds.count("tool_finished") == 3
    assert "cost_counted" in kinds
    numbers = [frame["number"] for frame in frames if "number" in frame]
    assert numbers == list(range(1, len(numbers) + 1))
    assert frames[-1]["outcome"] == "done"


async def test_a_change_waits_is_approved_and_made_over_one_socket(socket):
    await send(socket, type="say", message="Add a record to Tasks: Name = Rest, Hours = 2")
    frames = await until(socket, "run_finished")
    assert frames[-1]["outcome"] == "waiting"
    [asked] = [frame for frame in frames if frame["kind"] == "approval_requested"]
    assert "Rest" in asked["preview"]

    await send(socket, type="decide", approval=asked["approval"], decision="approved")
    frames = await until(socket, "run_finished")

    assert frames[-1]["outcome"] == "done"
    assert [f["tool"] for f in frames if f["kind"] == "tool_finished"] == ["create_record"]


async def test_a_client_that_comes_back_follows_from_the_number_that_it_saw(agent, socket):
    await send(socket, type="say", message="Which bases are there?")
    frames = await until(socket, "run_finished")
    session, last = frames[-1]["session"], frames[-1]["number"]

    async with websockets.connect(f"{agent.replace('http', 'ws')}/ws") as again:
        await send(again, type="follow", session=session, after=last - 2)
        missed = await until(again, "run_finished")

    assert [frame["number"] for frame in missed if "number" in frame] == [last - 1, last]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"type": "sing"}, "type='sing': allowed are say, decide, cancel, follow, in an object of JSON."),
        ({"type": "say"}, "message: Field required"),
        ({"type": "follow", "session": "ses_none"}, "ses_none"),
    ],
)
async def test_what_cannot_be_done_is_told_and_the_socket_stays_open(socket, said, told):
    await send(socket, **said)
    [refused] = await until(socket, "error")
    assert told in refused["message"]
    await send(socket, type="say", message="Which bases are there?")
    assert (await until(socket, "run_finished"))[-1]["outcome"] == "done"


@pytest.mark.parametrize("text", ["no json", "\x00"])
async def test_a_frame_that_is_no_json_is_told(socket, text):
    await socket.send(text)

    [refused] = await until(socket, "error")

    assert "JSON" in refused["message"]


async def test_frames_are_counted_like_requests(open_desk):
    limit = RateLimit(MemoryKeyValue(), limit=3, clock=lambda: 600.0)
    codes = []
    async with open_desk(None) as desk:
        client = TestClient(create_app(desk, Door(limit=limit)), client=("127.0.0.1", 1))
        with client.websocket_connect("ws://127.0.0.1/ws") as socket:
            for _ in range(4):
                socket.send_text("{}")
                codes.append(socket.receive_json()["code"])

    assert codes == ["invalid"] * 3 + ["too_many_requests"]


async def test_a_foreign_web_page_is_refused(agent):
    with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
        async with websockets.connect(
            f"{agent.replace('http', 'ws')}/ws", origin=websockets.Origin("https://elsewhere.example")
        ):
            pass

    assert refused.value.response.status_code == 403
