"""Long conversations: old turns are told by a summary, and the log keeps everything."""

from orchestrator.events import Compacted, CostCounted, UserMessage

IN_TASKS = {"base_id": "Work", "table_id": "Tasks"}
LONG = "x" * 4000
TALK = {
    "conversations": [
        {"when": "sum up the conversation", "turns": [{"say": "Ada wants tasks."}]},
        {
            "when": "first",
            "turns": [
                {"call": [{"name": "get_records", "args": IN_TASKS | {"max_records": 1}}]},
                {"say": LONG},
            ],
        },
        {"when": "second", "turns": [{"say": LONG}]},
        {"when": "third", "turns": [{"say": "Three."}]},
        {"when": "fourth", "turns": [{"say": "Four."}]},
    ]
}


async def test_old_turns_are_told_by_a_summary(agent):
    ada = await agent(document=TALK, limits={"compact_at_tokens": 1500, "turns_kept": 1})
    await ada.say("first")
    await ada.say("second")

    told = await ada.say("third")

    [summary] = told.of(Compacted)
    assert summary.summary == "Ada wants tasks."
    asked = ada.sent[-2]
    assert "tools" not in asked
    last = ada.sent[-1]["contents"]
    assert [content["role"] for content in last] == ["user", "user"]
    assert "Ada wants tasks." in last[0]["parts"][0]["text"]
    assert last[1]["parts"] == [{"text": "third"}]
    # It is paid for like any other call, and it is not what the person reads.
    assert len(told.of(CostCounted)) == 2
    assert told.answer == "Three."


async def test_the_log_keeps_what_the_summary_tells(agent):
    ada = await agent(document=TALK, limits={"compact_at_tokens": 1500, "turns_kept": 1})
    for text in ("first", "second", "third"):
        await ada.say(text)

    told = await ada.say("fourth")

    events = [logged.event for logged in await ada.parts.log.read(ada.session.id)]
    assert [event.text for event in events if isinstance(event, UserMessage)] == [
        "first",
        "second",
        "third",
        "fourth",
    ]
    assert told.of(Compacted) == []
    assert "Ada wants tasks." in ada.sent[-1]["contents"][0]["parts"][0]["text"]


async def test_a_short_conversation_is_left_as_it_is(agent):
    ada = await agent(document=TALK)
    for text in ("first", "second"):
        assert (await ada.say(text)).of(Compacted) == []
