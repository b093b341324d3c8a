"""Requests that make no sense, on the real loop: each is refused in words, and every stream has its end."""

import asyncio
import json

import httpx2
import pytest
import websockets

from orchestrator.web.sse import always_ended

ASK = "Which bases are there?"
ADD = "Add a record to Tasks: Name = Rest, Hours = 2"


@pytest.fixture
async def http(agent):
    async with httpx2.AsyncClient(base_url=agent, timeout=30) as opened:
        yield opened


def of_user(content):
    return {"threadId": "t", "runId": "r", "messages": [{"role": "user", "content": content}]}


def ui(**message):
    return {"id": "c", "messages": [message]}


def resumed(payload):
    answer = {"interruptId": "apr_none", "status": "resolved", "payload": payload}
    return json.dumps({"threadId": "t", "runId": "r", "resume": [answer]}).encode()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/chat", b"{half", 400),
        ("/chat", b"[1]", 422),
        ("/chat", b"\xff", 400),
        ("/chat", b"[" * 100_000, 400),
        ("/chat", b'{"message": "   "}', 422),
        ("/chat", b'{"message": "\\ud800"}', 400),
        ("/chat", b'{"message": "a\\u0000b"}', 400),
        ("/chat", b'{"message": "x", "session": "\\ud800"}', 400),
        ("/chat", b'{"message": "x", "session": "ses_none"}', 404),
        ("/chat", b'{"message": "%s"}' % (b"x" * 100_001), 422),
        ("/chat", b'{"message": "%s"}' % (b"x" * 5_000_000), 413),
        ("/agui", json.dumps({"threadId": "", "runId": "r"}).encode(), 422),
        ("/agui", b'{"threadId":"t","runId":"r","messages":[{"role":"user","content":"\\udfff"}]}', 400),
        ("/api/chat", b'{"id": "c", "messages": []}', 422),
        ("/v1/chat/completions", b"{half", 400),
        ("/v1/chat/completions", b'{"messages":[{"role":"user","content":[{"type":"text","text":7}]}]}', 422),
        ("/v1/chat/completions", b'{"model":"%s","messages":[{"role":"user"}]}' % (b"m" * 101), 422),
        ("/sessions", b'{"lives_seconds": 99999999999999999999}', 422),
        ("/sessions", '{"title": "ü"}'.encode("utf-16"), 400),
        ("/chat", b'{"message": "x", "model": ""}', 422),
        ("/v1/chat/completions", b'{"model": "", "messages": [{"role": "user", "content": "x"}]}', 422),
        ("/agui", b'{"threadId":"t","runId":"r","messages":[{"role":"user","content":"\xed\xa0\x80"}]}', 400),
        ("/approvals/apr_none", b'{"decision": "edited", "arguments": {"x": NaN}}', 400),
        ("/approvals/apr_none", b'{"decision": "edited", "arguments": {"x": -1e999}}', 400),
        ("/grants", b'{"tools": ["create_record"], "table": "%s"}' % (b"t" * 201), 422),
        ("/grants", b'{"tools": ["create_record", "creat_record"]}', 422),
        ("/grants", b'{"tools": ["delete_records"]}', 422),
        ("/grants", b'{"tools": ["create_metadata_table"]}', 422),
        ("/agui", resumed({"approved": True, "arguments": "all"}), 422),
        ("/agui", resumed({"approved": "yes"}), 422),
    ],
)
async def test_a_body_that_makes_no_sense_is_refused(http, path, body, status):
    answer = await http.post(path, content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == status, answer.text
    told = answer.json()
    assert told.get("detail") or told["error"]["message"]


async def test_a_backslash_and_u0000_as_text_are_text(http):
    answer = await http.post("/sessions", json={"title": "\\u0000 and \\ud800"})

    assert answer.json()["title"] == "\\u0000 and \\ud800"


@pytest.mark.parametrize(
    "path",
    [
        "/sessions?limit=%C2%B2",
        "/sessions?limit=99999999999999999999",
        "/sessions?limit=--5",
        "/sessions?search=%00",
        "/sessions?before=0001-01-01T00:00:00%2B14:00",
        "/usage?until=0001-01-01T00:00:00Z",
        "/usage?since=2026-01-01",
        "/usage?session=%00",
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(http, path):
    assert (await http.get(path)).status_code == 422


@pytest.mark.parametrize(
    "path", ["/sessions/%00", "/approvals/%00", "/sessions/ses_none/events", "/page/no.js"]
)
async def test_what_is_not_there_is_not_found(http, path):
    assert (await http.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/agui", of_user([1, "a", None])),
        ("/agui", of_user({"a": 1})),
        ("/agui", of_user(7)),
        ("/agui", of_user([{"type": "text", "text": 5}])),
        ("/agui", {**of_user("x"), "threadId": "ses_none"}),
        ("/agui", {**of_user("x"), "resume": [{"interruptId": "apr_none", "status": "resolved"}]}),
        ("/api/chat", ui(role="user", parts=[{"type": "text", "text": None}])),
        ("/api/chat", ui(role="assistant", parts=[{"state": "approval-responded", "approval": {}}])),
        ("/api/chat", ui(role="assistant", parts=[{"state": "approval-responded", "approval": {"id": 7}}])),
        ("/api/chat", ui(role="system", parts=[])),
    ],
)
async def test_a_stream_that_cannot_begin_ends_with_an_error(http, path, body):
    answer = await http.post(path, json=body)

    assert answer.status_code == 200
    events = [line[6:] for line in answer.text.splitlines() if line.startswith("data: ")]
    last = json.loads(events[-2 if events[-1] == "[DONE]" else -1])
    assert last["type"] in ("RUN_ERROR", "finish")
    assert (path == "/agui") or events[-1] == "[DONE]"


async def test_a_message_without_a_text_makes_no_session(http):
    await http.post("/agui", json=of_user(""))
    await http.post("/api/chat", json=ui(role="user", parts=[]))
    await http.post("/api/chat", json=ui(role="assistant", parts=[]))

    assert (await http.get("/sessions")).json() == {"sessions": []}


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("/agui", {"threadId": "t"}, "runId: Field required. Known: threadId, runId, messages, resume."),
        ("/approvals/apr_none", {"decision": "edited"}, "`arguments` go with the decision `edited`"),
    ],
)
async def test_a_refusal_names_arguments_as_they_are_sent(http, path, body, told):
    assert (await http.post(path, json=body)).json()["detail"].startswith(told)


async def test_a_scope_that_is_too_long_is_refused(http):
    refused = await http.put(f"/budgets/user:{'x' * 300}", json={"limit_micros": 1})

    assert refused.status_code == 422
    assert "at most 250 characters" in refused.json()["detail"]


@pytest.mark.parametrize("path", ["/agui", "/api/chat"])
async def test_a_conversation_that_is_begun_twice_at_once_is_one(http, path):
    message = {"id": "m", "role": "user", "content": ASK, "parts": [{"type": "text", "text": ASK}]}
    body = {"threadId": "t", "runId": "r", "id": "c", "messages": [message]}

    answers = await asyncio.gather(*(http.post(path, json=body) for _ in range(4)))

    broken = [answer.text for answer in answers if "The server failed" in answer.text]
    assert broken == []
    assert len((await http.get("/sessions")).json()["sessions"]) == 1


@pytest.mark.parametrize("fault", [ValueError("secret"), RuntimeError("secret")])
async def test_a_fault_in_mid_stream_is_told_without_its_words(fault):
    async def events():
        yield "first"
        raise fault

    told = [event async for event in always_ended(events(), lambda code, message: [code, message])]

    assert told == ["first", "internal", "The server failed; its log says why."]


@pytest.mark.parametrize("given", ["none", "-5", "99999999", "99999999999999999999"])
async def test_a_last_event_id_that_the_log_has_not_reached_does_not_hang_nor_break(http, given):
    session = (await http.post("/chat", json={"message": ASK})).json()["session"]
    watching = asyncio.create_task(http.get(f"/sessions/{session}/stream", headers={"Last-Event-ID": given}))
    await http.post("/chat", json={"message": ASK, "session": session})

    assert "event: run_finished" in (await asyncio.wait_for(watching, 10)).text


async def test_two_clients_read_one_run_and_a_third_message_waits_its_turn(http, agent):
    session = (await http.post("/sessions", json={})).json()["id"]
    async with websockets.connect(f"{agent.replace('http', 'ws')}/ws") as socket:
        await socket.send(json.dumps({"type": "follow", "session": session}))
        answers = await asyncio.gather(
            *(http.post("/chat/stream", json={"message": ASK, "session": session}) for _ in range(3))
        )
        kinds: list[str] = []
        while "run_finished" not in kinds:
            kinds.append(json.loads(await socket.recv())["kind"])

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 200
    assert set(statuses) <= {200, 409}
    for answer in answers:
        if answer.status_code == 200:
            assert answer.text.count("event: run_finished") == 1


async def test_a_run_goes_on_when_its_client_leaves_in_mid_stream(http):
    session = (await http.post("/sessions", json={})).json()["id"]
    async with http.stream("POST", "/chat/stream", json={"message": ADD, "session": session}) as stream:
        async for _ in stream.aiter_lines():
            break

    waiting: list[dict[str, str]] = []
    while not waiting:
        waiting = (await http.get(f"/approvals?session={session}")).json()["approvals"]
    assert waiting[0]["tool"] == "create_record"


async def test_whoever_waits_in_a_session_that_is_deleted_is_told_so(http, agent):
    session = (await http.post("/sessions", json={})).json()["id"]
    async with websockets.connect(f"{agent.replace('http', 'ws')}/ws") as socket:
        await socket.send(json.dumps({"type": "follow", "session": session}))
        assert json.loads(await socket.recv())["kind"] == "accepted"
        async with http.stream("GET", f"/sessions/{session}/stream") as stream:
            await http.delete(f"/sessions/{session}")
            lines = [line async for line in stream.aiter_lines()]

        assert json.loads(await socket.recv())["code"] == "session_not_found"
    assert "event: stream_broken" in lines
    assert "session_not_found" in "".join(lines)


async def test_a_decision_that_is_made_twice_at_once_is_one(http):
    [waiting] = (await http.post("/chat", json={"message": ADD})).json()["approvals"]

    decide = {"decision": "approved"}
    answers = await asyncio.gather(*(http.post(f"/approvals/{waiting['id']}", json=decide) for _ in range(4)))

    assert [answer.status_code for answer in answers] == [200] * 4
    assert len([answer for answer in answers if answer.json()["next_run"]]) == 1


async def test_an_answer_to_another_conversations_call_decides_nothing(http):
    asked = await http.post("/agui", json=of_user(ADD))
    last = json.loads(asked.text.strip().splitlines()[-1][6:])
    [interrupt] = last["outcome"]["interrupts"]
    await http.post("/agui", json={**of_user(ASK), "threadId": "other"})
    answer = {"interruptId": interrupt["id"], "status": "resolved", "payload": {"approved": True}}

    refused = await http.post("/agui", json={**of_user(ASK), "threadId": "other", "resume": [answer]})

    assert "belongs to another conversation" in refused.text
    assert (await http.get(f"/approvals/{interrupt['id']}")).json()["state"] == "pending"


async def test_a_frame_of_bytes_is_told_and_the_socket_stays_open(agent):
    async with websockets.connect(f"{agent.replace('http', 'ws')}/ws") as socket:
        await socket.send(b'{"type": "cancel", "session": "x"}')
        assert json.loads(await socket.recv())["code"] == "bad_request"
        await socket.send(json.dumps({"type": "follow", "session": "ses_none"}))
        assert json.loads(await socket.recv())["code"] == "session_not_found"


async def test_a_socket_that_follows_from_a_number_not_reached_is_told_what_comes(http, agent):
    session = (await http.post("/sessions", json={})).json()["id"]
    async with websockets.connect(f"{agent.replace('http', 'ws')}/ws") as socket:
        await socket.send(json.dumps({"type": "follow", "session": session, "after": 2**70}))
        await socket.send(json.dumps({"type": "say", "session": session, "message": ASK}))
        kinds: list[str] = []
        while "run_finished" not in kinds:
            kinds.append(json.loads(await asyncio.wait_for(socket.recv(), 10))["kind"])


@pytest.mark.parametrize("said", ['{"type": "say", "message": "\\ud800"}', "[" * 50_000, '{"type": ["say"]}'])
async def test_a_frame_that_makes_no_sense_is_told_and_the_socket_stays_open(agent, said):
    async with websockets.connect(f"{agent.replace('http', 'ws')}/ws") as socket:
        for text in (said, json.dumps({"type": "follow", "session": "ses_none"})):
            await socket.send(text)
            assert json.loads(await socket.recv())["kind"] == "error"


async def test_a_page_from_elsewhere_may_not_ask(http):
    refused = await http.post("/chat", json={"message": ASK}, headers={"Origin": "https://elsewhere.example"})

    assert refused.status_code == 403
    assert "access-control-allow-origin" not in refused.headers
