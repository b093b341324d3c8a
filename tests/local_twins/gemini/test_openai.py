"""The local Gemini under OpenAI's API, by OpenAI's own client."""

import openai
import pytest

from local_twins.gemini import Script, create_app
from local_twins.server import TwinServer

TOOLS = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
SCRIPT = {
    "conversations": [
        {
            "turns": [
                {
                    "think": "Hm.",
                    "call": [{"name": "look", "args": {"n": 1}}, {"name": "look", "args": {"n": 2}}],
                },
                {"say": ["It is ", "so."]},
            ]
        }
    ]
}


@pytest.fixture
async def client():
    with TwinServer(create_app(Script.of(SCRIPT), keys=["key"])) as url:
        async with openai.AsyncOpenAI(
            api_key="key", base_url=f"{url}/v1beta/openai", max_retries=0
        ) as opened:
            yield opened


def ask(client, messages, **more):
    return client.chat.completions.create(model="any", messages=messages, tools=TOOLS, **more)


async def test_a_script_is_worked_through_whole_and_streamed(client):
    messages = [{"role": "user", "content": "Look."}]
    asked = (await ask(client, messages)).choices[0]
    assert asked.finish_reason == "tool_calls"
    assert [call.function.arguments for call in asked.message.tool_calls] == ['{"n": 1}', '{"n": 2}']
    messages.append(asked.message.model_dump(exclude_none=True))
    messages += [
        {"role": "tool", "tool_call_id": call.id, "content": "seen"} for call in asked.message.tool_calls
    ]

    stream = await ask(client, messages, stream=True, stream_options={"include_usage": True})
    chunks = [chunk async for chunk in stream]

    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert text == "It is so."
    assert chunks[-1].usage.total_tokens > 0


@pytest.mark.parametrize("content", ['{"seen": true}', '[{"type": "text", "text": "seen"}]', "7", "null", ""])
async def test_a_function_may_answer_with_anything(client, content):
    messages = [{"role": "user", "content": "Look."}]
    asked = (await ask(client, messages)).choices[0].message
    messages.append(asked.model_dump(exclude_none=True))
    messages += [{"role": "tool", "tool_call_id": call.id, "content": content} for call in asked.tool_calls]

    answered = (await ask(client, messages)).choices[0].message

    assert answered.content == "It is so."


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([], "too short"),
        ([{"role": "robot", "content": "x"}], "Invalid value: 'robot'"),
        ([{"role": "tool", "tool_call_id": "a", "content": "x"}], "must be a response to"),
        (
            [
                {"role": "user", "content": "x"},
                {
                    "role": "assistant",
                    "tool_calls": [
                        {"id": "a", "type": "function", "function": {"name": "look", "arguments": "{}"}}
                    ],
                },
                {"role": "user", "content": "y"},
            ],
            "did not have response messages: a",
        ),
    ],
)
async def test_what_a_strict_server_refuses_is_refused(client, messages, words):
    with pytest.raises(openai.BadRequestError, match=words):
        await ask(client, messages)


async def test_an_unknown_key_is_refused(client):
    with pytest.raises(openai.AuthenticationError):
        await client.with_options(api_key="other").models.list()
    assert (await client.models.list()).data
