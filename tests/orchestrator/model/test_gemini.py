"""Gemini over a real socket: what is sent, what comes back, and what each failure is called."""

import asyncio
import base64
import time

import httpx2
import pytest
from google.genai.types import FinishReason

from orchestrator.errors import (
    AnswerBroken,
    ModelBusy,
    ModelRefused,
    ModelUnreachable,
    RequestInvalid,
    SignatureMissing,
)
from orchestrator.model import ModelRequest, Usage
from orchestrator.model.gemini import GeminiModel

HELLO = {"role": "user", "parts": [{"text": "Hello"}]}

# A schema with what a lossy converter drops, and arguments whose keys the SDK also uses in its own forms.
SCHEMA = {
    "type": "object",
    "$defs": {"Id": {"type": "string", "pattern": "^rec"}},
    "properties": {
        "functionCall": {"$ref": "#/$defs/Id"},
        "function_call": {"anyOf": [{"type": "integer", "exclusiveMinimum": 0}, {"type": "null"}]},
        "list": {"type": ["array", "null"], "items": {"type": "number"}},
    },
    "additionalProperties": False,
}


def has_usage(error):
    return error.usage is not None and error.usage.prompt > 0


async def test_text_thoughts_and_calls_come_as_they_are(gemini):
    served = gemini(
        {
            "think": "Hm.",
            "say": ["It is ", "so."],
            "call": [{"name": "look", "args": {"n": 3.0, "gone": None}}],
        }
    )

    pieces, reply = await served.ask()

    assert [(piece.text, piece.is_thought) for piece in pieces] == [
        ("Hm.", True),
        ("It is ", False),
        ("so.", False),
    ]
    assert reply.text == "It is so."
    assert reply.parts[0] == {"text": "Hm.", "thought": True}
    assert reply.calls == ({"id": "call-0-0-0", "name": "look", "args": {"n": 3.0, "gone": None}},)
    assert reply.finish == "STOP"
    assert reply.model_served == "gemini-3.8-flash"


async def test_a_signature_comes_back_byte_for_byte(gemini):
    served = gemini({"call": [{"name": "a"}, {"name": "b"}]}, {"say": "Done."})
    _, asked = await served.ask()
    history = [
        HELLO,
        {"role": "model", "parts": list(asked.parts)},
        {"role": "user", "parts": [{"functionResponse": {"name": name, "response": {}}} for name in "ab"]},
    ]

    _, reply = await served.ask(contents=history)

    # The twin refuses a signature that is not its own.
    assert reply.text == "Done."
    assert served.sent[1]["contents"] == history
    signature = asked.parts[0]["thoughtSignature"]
    assert base64.b64encode(base64.b64decode(signature, validate=True)).decode() == signature


async def test_what_is_sent_is_what_was_given(gemini):
    served = gemini({"say": "No."}, {"say": "Yes."})
    contents = [
        {"role": "user", "parts": [{"text": "Hello"}]},
        {
            "role": "model",
            "parts": [
                {
                    "functionCall": {
                        "id": "1",
                        "name": "look",
                        "args": {
                            "functionCall": "a",
                            "function_call": "b",
                            "thoughtSignature": "c-_",
                            "n": [None],
                        },
                    },
                    "thoughtSignature": base64.b64encode(b"skip_thought_signature_validator").decode(),
                }
            ],
        },
        {
            "role": "user",
            "parts": [
                {"functionResponse": {"id": "1", "name": "look", "response": {"output": {"a_b": {"cD": 1}}}}}
            ],
        },
    ]
    tools = [{"name": "look", "description": "Looks.", "parameters_json_schema": SCHEMA}]

    await served.ask(contents=contents, tools=tools, max_output_tokens=99)

    [body] = served.sent
    assert body["contents"] == contents
    assert body["tools"] == [{"functionDeclarations": tools}]
    assert body["systemInstruction"]["parts"] == [{"text": "Be short."}]
    assert body["toolConfig"] == {"functionCallingConfig": {"mode": "VALIDATED"}}
    assert body["generationConfig"]["maxOutputTokens"] == 99


async def test_when_nothing_may_be_called_the_model_is_told_so(gemini):
    served = gemini({"say": "Yes."})

    await served.ask(tools=[{"name": "look", "description": "Looks."}], may_call=False)

    assert served.sent[0]["toolConfig"] == {"functionCallingConfig": {"mode": "NONE"}}


@pytest.mark.parametrize(
    ("name", "given", "sent"),
    [
        ("gemini-3.8-flash", {"effort": "minimal"}, {"thinking_level": "LOW"}),
        ("gemini-3.8-flash", {"effort": "high"}, {"thinking_level": "HIGH"}),
        ("gemini-3.8-flash", {"effort": "low", "thinking_budget": 5}, {"thinking_level": "LOW"}),
        ("gemini-3.5-flash", {"effort": "minimal"}, {"thinking_level": "MINIMAL"}),
        ("gemini-3.5-flash", {"thinking_budget": 5}, {"thinking_budget": 5}),
        ("gemini-4-argon", {"effort": "medium"}, {"thinking_level": "MEDIUM"}),
        ("gemini-4-argon", {"thinking_budget": 5}, {}),
        ("gemini-2.5-flash", {"effort": "low"}, {"thinking_budget": 1024}),
        ("gemini-2.5-flash", {"effort": "minimal"}, {"thinking_budget": 0}),
        ("gemini-2.5-flash", {"effort": "low", "thinking_budget": -1}, {"thinking_budget": -1}),
    ],
)
async def test_thinking_is_asked_for_as_the_family_understands_it(gemini, name, given, sent):
    served = gemini({"say": "Yes."})

    await served.ask(name=name, **given)

    config = served.sent[0]["generationConfig"]["thinkingConfig"]
    assert config.pop("include_thoughts") is True
    assert {key: str(value).upper() for key, value in config.items()} == {
        key: str(value) for key, value in sent.items()
    }


async def test_usage_is_that_of_the_last_chunk(gemini):
    counted = {"prompt": 100, "cached": 64, "output": 30, "thinking": 20, "tool": 7}
    served = gemini({"say": ["a", "b", "c"], "usage": counted, "served": "gemini-3.5-flash-lite"})

    _, reply = await served.ask()

    assert reply.usage == Usage(**counted)
    assert reply.model_served == "gemini-3.5-flash-lite"


async def test_tokens_are_counted_by_the_service(gemini):
    served = gemini({"say": "Yes."})
    contents = [{"role": "user", "parts": [{"text": "a" * 400}]}]

    counted = await served.model.count_tokens(ModelRequest("gemini-3.8-flash", "Be short.", contents))

    # The twin counts four bytes of JSON a token.
    assert counted == -(-len('[{"role":"user","parts":[{"text":""}]}]' + "a" * 400) // 4)


async def test_a_stream_without_a_finish_reason_is_no_answer(gemini):
    served = gemini({"say": ["It ", "is"], "faults": [{"truncate": 1}]})

    with pytest.raises(AnswerBroken, match="without a finish reason") as caught:
        await served.ask()

    assert has_usage(caught.value)


async def test_an_error_in_the_middle_of_a_stream(gemini):
    served = gemini({"say": ["It ", "is"], "faults": [{"status": 503, "after": 1, "message": "Overloaded."}]})

    with pytest.raises(ModelBusy, match=r"Overloaded\.") as caught:
        await served.ask()

    assert caught.value.may_be_billed
    assert has_usage(caught.value)


async def test_a_socket_that_drops(gemini):
    served = gemini({"say": ["It ", "is"], "faults": [{"drop": 0}, {"drop": 1}]})

    with pytest.raises(ModelUnreachable):
        await served.ask()
    with pytest.raises(ModelUnreachable) as caught:
        await served.ask()

    assert has_usage(caught.value)


async def test_nobody_listens(free_port):
    async with httpx2.AsyncClient() as http:
        model = GeminiModel(http, api_key="key", base_url=f"http://127.0.0.1:{free_port}")

        with pytest.raises(ModelUnreachable) as caught:
            await anext(model.stream(ModelRequest("gemini-3.8-flash", "Be short.", [HELLO])))

    assert not caught.value.may_be_billed


async def test_the_whole_answer_has_a_time_and_not_each_chunk(gemini):
    served = gemini({"say": ["a"] * 50, "pause_seconds": 0.05})
    before = time.monotonic()

    with pytest.raises(ModelUnreachable, match=r"within 0\.3 seconds"):
        await served.ask(timeout_seconds=0.3)

    assert time.monotonic() - before < 1.5


async def test_a_stream_that_is_closed_ends_the_request(gemini):
    served = gemini({"say": ["a"] * 100, "pause_seconds": 0.05})
    said = served.model.stream(ModelRequest("gemini-3.8-flash", "Be short.", [HELLO]))
    await anext(said)
    before = time.monotonic()

    await said.aclose()

    assert time.monotonic() - before < 1


async def test_a_blocked_prompt(gemini):
    served = gemini({"block": "PROHIBITED_CONTENT", "say": "x"})

    with pytest.raises(ModelRefused, match="PROHIBITED_CONTENT") as caught:
        await served.ask()

    assert has_usage(caught.value)


FINISHES = {
    "SAFETY": ModelRefused,
    "RECITATION": ModelRefused,
    "LANGUAGE": ModelRefused,
    "BLOCKLIST": ModelRefused,
    "PROHIBITED_CONTENT": ModelRefused,
    "SPII": ModelRefused,
    "ESCALATION": ModelRefused,
    "PUP_LIMITED_DISABLED": ModelRefused,
    "MODEL_ARMOR": ModelRefused,
    "IMAGE_SAFETY": ModelRefused,
    "IMAGE_PROHIBITED_CONTENT": ModelRefused,
    "IMAGE_RECITATION": ModelRefused,
    "MALFORMED_FUNCTION_CALL": AnswerBroken,
    "UNEXPECTED_TOOL_CALL": AnswerBroken,
    "TOO_MANY_TOOL_CALLS": AnswerBroken,
    "MALFORMED_RESPONSE": AnswerBroken,
    "NO_IMAGE": AnswerBroken,
    "IMAGE_OTHER": AnswerBroken,
    "FINISH_REASON_UNSPECIFIED": AnswerBroken,
    "OTHER": AnswerBroken,
    "CONTINUATION": AnswerBroken,  # without a token
    "SOME_NEW_REASON": AnswerBroken,
    "MISSING_THOUGHT_SIGNATURE": SignatureMissing,
}


@pytest.mark.parametrize(("finish", "error"), FINISHES.items())
async def test_an_answer_that_ended_badly_is_called_by_its_name(gemini, finish, error):
    served = gemini({"say": "It", "finish": finish})

    with pytest.raises(error) as caught:
        await served.ask()

    assert type(caught.value) is error
    assert has_usage(caught.value)


def test_every_finish_reason_of_the_wire_has_a_row_here():
    assert {reason.value for reason in FinishReason} <= {*FINISHES, "STOP", "MAX_TOKENS"}


def said_by(*frames):
    """Our client of a service that sends these frames."""
    body = b"".join(b"data: " + frame + b"\r\n\r\n" for frame in frames)
    answer = httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body)
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: answer))
    return GeminiModel(http, api_key="key").stream(ModelRequest("gemini-3.8-flash", "", [HELLO]))


async def test_fields_that_are_newer_than_we_are_do_no_harm():
    frame = (
        b'{"brandNew": 1, "candidates": [{"newer": {}, "content": {"role": "model", "parts": '
        b'[{"text": "Hi", "newest": [1]}]}, "finishReason": "STOP"}], '
        b'"usageMetadata": {"promptTokenCount": 3, "new": 1}}'
    )

    *_, reply = [piece async for piece in said_by(frame)]

    assert (reply.text, reply.usage.prompt) == ("Hi", 3)


@pytest.mark.parametrize("frame", [b"{broken", b"<html>Bad gateway</html>"])
async def test_an_answer_that_is_not_json_is_broken(frame):
    with pytest.raises(AnswerBroken, match="not JSON"):
        [piece async for piece in said_by(frame)]


@pytest.mark.parametrize(
    "frame",
    [
        b"5",
        b'{"error": "boom"}',
        b'{"candidates": [{"content": {"parts": "x"}}]}',
        b'{"candidates": [{"content": {"parts": [{"functionCall": {"name": "a", "args": [1]}}]}}]}',
        b'{"candidates": [{"content": {"parts": [{"functionCall": {}}]}, "finishReason": "STOP"}]}',
        b'{"candidates": [{"finishReason": 5}]}',
        b'{"usageMetadata": {"promptTokenCount": "many"}}',
        b'{"candidates": [{"content": {"parts": [{"functionCall": {"name": "a", "args": {"x": %s}}}]}}]}'
        % (b"[" * 2000 + b"]" * 2000),
    ],
)
async def test_an_answer_in_another_form_is_broken(frame):
    with pytest.raises(AnswerBroken):
        [piece async for piece in said_by(frame)]


@pytest.mark.parametrize(
    "parts", ["[]", '[{"text": ""}]', '[{"text": "Hm.", "thought": true}]', '[{"brandNew": {"a": 1}}]']
)
async def test_an_answer_that_says_and_calls_nothing_is_broken(parts):
    frame = f'{{"candidates": [{{"content": {{"parts": {parts}}}, "finishReason": "STOP"}}]}}'

    with pytest.raises(AnswerBroken, match="empty"):
        [piece async for piece in said_by(frame.encode())]


async def test_a_part_that_is_newer_than_the_client_is_not_sent_back_as_nothing():
    frame = (
        b'{"candidates": [{"content": {"parts": [{"text": "Hi"}, {"brandNew": {"a": 1}}]}, '
        b'"finishReason": "STOP"}]}'
    )

    *_, reply = [piece async for piece in said_by(frame)]

    assert reply.parts == ({"text": "Hi"},)


async def test_half_of_a_surrogate_pair_is_no_text():
    frame = (
        b'{"candidates": [{"content": {"parts": [{"text": "a \\ud83d b"}, {"functionCall": '
        b'{"name": "look", "args": {"for": ["\\ude00"]}}}]}, "finishReason": "STOP"}]}'
    )

    *said, reply = [piece async for piece in said_by(frame)]

    assert said[0].text == "a ? b"
    assert reply.calls[0]["args"] == {"for": ["?"]}


@pytest.mark.parametrize("name", ["", "..", "a?b", "a\nb"])
async def test_a_name_that_no_model_can_have_is_refused_and_costs_nothing(gemini, name):
    served = gemini({"say": "It"})

    with pytest.raises(RequestInvalid) as caught:
        await served.ask(name=name)

    assert served.sent == []
    assert not caught.value.may_be_billed


async def test_an_answer_that_was_cut_at_its_length_says_so(gemini):
    served = gemini({"say": "It", "finish": "MAX_TOKENS"})

    _, reply = await served.ask()

    assert (reply.finish, reply.text) == ("MAX_TOKENS", "It")


async def test_an_answer_to_be_continued_carries_its_token(gemini):
    token = base64.b64encode(b"more").decode()
    served = gemini({"say": "It", "finish": "CONTINUATION", "continuation": token})

    _, reply = await served.ask()
    await served.ask(continuation=reply.continuation)

    assert reply.finish == "CONTINUATION"
    # One request each: the SDK's own hops are off.
    assert [body.get("continuationToken") for body in served.sent] == [None, token]


@pytest.mark.parametrize(
    ("fault", "error", "seconds"),
    [
        ({"status": 429, "retry_delay": "7s"}, ModelBusy, 7.0),
        ({"status": 429, "retry_delay": "0.25s"}, ModelBusy, 0.25),
        ({"status": 503}, ModelBusy, None),
        ({"status": 500}, ModelUnreachable, None),
        ({"status": 504}, ModelUnreachable, None),
        ({"status": 400}, RequestInvalid, None),
        ({"status": 403}, RequestInvalid, None),
        ({"status": 404}, RequestInvalid, None),
    ],
)
async def test_a_refused_request_is_called_by_its_status(gemini, fault, error, seconds):
    served = gemini({"say": "It", "faults": [fault]})

    with pytest.raises(error) as caught:
        await served.ask()

    assert type(caught.value) is error
    assert getattr(caught.value, "retry_after_seconds", None) == seconds
    assert not caught.value.may_be_billed
    # The SDK's own repetitions are off.
    assert len(served.sent) == 1


async def test_a_call_without_its_signature_is_refused_by_name(gemini):
    served = gemini({"call": [{"name": "look"}]}, {"say": "Done."})
    history = [
        HELLO,
        {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]},
        {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {}}}]},
    ]

    with pytest.raises(SignatureMissing):
        await served.ask(contents=history)


async def test_a_cancelled_request_ends_at_once(gemini):
    served = gemini({"say": ["a"] * 100, "pause_seconds": 0.05})
    asking = asyncio.create_task(served.ask())
    while not served.sent:
        await asyncio.sleep(0)

    asking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asking
