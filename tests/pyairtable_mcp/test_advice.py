"""Each of Airtable's error types is answered with one step that mends the call."""

import json
import re
import time
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from airtable_gateway import Endpoint, FixedEndpoint
from airtable_gateway.clock import Clock
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, TwinServer, create_app, errors
from pyairtable_mcp import TOOLS, ToolContext
from pyairtable_mcp.refusals.advice import ADVICE

ERRORS = [
    [part.strip() for part in line.split("|")]
    for line in (Path(__file__).parent / "cases" / "airtable_errors.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


class Refusing:
    """Answers the calls for records with one error; the schema it tells."""

    def __init__(self, app, status, body):
        self._app = app
        self._status = status
        self._body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or Request(scope).url.path.startswith("/v0/meta/"):
            await self._app(scope, receive, send)
            return
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(self._body).encode()})


@pytest.fixture
async def refused(answered):
    """What a model reads when Airtable answers a call so."""

    async def ask(status, type, message, tool, **arguments):
        error = {"type": type, "message": message} if message else {"type": type}
        return await answered(status, error, lambda asked: asked.refused(tool, **arguments))

    return ask


@pytest.fixture
async def answered(call, store):
    """What a call comes to when Airtable answers it with this error."""

    async def ask(status, error, made):
        with TwinServer(Refusing(create_app(store, tokens=AnyToken()), status, {"error": error})) as url:
            endpoint = FixedEndpoint(Endpoint(url, "patTest"))
            hurried = Hurried()
            ports = Ports(clock=Clock(now=hurried.now, sleep=hurried.sleep))
            async with PyAirtableGateway(endpoint, rate_limit=None, ports=ports) as gateway:
                return await made(call.on(ToolContext(gateway, validation="off")))

    return ask


class Hurried:
    """Time that a sleep moves on without waiting."""

    def __init__(self):
        self._slept = 0.0

    def now(self) -> float:
        """The real time, and what was slept away."""
        return time.monotonic() + self._slept

    async def sleep(self, seconds: float) -> None:
        """Let so much time be over."""
        self._slept += seconds


def test_every_error_type_that_airtable_is_known_to_give_has_its_advice():
    assert {type for _, type, _, _, _ in ERRORS} == set(ADVICE)


def test_every_refusal_of_the_local_airtable_has_its_advice():
    refusals = {kind.type for kind in vars(errors).values() if isinstance(kind, errors.Kind)}

    assert refusals - set(ADVICE) == {"INVALID_SNAPSHOT", "INVALID_FAULTS", "INVALID_DOCUMENT"}


@pytest.mark.parametrize(("status", "type", "message", "tool", "said"), ERRORS)
async def test_an_error_is_told_with_airtables_words_and_the_next_step(
    refused, status, type, message, tool, said
):
    arguments = {"fields": {"Name": "x", "Status": "Nope"}} if tool == "create_record" else {}

    text = await refused(int(status), type, message, tool, **arguments)

    assert message in text
    assert type in text
    assert said in text
    assert len(text) < 900


_OTHERWISE = (
    r"`\w+`|typecast=true|\buser\b|call again|same call|one of|ids of|url|Choose a name|fewer|Give records"
)


@pytest.mark.parametrize("type", ["INVALID_VALUE_FOR_COLUMN", "INVALID_MULTIPLE_CHOICE_OPTIONS"])
async def test_typecasting_is_no_advice_to_a_call_that_asked_for_it(refused, answered, type):
    row, error = {"Name": "x"}, {"type": type, "message": "No."}

    async def of_a_batch(**asked):
        written = await answered(
            422, error, lambda call: call("batch_create_records", records=[row], **asked)
        )
        return written["errors"][0]["error"]

    assert "typecast=true" in await refused(422, type, "No.", "create_record", fields=row)
    assert "typecast=true" in await of_a_batch()
    assert "typecast=true" not in await refused(422, type, "No.", "create_record", fields=row, typecast=True)
    assert "typecast=true" not in await of_a_batch(typecast=True)


@pytest.mark.parametrize("typecast", [False, True])
@pytest.mark.parametrize("type", ADVICE)
def test_a_step_names_a_tool_a_parameter_or_whom_to_tell(type, typecast):
    step = ADVICE[type].step_of(typecast=typecast)
    named = set(re.findall(r"[a-z]+_[a-z_]+", step)) & {tool.name for tool in TOOLS}

    assert named or re.search(_OTHERWISE, step)
