"""The encoders of other people's protocols, event by event."""

import json
from datetime import UTC, datetime

import pytest

from orchestrator.events import (
    ApprovalRequested,
    Logged,
    ModelMessage,
    RunFinished,
    RunStarted,
    TextDelta,
    ThoughtDelta,
    ToolFinished,
    ToolsListed,
)
from orchestrator.web.agui import AgUi
from orchestrator.web.completions import Completion
from orchestrator.web.fitting import fitting
from orchestrator.web.sse import MOST_BYTES, data_response
from orchestrator.web.ui_messages import UiMessages
from orchestrator.web.ui_messages_api import under_way

AT = datetime(2026, 11, 25, tzinfo=UTC)
CALL = {"functionCall": {"name": "look", "args": {"n": 1}}}


def logged(*events):
    return [Logged("ses_1", number, AT, event) for number, event in enumerate(events, 1)]


def message(*parts, **more):
    return ModelMessage("run_1", parts, "STOP", {"prompt": 3, "output": 2, "thinking": 1}, "m", **more)


def end(outcome="done", **more):
    return RunFinished("run_1", outcome, 12, **more)


def as_ag_ui(*happenings):
    told = AgUi("t", "r")
    return [event for happening in happenings for event in told.events(happening)]


def as_ui_messages(*happenings, **more):
    told = UiMessages("m", **more)
    return [part for happening in happenings for part in told.parts(happening)]


THINKS = [ThoughtDelta("run_1", "Hm."), TextDelta("run_1", "So."), *logged(message({"text": "So."}), end())]


def test_ag_ui_tells_thoughts_as_reasoning_that_ends_before_the_text():
    types = [event["type"] for event in as_ag_ui(*THINKS)]

    assert types == [
        "REASONING_START",
        "REASONING_MESSAGE_START",
        "REASONING_MESSAGE_CONTENT",
        "REASONING_MESSAGE_END",
        "REASONING_END",
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
        "RUN_FINISHED",
    ]


def test_the_ai_sdk_is_told_thoughts_as_reasoning():
    types = [part["type"] for part in as_ui_messages(*THINKS)]

    assert types[:6] == [
        "reasoning-start",
        "reasoning-delta",
        "reasoning-end",
        "text-start",
        "text-delta",
        "text-end",
    ]


def test_usage_is_told_by_the_provider_and_model_that_served():
    first, second = message({"text": "a"}), message({"text": "b"}, provider="openai-compatible")

    last = as_ag_ui(*logged(first, second, second, end()))[-1]

    assert [(used["provider"], used["inputTokens"]) for used in last["usage"]] == [
        ("google", 3),
        ("openai-compatible", 6),
    ]


def test_results_have_the_ids_of_their_calls_whatever_the_model_called_them():
    named = {"functionCall": {**CALL["functionCall"], "id": "theirs"}}
    events = logged(
        message(named, CALL),
        ToolFinished("run_1", "run_1.0.0", "look", output="a"),
        ToolFinished("run_1", "run_1.0.1", "look", output="b"),
        message(CALL),
        ToolFinished("run_1", "run_1.1.0", "look", output="c"),
    )

    told = as_ag_ui(*events)

    started = [event["toolCallId"] for event in told if event["type"] == "TOOL_CALL_START"]
    assert started == [event["toolCallId"] for event in told if event["type"] == "TOOL_CALL_RESULT"]
    assert started == ["run_1.0.0", "run_1.0.1", "run_1.1.0"]


def test_the_ai_sdk_is_told_no_result_of_a_call_that_its_message_lacks():
    result = ToolFinished("run_1", "run_0.0.0", "look", error="It was not made.")

    assert as_ui_messages(*logged(result)) == []
    assert as_ui_messages(*logged(result), calls={"run_0.0.0"})[0]["type"] == "tool-output-error"


@pytest.mark.parametrize(
    ("outcome", "last"),
    [("done", "finish"), ("waiting", "finish"), ("cancelled", "abort"), ("failed", "finish")],
)
def test_the_ai_sdk_is_told_an_end_and_the_cost_of_every_outcome(outcome, last):
    parts = as_ui_messages(*logged(end(outcome, message="Why.")))

    assert parts[0] == {
        "type": "message-metadata",
        "messageMetadata": {"run": "run_1", "outcome": outcome, "micros": 12},
    }
    assert parts[-1]["type"] == last
    assert ("error" in [part["type"] for part in parts]) == (outcome == "failed")


async def lines_of(events):
    async def each():
        for event in events:
            yield event

    return [line async for line in data_response(each()).body_iterator]


LONG = "ü" * 200_000


@pytest.mark.parametrize("encode", [as_ag_ui, as_ui_messages])
async def test_no_line_is_too_long_for_readers_and_no_text_is_lost(encode):
    many = {"records": [{"id": f"rec{n}", "Name": LONG[:500]} for n in range(1000)]}
    call = {"functionCall": {"name": "write", "args": {"text": LONG}}}
    asked = ApprovalRequested(
        "run_1", "apr_1", "run_1.0.0", "write", {"text": LONG}, "0" * 64, LONG, "It writes.", "2026-11-26"
    )
    events = logged(
        message({"text": LONG}, call),
        ToolFinished("run_1", "run_1.0.0", "write", output=many),
        asked,
        end("waiting"),
    )

    lines = await lines_of(encode(*events))

    assert max(len(line.encode()) for line in lines) <= MOST_BYTES + len("data: \n\n")
    told = [json.loads(line[6:]) for line in lines]
    spoken = [one["delta"] for one in told if one["type"] in ("TEXT_MESSAGE_CONTENT", "text-delta")]
    assert "".join(spoken) == LONG
    if encode is as_ag_ui:
        given = "".join(one["delta"] for one in told if one["type"] == "TOOL_CALL_ARGS")
        assert json.loads(given) == {"text": LONG}
        assert told[-1]["outcome"]["interrupts"][0]["id"] == "apr_1"


def test_what_fits_is_left_alone_and_what_does_not_says_how_much_was_cut():
    small = {"a": [1, 2], "b": {"c": "x" * 100}}

    assert fitting(small, 1000) is small
    cut = fitting({"type": "t", "text": "x" * 5000, "list": list(range(5000))}, 1000)
    assert cut["type"] == "t"
    assert "cut: 5,000 characters" in cut["text"]
    assert cut["list"][-1] == "… (cut: 5,000 items)"


def test_an_answer_in_openais_form_holds_text_of_any_length():
    told = Completion("c", "m")

    deltas = [delta for one in logged(message({"text": LONG})) for delta in told.deltas(one)]

    assert "".join(delta["content"] for delta in deltas) == told.text == LONG
    assert len(deltas) > 1


@pytest.mark.parametrize("names", [(), ("look",)])
def test_every_client_hears_that_the_tools_have_changed(names):
    listed = logged(ToolsListed("run_1", {"look": "a1"}, changed=names))

    changed = {"changed": ["look"]}
    assert as_ag_ui(*listed) == [{"type": "CUSTOM", "name": "tools_changed", "value": changed}] * len(names)
    assert as_ui_messages(*listed) == [{"type": "data-tools", "data": changed}] * len(names)


def test_a_run_is_under_way_from_its_beginning_to_its_end():
    first, second = RunStarted("run_1", "m"), RunStarted("run_2", "m")

    assert under_way("ses_1", []) is None
    assert under_way("ses_1", logged(first, end())) is None
    talk = under_way("ses_1", logged(first, end(), second, message({"text": "a"})))
    assert talk is not None
    assert (talk.run, talk.after) == ("run_2", 2)
