"""OpenAI's own client, on the real loop."""

import httpx2
import openai
import pytest

from local_twins.gemini.demo import NOTICE

ADD = "Add a record to Tasks: Name = Rest, Hours = 2"


@pytest.fixture
async def client(agent):
    async with openai.AsyncOpenAI(api_key="none", base_url=f"{agent}/v1", max_retries=0) as opened:
        yield opened


class Talk:
    """A conversation as a client keeps it: all messages are sent each time."""

    def __init__(self, client):
        self._client = client
        self.messages = []

    async def say(self, text, **more):
        self.messages.append({"role": "user", "content": text})
        answer = await self._client.chat.completions.create(
            model="pyairtable", messages=self.messages, **more
        )
        self.messages.append({"role": "assistant", "content": answer.choices[0].message.content})
        return answer


async def test_the_agent_is_a_model(client):
    assert [model.id for model in (await client.models.list()).data] == ["pyairtable"]


async def test_a_whole_answer_tells_text_usage_and_cost_and_no_calls(client):
    answer = await Talk(client).say("How many tasks are there?")

    assert answer.choices[0].message.content == f"{NOTICE}\n\nTasks has 5 records."
    assert answer.choices[0].message.tool_calls is None
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 0
    assert answer.usage.cost_micros > 0


async def test_a_stream_shows_what_is_done_and_tells_the_same_text(client):
    stream = await client.chat.completions.create(
        model="pyairtable",
        messages=[{"role": "user", "content": "How many tasks are there?"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    text, doing, finishes, usage = "", "", [], None
    async for chunk in stream:
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""
            doing += getattr(choice.delta, "reasoning_content", None) or ""
            assert not choice.delta.tool_calls
            finishes += [choice.finish_reason] if choice.finish_reason else []

    assert text == f"{NOTICE}\n\nTasks has 5 records."
    assert [line.split()[0] for line in doing.splitlines()] == ["list_bases", "list_tables", "get_records"]
    assert finishes == ["stop"]
    assert usage is not None
    assert usage.cost_micros > 0


async def test_the_same_conversation_is_the_same_session(client, agent):
    talk = Talk(client)
    first = await talk.say("Which bases are there?")
    second = await talk.say("Which bases are there?")

    assert second.metadata["session_id"] == first.metadata["session_id"]
    assert NOTICE not in second.choices[0].message.content


@pytest.mark.parametrize("word", ["yes", "OK."])
async def test_a_word_that_may_be_a_decision_parts_no_conversation(client, word):
    talk = Talk(client)
    first = await talk.say("Which bases are there?")
    second = await talk.say(word)
    third = await talk.say("How many tasks are there?")

    sessions = {answer.metadata["session_id"] for answer in (first, second, third)}
    assert len(sessions) == 1


@pytest.mark.parametrize("greeting", [[], [{"role": "assistant", "content": "What can I do for you?"}]])
async def test_a_conversation_that_comes_from_elsewhere_goes_on_in_one_session(client, greeting):
    talk = Talk(client)
    talk.messages = [
        {"role": "system", "content": "Be short."},
        *greeting,
        {"role": "user", "content": "Who are you?"},
        {"role": "assistant", "content": "Another model."},
    ]
    first = await talk.say("Which bases are there?")
    second = await talk.say("How many tasks are there?")

    assert second.metadata["session_id"] == first.metadata["session_id"]
    assert second.choices[0].message.content == "Tasks has 5 records."


async def test_another_conversation_that_begins_alike_is_another_session(client):
    first = await Talk(client).say("Which bases are there?")
    second = await Talk(client).say("Which bases are there?")

    assert second.metadata["session_id"] != first.metadata["session_id"]


async def test_an_approval_is_asked_for_and_given_in_text(client):
    talk = Talk(client)
    asked = await talk.say(ADD)
    assert "create_record waits for your approval" in asked.choices[0].message.content
    assert "Reply `approve` or `deny`." in asked.choices[0].message.content
    done = await talk.say("approve")
    assert "Added 'Rest' to Tasks" in done.choices[0].message.content
    counted = await talk.say("How many tasks are there?")
    assert counted.choices[0].message.content == "Tasks has 6 records."


async def test_what_is_denied_is_not_done(client):
    talk = Talk(client)
    await talk.say(ADD)
    await talk.say("deny")

    counted = await talk.say("How many tasks are there?")

    assert counted.choices[0].message.content.endswith("Tasks has 5 records.")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "### Task:\nMake a title.\n<chat_history>\nUSER: Which tasks are late?\n</chat_history>",
            '{"title": "Which tasks are late?"}',
        ),
        ("### Task:\nGenerate 1-3 broad tags categorizing the main themes.\n", '{"tags": ["Airtable"]}'),
        ("### Task:\nSuggest 3-5 relevant follow-up questions.\n", '{"follow_ups": []}'),
    ],
)
async def test_titles_and_tags_are_answered_without_a_run(client, text, answer):
    told = await Talk(client).say(text)

    assert told.choices[0].message.content == answer
    assert told.usage.total_tokens == 0


async def test_a_request_that_ends_without_a_user_is_refused_in_openais_form(client):
    with pytest.raises(openai.UnprocessableEntityError) as refused:
        await client.chat.completions.create(
            model="pyairtable", messages=[{"role": "assistant", "content": "Hello"}]
        )

    assert "The last of `messages` must be a user's" in refused.value.message


async def test_a_budget_that_is_used_up_is_no_fault_after_which_a_client_asks_again(client, agent):
    async with httpx2.AsyncClient(base_url=agent) as http:
        await http.put("/budgets/global", json={"limit_micros": 1})
        eager = client.with_options(max_retries=2)

        with pytest.raises(openai.APIStatusError) as refused:
            await Talk(eager).say("Which bases are there?")
        sessions = (await http.get("/sessions")).json()["sessions"]

    assert refused.value.status_code == 402
    assert "budget_exceeded" in str(refused.value.body)
    assert len(sessions) == 1
