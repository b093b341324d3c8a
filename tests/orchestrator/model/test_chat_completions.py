"""OpenAI-compatible endpoints over real sockets: what servers send, letter by letter, and what it becomes."""

import asyncio
import json
import socket
from contextlib import ExitStack

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from local_twins.dropping import drop
from local_twins.gemini import Script
from local_twins.gemini import create_app as create_twin
from local_twins.server import TwinServer
from orchestrator.errors import AnswerBroken, ModelBusy, ModelRefused, ModelUnreachable, RequestInvalid
from orchestrator.model import ModelRequest, Usage
from orchestrator.model.chat_completions import ChatCompletionsModel

DROP = object()
"""The socket is closed here."""

WAIT = object()
"""Nothing comes any more."""

LOOK = {"name": "look", "description": "Looks.", "parameters_json_schema": {"type": "object"}}


def said(text="", finish=None, **delta):
    """A chunk with one choice."""
    delta = {"content": text, **delta} if text else delta
    return {"model": "served", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def call(name=None, arguments="", **more):
    """A chunk with a call, or with more of one."""
    function = {"arguments": arguments} | ({"name": name} if name else {})
    return said(tool_calls=[{"function": function, **more}])


def usage(prompt=7, completion=3, **more):
    return {"choices": [], "usage": {"prompt_tokens": prompt, "completion_tokens": completion, **more}}


DONE = said(finish="stop")
CALLS = said(finish="tool_calls")


@pytest.fixture
async def served():
    """Serves chunks, a response, or one after the other for each request; a model, and what it sent."""
    with ExitStack() as stack:
        async with httpx2.AsyncClient() as http:

            def start(*chunks, answers=None, key=""):
                waiting = list(answers or [])
                sent = []

                async def frames(scope):
                    for chunk in chunks:
                        if chunk is DROP:
                            drop(scope)
                            return
                        if chunk is WAIT:
                            await asyncio.sleep(60)
                        yield chunk if isinstance(chunk, str) else f"data: {json.dumps(chunk)}\n\n"

                async def complete(request):
                    sent.append((await request.json(), request.headers.get("authorization")))
                    if waiting:
                        return waiting.pop(0)
                    return StreamingResponse(frames(request.scope), media_type="text/event-stream")

                app = Starlette(routes=[Route("/v1/chat/completions", complete, methods=["POST"])])
                url = stack.enter_context(TwinServer(app))
                return ChatCompletionsModel(http, url=f"{url}/v1/", api_key=key), sent

            yield start


async def ask(model, **given):
    """The pieces, and the reply."""
    contents = given.pop("contents", [{"role": "user", "parts": [{"text": "Hello"}]}])
    request = ModelRequest(model="some-model", system="Be short.", contents=contents, **given)
    pieces = [piece async for piece in model.stream(request)]
    return pieces[:-1], pieces[-1]


async def test_texts_and_thoughts_of_either_name_come_as_they_are(served):
    model, _ = served(
        said(role="assistant"),
        said(reasoning_content="Hm"),
        said(reasoning="."),
        said("It is "),
        said("so."),
        DONE,
        usage(completion_tokens_details={"reasoning_tokens": 2}, prompt_tokens_details={"cached_tokens": 5}),
        "data: [DONE]\n\n",
    )

    pieces, reply = await ask(model)

    assert [(piece.text, piece.is_thought) for piece in pieces] == [
        ("Hm", True),
        (".", True),
        ("It is ", False),
        ("so.", False),
    ]
    assert reply.parts == ({"text": "Hm.", "thought": True}, {"text": "It is so."})
    assert reply.usage == Usage(prompt=7, cached=5, output=1, thinking=2)
    assert (reply.finish, reply.model_served, reply.provider) == ("STOP", "served", "openai-compatible")


@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param(
            [
                call("look", id="a", index=0),
                call(arguments='{"n":', index=0),
                call("look", id="b", index=1),
                call(arguments="1}", index=0),
                call(arguments='{"n": 2}', index=1),
            ],
            id="interleaved pieces (OpenAI, vLLM)",
        ),
        pytest.param(
            [call("look", '{"n": 1}', id="a", index=0), call("look", '{"n": 2}', id="b", index=0)],
            id="one index for all (Ollama)",
        ),
        pytest.param(
            [call("look", '{"n": 1}', id="a"), call("look", '{"n":', id="b"), call(arguments=" 2}")],
            id="no index",
        ),
        pytest.param(
            [
                said(
                    tool_calls=[
                        {"index": 0, "id": "a", "function": {"name": "look", "arguments": {"n": 1}}},
                        {"index": 1, "id": "b", "function": {"name": "look", "arguments": {"n": 2}}},
                    ]
                )
            ],
            id="objects instead of texts",
        ),
    ],
)
async def test_parallel_calls_are_told_apart_however_they_come(served, chunks):
    model, _ = served(*chunks, CALLS, usage())

    _, reply = await ask(model, tools=[LOOK])

    assert reply.calls == (
        {"id": "a", "name": "look", "args": {"n": 1}},
        {"id": "b", "name": "look", "args": {"n": 2}},
    )
    assert reply.finish == "STOP"


@pytest.mark.parametrize("place", [{}, {"index": 0}])
async def test_calls_without_an_id_or_with_the_same_one_are_two_calls(served, place):
    model, _ = served(call("look", '{"n": 1}', **place), call("look", '{"n": 2}', **place), CALLS, usage())

    _, reply = await ask(model, tools=[LOOK])

    assert reply.calls == ({"name": "look", "args": {"n": 1}}, {"name": "look", "args": {"n": 2}})


async def test_a_call_without_arguments_has_none(served):
    model, _ = served(call("look", id="a", index=0), CALLS)

    assert (await ask(model, tools=[LOOK]))[1].calls == ({"id": "a", "name": "look", "args": {}},)


async def test_what_is_sent_is_the_conversation_in_their_form(served):
    model, sent = served(said("Yes."), DONE, key="secret")
    contents = [
        {"role": "user", "parts": [{"text": "Look."}]},
        {
            "role": "model",
            "parts": [
                {"text": "Hm.", "thought": True},
                {"text": "I look."},
                {"functionCall": {"id": "a", "name": "look", "args": {"ü": 1}}, "thoughtSignature": "c2ln"},
                {"functionCall": {"name": "look.up", "args": {}}},
            ],
        },
        {
            "role": "user",
            "parts": [
                {"functionResponse": {"id": "a", "name": "look", "response": {"output": 1}}},
                {"functionResponse": {"name": "look.up", "response": {"error": "no"}}},
            ],
        },
    ]
    tools = [{"name": "look.up"}, LOOK, {"name": "look_up"}]

    await ask(model, contents=contents, tools=tools, max_output_tokens=99, effort="low")

    [(body, authorization)] = sent
    assert authorization == "Bearer secret"
    assert body["messages"] == [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "Look."},
        {
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "look", "arguments": '{"ü":1}'}},
                {
                    "id": "c00001001",
                    "type": "function",
                    "function": {"name": "look_up_2", "arguments": "{}"},
                },
            ],
        },
        {"role": "tool", "tool_call_id": "a", "content": '{"output":1}'},
        {"role": "tool", "tool_call_id": "c00001001", "content": '{"error":"no"}'},
    ]
    assert [tool["function"]["name"] for tool in body["tools"]] == ["look_up_2", "look", "look_up"]
    assert body["tools"][1]["function"]["parameters"] == {"type": "object"}
    assert (body["model"], body["max_tokens"], body["reasoning_effort"]) == ("some-model", 99, "low")
    assert body["stream_options"] == {"include_usage": True}


async def test_a_name_that_was_changed_for_them_is_ours_again(served):
    model, _ = served(call("look_up", "{}", id="a", index=0), CALLS)

    assert (await ask(model, tools=[{"name": "look.up"}]))[1].calls[0]["name"] == "look.up"


async def test_when_nothing_may_be_called_no_tool_is_told(served):
    model, sent = served(said("Yes."), DONE)

    await ask(model, tools=[LOOK], may_call=False)

    assert "tools" not in sent[0][0]


async def test_without_usage_tokens_are_guessed_and_said_to_be(served):
    model, _ = served(said("It is so."), DONE)

    _, reply = await ask(model)

    assert reply.is_usage_guessed
    assert reply.usage.prompt > 0
    assert reply.usage.output == 3


async def test_usage_in_every_chunk_is_a_running_total(served):
    model, _ = served(usage(5, 1) | said("A"), usage(5, 2) | said("B"), DONE)

    _, reply = await ask(model)

    assert (reply.usage, reply.is_usage_guessed) == (Usage(prompt=5, output=2), False)


async def test_an_answer_that_does_not_stream_is_taken_all_the_same(served):
    message = {"role": "assistant", "content": [{"type": "text", "text": "So."}], "tool_calls": None}
    whole = {"choices": [{"message": message, "finish_reason": "stop"}], "usage": usage()["usage"]}
    model, _ = served(answers=[JSONResponse(whole)])

    pieces, reply = await ask(model)

    assert [piece.text for piece in pieces] == ["So."]
    assert reply.usage == Usage(prompt=7, output=3)


@pytest.mark.parametrize(
    ("chunks", "error", "words"),
    [
        ([said("Half")], AnswerBroken, "without a finish reason"),
        ([said("Half"), "data: [DONE]\n\n"], AnswerBroken, "without a finish reason"),
        ([said("x", finish="error")], AnswerBroken, "error"),
        ([said("x", finish="content_filter")], ModelRefused, "safety filters"),
        ([said(refusal="I will not."), DONE], ModelRefused, "I will not."),
        ([call("look", '{"n": ', index=0), CALLS], AnswerBroken, "no JSON object"),
        ([call("look", "[1]", index=0), CALLS], AnswerBroken, "no JSON object"),
        ([call(None, "{}", index=0), CALLS], AnswerBroken, "a function without a name"),
        ([said("Half"), "data: {half\n\n"], AnswerBroken, "not JSON"),
        (["data: 7\n\n"], AnswerBroken, "no object"),
        ([call("look", '{"n": NaN}', index=0), CALLS], AnswerBroken, "no JSON object"),
        ([call("look", "[" * 5000, index=0), CALLS], AnswerBroken, "no JSON object"),
        ([said(tool_calls=["look"]), CALLS], AnswerBroken, "without a name"),
        ([said(tool_calls={"0": {}}), CALLS], AnswerBroken, "empty"),
        ([said(tool_calls=[{"function": "look"}]), CALLS], AnswerBroken, "without a name"),
        ([said([{"type": "text", "text": None}]), DONE], AnswerBroken, "empty"),
        ([{"model": 5, "choices": [{"delta": "Hi"}]}, DONE], AnswerBroken, "empty"),
        ([DONE], AnswerBroken, "empty"),
        ([said("Half"), {"error": {"message": "Out of memory"}}], ModelUnreachable, "Out of memory"),
        ([said("Half"), {"error": {"message": "Too much", "code": 429}}], ModelBusy, "Too much"),
        ([said("Half"), {"error": "no such thing"}], ModelUnreachable, "no such thing"),
        ([said("Half"), DROP], ModelUnreachable, "cannot be reached"),
        ([DROP], ModelUnreachable, "cannot be reached"),
    ],
)
async def test_a_stream_that_is_no_answer_has_its_error(served, chunks, error, words):
    model, _ = served(*chunks)

    with pytest.raises(error) as raised:
        await ask(model, tools=[LOOK])

    assert words in raised.value.detail
    assert raised.value.may_be_billed


async def test_a_call_that_is_cut_at_the_longest_answer_is_told_as_cut(served):
    model, _ = served(call("look", '{"n": "half', id="a", index=0), said(finish="length"), usage())

    _, reply = await ask(model, tools=[LOOK])

    assert (reply.finish, reply.calls) == ("MAX_TOKENS", ({"id": "a", "name": "look", "args": {}},))


@pytest.mark.parametrize(
    ("response", "error", "words", "seconds"),
    [
        (
            JSONResponse({"error": {"message": "Slow down"}}, 429, {"Retry-After": "7"}),
            ModelBusy,
            "Slow down",
            7,
        ),
        (JSONResponse({"error": {"message": "Loading model"}}, 503), ModelBusy, "Loading model", None),
        (
            JSONResponse({"error": {"message": "No credit", "code": "insufficient_quota"}}, 429),
            RequestInvalid,
            "No credit",
            None,
        ),
        (JSONResponse({"error": {"message": "Bad key"}}, 401), RequestInvalid, "MODEL_API_KEY", None),
        (JSONResponse({"error": "model 'x' not found"}, 404), RequestInvalid, "model 'x' not found", None),
        (Response("<html>Not Found</html>", 404), RequestInvalid, "MODEL_URL, which most often ends", None),
        (JSONResponse({"detail": "too long"}, 400), RequestInvalid, "too long", None),
        (Response("upstream", 502), ModelUnreachable, "upstream", None),
        (Response("", 500), ModelUnreachable, "no message", None),
        (JSONResponse({"error": {"message": "x" * 9000}}, 400), RequestInvalid, "x" * 500, None),
    ],
)
async def test_a_refusal_has_its_error_and_cost_nothing(served, response, error, words, seconds):
    model, _ = served(answers=[response], key="secret-key")

    with pytest.raises(error) as raised:
        await ask(model)

    assert words in raised.value.detail
    assert len(raised.value.detail) < 700
    assert "secret-key" not in raised.value.detail
    assert not raised.value.may_be_billed
    assert getattr(raised.value, "retry_after_seconds", None) == seconds


@pytest.mark.parametrize(
    ("complaints", "left"),
    [
        (["Unrecognized request argument supplied: stream_options"], {"max_tokens": 9}),
        (
            ["Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."],
            {"stream_options": {"include_usage": True}, "max_completion_tokens": 9},
        ),
        (
            ["extra fields not permitted: stream_options", "unknown field reasoning_effort"],
            {"max_tokens": 9},
        ),
    ],
)
async def test_an_option_that_the_endpoint_does_not_know_is_left_out_from_then_on(served, complaints, left):
    refusals = [JSONResponse({"error": {"message": complaint}}, 400) for complaint in complaints]
    model, sent = served(said("Yes."), DONE, answers=refusals)

    for _ in range(2):
        await ask(model, max_output_tokens=9, effort="low" if len(complaints) > 1 else None)

    assert len(sent) == len(complaints) + 2
    for body, _ in sent[-2:]:
        assert {
            name: value for name, value in body.items() if name not in ("model", "messages", "stream")
        } == left


async def test_a_value_that_is_wrong_is_refused_and_not_left_out(served):
    refusal = JSONResponse({"error": {"message": "max_tokens is too large: at most 4096"}}, 400)
    model, sent = served(said("Yes."), DONE, answers=[refusal])

    with pytest.raises(RequestInvalid):
        await ask(model, max_output_tokens=9000)

    assert len(sent) == 1


async def test_an_answer_that_does_not_come_in_time_is_given_up(served):
    model, _ = served(said("Half"), WAIT)

    with pytest.raises(ModelUnreachable, match=r"within 0\.2 seconds"):
        await ask(model, timeout_seconds=0.2)


async def test_a_reader_that_leaves_ends_the_request(served):
    model, _ = served(said("Half"), WAIT)
    request = ModelRequest(model="m", system="", contents=[{"role": "user", "parts": [{"text": "Hi"}]}])

    stream = model.stream(request)
    assert (await anext(stream)).text == "Half"
    await asyncio.wait_for(stream.aclose(), 5)


async def test_where_nobody_listens_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with httpx2.AsyncClient() as http:
        with pytest.raises(ModelUnreachable) as raised:
            await ask(ChatCompletionsModel(http, url=f"http://127.0.0.1:{port}/v1"))

    assert not raised.value.may_be_billed


@pytest.mark.parametrize(
    "fault", [{"drop": 1}, {"truncate": 1}, {"status": 500, "after": 1}, {"status": 429}]
)
async def test_the_twin_answers_under_openais_api_with_the_same_faults(fault):
    turn = {"think": "Hm.", "say": ["It is ", "so."], "call": [{"name": "look", "args": {"n": 1}}]}
    script = Script.of({"conversations": [{"turns": [{**turn, "faults": [fault]}]}]})
    with TwinServer(create_twin(script)) as url:
        async with httpx2.AsyncClient() as http:
            model = ChatCompletionsModel(http, url=f"{url}/v1beta/openai")
            with pytest.raises((AnswerBroken, ModelUnreachable, ModelBusy)):
                await ask(model, tools=[LOOK])
            _, reply = await ask(model, tools=[LOOK])

    assert reply.parts == (
        {"text": "Hm.", "thought": True},
        {"text": "It is so."},
        {"functionCall": {"id": "call-0-0-0", "name": "look", "args": {"n": 1}}},
    )
    assert reply.usage.prompt > 0
    assert reply.usage.thinking > 0
