"""What the local Gemini refuses, and how it fails when the script says so."""

import base64

import httpx2
import pytest
from google.genai import errors, types

from local_twins.gemini import Script, ScriptRefused

MODEL = "gemini-3.8-flash"
ASK = {"role": "user", "parts": [{"text": "Read"}]}
SIGNED_CALL = [{"name": "get_records", "args": {"table_id": "A"}}]


def answer(output):
    response = {"name": "get_records", "response": {"output": output}}
    return {"role": "user", "parts": [{"functionResponse": response}]}


async def post(url, body, *, method="generateContent", model=MODEL, key="key"):
    async with httpx2.AsyncClient() as http:
        headers = {"x-goog-api-key": key} if key else {}
        return await http.post(f"{url}/v1/models/{model}:{method}", json=body, headers=headers)


def message(response):
    return response.json()["error"]["message"]


async def said(url, *contents):
    """The model's content for these contents, as the wire has it."""
    response = await post(url, {"contents": list(contents)})
    return response.json()["candidates"][0]["content"]


async def test_a_call_must_come_back_with_its_signature(serve):
    url = serve({"call": SIGNED_CALL}, {"say": "Done."})
    spoken = await said(url, ASK)
    rebuilt = {"role": "model", "parts": [{"functionCall": spoken["parts"][0]["functionCall"]}]}

    refused = await post(url, {"contents": [ASK, rebuilt, answer("x")]})
    taken = await post(url, {"contents": [ASK, spoken, answer("x")]})

    assert refused.status_code == 400
    assert "missing a thought_signature" in message(refused)
    assert taken.status_code == 200


async def test_a_signature_belongs_to_its_call(serve):
    url = serve({"call": SIGNED_CALL}, {"say": "Done."})
    spoken = await said(url, ASK)
    spoken["parts"][0]["functionCall"]["args"] = {"table_id": "B"}

    refused = await post(url, {"contents": [ASK, spoken, answer("x")]})

    assert message(refused) == "Corrupted thought signature."


async def test_a_signature_may_be_encoded_anew(serve):
    url = serve({"call": SIGNED_CALL}, {"say": "Done."})
    spoken = await said(url, ASK)
    part = spoken["parts"][0]
    part["thoughtSignature"] = part["thoughtSignature"].replace("+", "-").replace("/", "_").rstrip("=")

    assert (await post(url, {"contents": [ASK, spoken, answer("x")]})).status_code == 200


async def test_an_unsigned_history_may_say_that_it_is_one(serve):
    url = serve({"say": "first"}, {"say": "Done."})
    skip = base64.b64encode(b"skip_thought_signature_validator").decode()
    call = {"functionCall": {"name": "get_records", "args": {}}, "thoughtSignature": skip}

    taken = await post(url, {"contents": [ASK, {"role": "model", "parts": [call]}, answer("x")]})

    assert taken.status_code == 200


async def test_every_call_is_answered(serve):
    url = serve({"call": SIGNED_CALL * 2}, {"say": "Done."})
    spoken = await said(url, ASK)

    refused = await post(url, {"contents": [ASK, spoken, answer("x")]})

    assert "number of function response parts is equal" in message(refused)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"contents": []}, 400, "contents is not specified"),
        ({"contents": [{"role": "user", "parts": []}]}, 400, "must not be empty"),
        ({"contents": [{"role": "system", "parts": [{"text": "x"}]}]}, 400, "valid role"),
        ({"contents": [ASK], "temprature": 1}, 400, 'Unknown name "temprature"'),
        ({"contents": [ASK], "cachedContent": "cachedContents/none"}, 403, "CachedContent not found"),
        (
            {
                "contents": [ASK],
                "generationConfig": {"thinkingConfig": {"thinking_level": "low", "thinkingBudget": 5}},
            },
            400,
            "only set one of",
        ),
        (
            {"contents": [ASK], "tools": [{"functionDeclarations": [{"name": "9 lives"}]}]},
            400,
            "Invalid function name",
        ),
        (
            {"contents": [ASK], "tools": [{"functionDeclarations": [{"name": "a"}, {"name": "a"}]}]},
            400,
            "Duplicate function declaration",
        ),
    ],
)
async def test_a_request_that_breaks_a_rule_is_refused_by_name(serve, body, status, words):
    refused = await post(serve({"say": "unused"}), body)

    assert refused.status_code == status
    assert words in message(refused)


async def test_a_key_is_asked_for_and_must_be_known(serve):
    url = serve({"say": "Hi."}, keys=["right"])

    missing = await post(url, {"contents": [ASK]}, key="")
    wrong = await post(url, {"contents": [ASK]}, key="wrong")
    right = await post(url, {"contents": [ASK]}, key="right")

    assert [missing.status_code, wrong.status_code, right.status_code] == [403, 400, 200]
    assert wrong.json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"


async def test_an_unknown_model_is_not_found(serve):
    refused = await post(serve({"say": "unused"}), {"contents": [ASK]}, model="gemini-1.0-pro")

    assert refused.status_code == 404
    assert "gemini-1.0-pro" in message(refused)


async def test_faults_come_once_each_and_then_the_reply(serve, sdk):
    faults = [{"status": 429, "message": "Quota exceeded.", "retry_delay": "7s"}, {"status": 503}]
    url = serve({"say": "At last.", "faults": faults})

    first = await post(url, {"contents": [ASK]})
    second = await post(url, {"contents": [ASK]})
    third = await post(url, {"contents": [ASK]})

    assert first.json()["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert first.json()["error"]["details"][0]["retryDelay"] == "7s"
    assert [second.status_code, third.status_code] == [503, 200]


async def chunks_until_the_end(client):
    asked = types.Content(role="user", parts=[types.Part(text="Go")])
    stream = await client.aio.models.generate_content_stream(model=MODEL, contents=[asked])
    return [chunk async for chunk in stream]


async def test_a_stream_may_end_without_a_finish_reason(serve, sdk):
    client = sdk(serve({"say": ["a", "b", "c"], "faults": [{"truncate": 2}]}))

    chunks = await chunks_until_the_end(client)

    assert "".join(chunk.text for chunk in chunks) == "ab"
    assert chunks[-1].candidates[0].finish_reason is None


async def test_a_stream_may_break_with_an_error_in_the_middle(serve, sdk):
    client = sdk(serve({"say": ["a", "b"], "faults": [{"status": 503, "after": 1}]}))

    with pytest.raises(errors.ServerError, match="currently unavailable"):
        await chunks_until_the_end(client)


async def test_a_socket_may_be_dropped_in_the_middle(serve, sdk):
    client = sdk(serve({"say": ["a", "b"], "faults": [{"drop": 1}]}))

    with pytest.raises(httpx2.TransportError):
        await chunks_until_the_end(client)


async def test_a_question_or_a_turn_that_the_script_lacks_is_named(serve):
    url = serve(document={"conversations": [{"when": "read", "turns": []}]})

    no_turn = await post(url, {"contents": [ASK]})
    no_conversation = await post(url, {"contents": [{"parts": [{"text": "Hello?"}]}]})

    assert "no turn 1 for 'Read'" in message(no_turn)
    assert "no conversation for 'Hello?'" in message(no_conversation)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "the script: expected an object"),
        ({"conversation": []}, "unknown key 'conversation'"),
        ({"conversations": [{"when": "(", "turns": []}]}, r"conversations\[0\].when"),
        ({"conversations": [{"turns": [{"sya": "x"}]}]}, r"turns\[0\]: unknown key 'sya'"),
        ({"conversations": [{"turns": [{"say": 5}]}]}, r"turns\[0\].say: expected a text"),
        ({"conversations": [{"turns": [{"call": [{"args": {}}]}]}]}, r"call\[0\]: a call needs"),
        ({"conversations": [{"turns": [{"usage": {"prompt": -1}}]}]}, "usage.prompt: expected a number"),
        ({"conversations": [{"turns": [{"faults": [{"stauts": 1}]}]}]}, r"faults\[0\]: unknown key"),
    ],
)
def test_a_script_that_is_none_names_the_place(document, words):
    with pytest.raises(ScriptRefused, match=words):
        Script.of(document)
