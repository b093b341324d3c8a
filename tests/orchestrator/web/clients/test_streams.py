"""AG-UI and the AI SDK's stream as they are on the wire, on the real loop."""

import json

import httpx2
import pytest

ADD = "Add a record to Tasks: Name = Rest, Hours = 2"


@pytest.fixture
async def http(agent):
    async with httpx2.AsyncClient(base_url=agent, timeout=30) as opened:
        yield opened


async def told(http, path, body):
    """The response, and the data of its lines."""
    answer = await http.post(path, json=body)
    assert answer.status_code == 200, answer.text
    lines = [line[6:] for line in answer.text.splitlines() if line.startswith("data: ")]
    return answer, [json.loads(line) if line != "[DONE]" else line for line in lines]


def run_input(text, **more):
    message = {"id": "m1", "role": "user", "content": text}
    return {"threadId": "t1", "runId": "r1", "messages": [message], **more}


async def test_ag_ui_tells_calls_text_cost_and_usage(http):
    _, events = await told(http, "/agui", run_input("How many tasks are there?"))

    types = [event["type"] for event in events]
    assert types[0] == "RUN_STARTED"
    assert types[-1] == "RUN_FINISHED"
    assert [event["toolCallName"] for event in events if event["type"] == "TOOL_CALL_START"] == [
        "list_bases",
        "list_tables",
        "get_records",
    ]
    assert types.count("TOOL_CALL_RESULT") == 3
    text = "".join(event["delta"] for event in events if event["type"] == "TEXT_MESSAGE_CONTENT")
    assert text.endswith("Tasks has 5 records.")
    assert events[-1]["outcome"] == {"type": "success"}
    [usage] = events[-1]["usage"]
    assert usage["model"] == "gemini-3.8-flash"
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"] > 0
    costs = [event["value"]["micros"] for event in events if event.get("name") == "cost"]
    assert sum(costs) == events[-1]["result"]["micros"] > 0


async def test_ag_ui_interrupts_for_an_approval_and_resumes(http):
    _, events = await told(http, "/agui", run_input(ADD))
    [interrupt] = events[-1]["outcome"]["interrupts"]
    assert interrupt["metadata"]["tool"] == "create_record"
    assert "Rest" in interrupt["metadata"]["preview"]

    answer = {"interruptId": interrupt["id"], "status": "resolved", "payload": {"approved": True}}
    _, events = await told(http, "/agui", run_input(ADD, runId="r2", resume=[answer]))

    assert events[0]["runId"] == events[-1]["runId"] == "r2"
    [result] = [event for event in events if event["type"] == "TOOL_CALL_RESULT"]
    assert result["toolCallId"] == interrupt["toolCallId"]
    assert events[-1]["outcome"] == {"type": "success"}


async def test_ag_ui_takes_an_edited_call(http):
    _, events = await told(http, "/agui", run_input(ADD))
    [interrupt] = events[-1]["outcome"]["interrupts"]
    arguments = interrupt["metadata"]["arguments"]
    edited = {**arguments, "fields": {**arguments["fields"], "Name": "Sleep"}}

    answer = {
        "interruptId": interrupt["id"],
        "status": "resolved",
        "payload": {"approved": True, "arguments": edited},
    }
    _, events = await told(http, "/agui", run_input(ADD, runId="r2", resume=[answer]))

    [result] = [event for event in events if event["type"] == "TOOL_CALL_RESULT"]
    assert json.loads(result["content"])["fields"]["Name"] == "Sleep"


@pytest.mark.parametrize("messages", [[], [{"id": "a", "role": "assistant", "content": "Hello"}]])
async def test_ag_ui_ends_with_an_error_when_there_is_nothing_to_say(http, messages):
    _, events = await told(http, "/agui", {"threadId": "t", "runId": "r", "messages": messages})

    assert [event["type"] for event in events] == ["RUN_STARTED", "RUN_ERROR"]


def ui(text, **more):
    return {"id": "c1", "messages": [{"id": "u1", "role": "user", "parts": [{"type": "text", "text": text}]}]}


async def test_the_ai_sdk_stream_has_its_header_its_parts_and_its_end(http):
    answer, parts = await told(http, "/api/chat", ui("How many tasks are there?"))

    assert answer.headers["x-vercel-ai-ui-message-stream"] == "v1"
    assert answer.headers["content-type"].startswith("text/event-stream")
    types = [part["type"] for part in parts[:-1]]
    assert parts[-1] == "[DONE]"
    assert types[:2] == ["start", "start-step"]
    assert types[-2:] == ["finish-step", "finish"]
    assert types.count("tool-input-available") == types.count("tool-output-available") == 3
    assert "data-cost" in types
    text = "".join(part["delta"] for part in parts[:-1] if part["type"] == "text-delta")
    assert text.endswith("Tasks has 5 records.")


@pytest.mark.parametrize(
    ("approved", "type", "count"), [(True, "tool-output-available", 6), (False, "tool-output-denied", 5)]
)
async def test_the_ai_sdk_stream_asks_for_an_approval_and_goes_on_with_the_same_message(
    http, approved, type, count
):
    _, parts = await told(http, "/api/chat", ui(ADD))
    [asked] = [part for part in parts[:-1] if part["type"] == "tool-approval-request"]
    message = parts[0]["messageId"]
    tool = {
        "type": "dynamic-tool",
        "toolName": "create_record",
        "toolCallId": asked["toolCallId"],
        "state": "approval-responded",
        "approval": {"id": asked["approvalId"], "approved": approved},
    }
    body = ui(ADD)
    body["messages"].append({"id": message, "role": "assistant", "parts": [tool]})

    _, parts = await told(http, "/api/chat", body)

    assert parts[0]["messageId"] == message
    assert type in [part["type"] for part in parts[:-1]]
    _, parts = await told(http, "/api/chat", ui("How many tasks are there?"))
    text = "".join(part["delta"] for part in parts[:-1] if part["type"] == "text-delta")
    assert f"Tasks has {count} records." in text
