"""The OpenAPI document: sound in itself, whole, and true of what every endpoint really answers."""

import json
from copy import deepcopy
from typing import Any

import httpx2
import jsonschema  # type: ignore[import-untyped]
import pytest
import websockets
from starlette.routing import Route, WebSocketRoute

from orchestrator.web.app import OPERATIONS, create_app
from orchestrator.web.document_api import Document
from pyairtable_platform.kernel.http import Door

ADD = "Add a record to Tasks: Name = Rest, Hours = 2"
ASK = "How many tasks are there?"


TOLD = Document(OPERATIONS)()


def walk(value):
    """Every object within the value."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(item)


def operations():
    for path, item in TOLD["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method.upper(), path, operation


def strict(document):
    """The same, with objects closed to members that it does not name; problems have members of their own."""
    closed = deepcopy(document)
    for name, schema in closed["components"]["schemas"].items():
        for place in walk(schema) if name != "Problem" else ():
            if isinstance(place.get("properties"), dict):
                place.setdefault("additionalProperties", False)
    return closed


DOCUMENT = strict(TOLD)


def check(schema, value):
    """The value is as the schema of the document says."""
    whole = {**schema, "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(value)


async def test_every_route_is_told_and_nothing_else(open_desk):
    async with open_desk(None) as desk:
        routes = create_app(desk, Door()).routes

    served = {
        (method, route.path)
        for route in routes
        if isinstance(route, Route)
        for method in route.methods or ()
        if method != "HEAD"
    } | {("GET", route.path) for route in routes if isinstance(route, WebSocketRoute)}
    assert {(method, path) for method, path, _ in operations()} == served
    assert len(served) == len(routes)


def test_its_own_parts_are_sound():
    document = TOLD

    assert document["openapi"] == "3.1.0"
    names = set(document["components"]["schemas"])
    for place in walk(document):
        if isinstance(reference := place.get("$ref"), str):
            assert reference.removeprefix("#/components/schemas/") in names
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))
    tags = {tag["name"] for tag in document["tags"]}
    assert {tag for _, _, operation in operations() for tag in operation["tags"]} == tags
    for path, item in document["paths"].items():
        named = [parameter["name"] for parameter in item.get("parameters", [])]
        assert all(f"{{{name}}}" in path for name in named)
        assert path.count("{") == len(named)


@pytest.mark.parametrize(("method", "path", "operation"), list(operations()))
def test_every_operation_is_described_with_its_refusals_and_examples_that_hold(method, path, operation):
    assert operation["summary"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        check(body["schema"], body["example"])
        assert {"400", "413", "422"} <= set(operation["responses"])
    for response in operation["responses"].values():
        assert response["description"]
        for content in response.get("content", {}).values():
            examples = [example["value"] for example in content.get("examples", {}).values()]
            for example in examples + ([content["example"]] if "example" in content else []):
                check(content["schema"], example)
    if "security" not in operation and path != "/ws":
        assert {"401", "403", "429", "500", "503"} <= set(operation["responses"])


class Checked:
    """A client that holds each answer against the document, and keeps which operations were seen."""

    def __init__(self, http):
        self._http = http
        self.seen: set[tuple[str, str, str]] = set()

    async def __call__(self, method, path, body=None, *, status=200, told_as=None, **more) -> Any:
        answer = await self._http.request(method, path, json=body, **more)
        assert answer.status_code == status, answer.text
        template = told_as or path.split("?")[0]
        operation = DOCUMENT["paths"][template][method.lower()]
        media = answer.headers.get("content-type", "").split(";")[0]
        self.seen.add((method, template, media))
        response = operation["responses"][str(status)]
        if not media:
            assert "content" not in response
            return None
        schema = response["content"][media]["schema"]
        if media == "text/event-stream":
            return [self._event(schema, line) for line in answer.text.splitlines() if line[:6] == "data: "]
        given = answer.json() if media.endswith("json") else answer.text
        check(schema, given)
        return given

    def _event(self, schema, line):
        if line == "data: [DONE]":
            return None
        event = json.loads(line[6:])
        check(schema, event)
        return event


@pytest.fixture
async def ask(agent):
    async with httpx2.AsyncClient(base_url=agent, timeout=30) as http:
        yield Checked(http)


async def test_what_every_endpoint_answers_is_as_told(ask):
    await drive_own(ask)
    await drive_sessions(ask)
    await drive_approvals(ask)
    await drive_cost(ask)
    await drive_analysis(ask)
    await drive_protocols(ask)
    for path in (path for path in TOLD["paths"] if path == "/" or path.startswith("/page/")):
        await ask("GET", path)
    assert await ask("GET", "/openapi.json") == TOLD

    expected = {
        (method, path, media)
        for method, path, operation in operations()
        for status, response in operation["responses"].items()
        if status.startswith("2")
        for media in response.get("content", {"": None})
    }
    # No answer is under way here that could be resumed.
    assert ask.seen >= expected - {("GET", "/api/chat/{id}/stream", "text/event-stream")}


async def drive_own(ask):
    answer = await ask("POST", "/chat", {"message": ASK})
    assert answer["text"].endswith("Tasks has 5 records.")
    events = await ask("POST", "/chat/stream", {"message": "Which bases are there?"})
    assert {"text_delta", "model_message", "cost_counted", "run_finished"} <= {e["kind"] for e in events}
    session, last = events[-1]["session"], events[-1]["number"]
    await ask(
        "GET", f"/sessions/{session}/stream?after={last - 1}", told_as="/sessions/{id}/stream", timeout=30
    )
    await ask("POST", f"/sessions/{session}/cancel", status=202, told_as="/sessions/{id}/cancel")


async def drive_sessions(ask):
    made = await ask("POST", "/sessions", {"title": "One"}, status=201)
    place = f"/sessions/{made['id']}"
    await ask("GET", "/sessions?limit=2")
    await ask("GET", place, told_as="/sessions/{id}")
    await ask("PATCH", place, {"title": "Two"}, told_as="/sessions/{id}")
    await ask("POST", "/chat", {"message": ASK, "session": made["id"]})
    await ask("GET", f"{place}/events", told_as="/sessions/{id}/events")
    await ask("GET", f"{place}/export", told_as="/sessions/{id}/export")
    await ask("DELETE", place, told_as="/sessions/{id}", status=204)
    await ask("GET", place, told_as="/sessions/{id}", status=404)
    await ask("GET", "/sessions?limit=none", told_as="/sessions", status=422)
    await ask("POST", "/sessions", {"titel": "x"}, status=422)


async def drive_approvals(ask):
    answer = await ask("POST", "/chat", {"message": ADD})
    [waiting] = answer["approvals"]
    place = f"/approvals/{waiting['id']}"
    await ask("GET", f"/approvals?session={answer['session']}")
    await ask("GET", place, told_as="/approvals/{id}")
    other = {"decision": "approved", "arguments_sha256": "0" * 64}
    await ask("POST", place, other, told_as="/approvals/{id}", status=409)
    decided = await ask("POST", place, {"decision": "approved"}, told_as="/approvals/{id}")
    assert decided["run"] != decided["next_run"]
    grant = await ask("POST", "/grants", {"tools": ["create_record"]}, status=201)
    await ask("GET", "/grants")
    await ask("DELETE", f"/grants/{grant['id']}", told_as="/grants/{id}", status=204)


async def drive_cost(ask):
    await ask("GET", "/usage?by=model")
    await ask("GET", "/usage?by=colour", status=422)
    await ask("PUT", "/budgets/global", {"limit_micros": 10**9}, told_as="/budgets/{scope}")
    await ask("GET", "/budgets")
    await ask("GET", "/tools")


async def drive_analysis(ask):
    await ask("GET", "/analysis/categories")
    await ask("POST", "/analysis/estimate", {"base": "Work"})
    started = await ask("POST", "/analysis", {"base": "Work"}, status=202)
    place = f"/analysis/{started['id']}"
    found = started
    while found["state"] == "running":
        found = await ask("GET", place, told_as="/analysis/{id}")
    await ask("GET", f"{place}/stream", told_as="/analysis/{id}/stream")
    await ask("GET", "/analysis")
    for body in ({"dry_run": True}, {}):
        await ask("POST", f"{place}/write", body, told_as="/analysis/{id}/write")
    await ask("DELETE", place, told_as="/analysis/{id}")


async def drive_protocols(ask):
    await ask("GET", "/v1/models")
    said = {"messages": [{"role": "user", "content": ASK}]}
    await ask("POST", "/v1/chat/completions", said)
    streamed = {**said, "stream": True, "stream_options": {"include_usage": True}}
    await ask("POST", "/v1/chat/completions", streamed)
    await ask("POST", "/v1/chat/completions", {"messages": []}, status=422)
    messages = [{"id": "m", "role": "user", "content": ADD}]
    events = await ask("POST", "/agui", {"threadId": "t", "runId": "r", "messages": messages})
    [interrupt] = events[-1]["outcome"]["interrupts"]
    resume = [{"interruptId": interrupt["id"], "status": "cancelled"}]
    await ask("POST", "/agui", {"threadId": "t", "runId": "r2", "messages": messages, "resume": resume})
    parts = [{"type": "text", "text": ADD}]
    await ask("POST", "/api/chat", {"id": "c", "messages": [{"role": "user", "parts": parts}]})
    await ask("GET", "/api/chat/c/stream", told_as="/api/chat/{id}/stream", status=204)
    await ask("POST", "/api/chat", {"id": "d", "messages": [{"role": "user", "parts": []}]})


async def test_the_sockets_frames_are_as_told(agent):
    socket = DOCUMENT["paths"]["/ws"]["get"]
    frames = [
        {"type": "say", "message": ASK},
        {"type": "follow", "session": "ses_none"},
        {"type": "cancel", "session": "ses_none"},
        {"type": "decide", "approval": "apr_none", "decision": "approved"},
    ]
    assert {frame["type"] for frame in frames} == set(socket["x-frames-sent-by-clients"])
    async with websockets.connect(f"{agent.replace('http', 'ws')}/ws") as opened:
        for frame in frames:
            given = {name: value for name, value in frame.items() if name != "type"}
            check(socket["x-frames-sent-by-clients"][frame["type"]], given)
            await opened.send(json.dumps(frame))
        kinds: list[str] = []
        while kinds.count("error") < 3 or "run_finished" not in kinds:
            got = json.loads(await opened.recv())
            check(socket["x-frame-told"], got)
            kinds.append(got["kind"])
