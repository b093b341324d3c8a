"""The chat role as the settings want it: put together, opened, asked, and closed."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from mcp.server import MCPServer

from local_twins.gemini import Script, create_app
from local_twins.server import TwinServer
from orchestrator.running import Limits
from pyairtable_app.errors import SettingError
from pyairtable_app.settings import Settings
from pyairtable_app.wiring.agent import Agent


@pytest.fixture
def make(tmp_path):
    """Makes the agent for these variables, and a client of it that sits at this machine."""

    def made(**variables):
        settings = Settings.from_env({"DATA_DIR": str(tmp_path), **variables})
        agent = Agent(settings, MCPServer("tools"))
        transport = httpx2.ASGITransport(app=agent.app, client=("127.0.0.1", 1))
        return agent, httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1")

    return made


async def test_its_health_tells_of_what_it_stands_on(make):
    agent, _ = make()

    async with agent.running():
        well = await agent.health.report()

    assert well == ("ok", {"database": "ok", "store": "ok", "tools": "ok"})


async def test_without_tools_it_answers_less_and_without_redis_too(make, free_port):
    nowhere = f"127.0.0.1:{free_port}"
    agent, _ = make(MCP_URL=f"http://{nowhere}/mcp", REDIS_URL=f"redis://{nowhere}")

    async with agent.running():
        status, found = await agent.health.report()

    assert (status, found["database"], found["store"]) == ("degraded", "ok", "Redis does not answer.")
    assert "cannot be reached" in found["tools"]


@pytest.mark.parametrize(
    ("limit", "statuses"), [("0.2", [200, 200, 429]), ("off", [200, 200, 200]), ("50", [200, 200, 200])]
)
async def test_who_asks_too_often_is_told_so(make, limit, statuses):
    agent, client = make(CLIENT_RATE_LIMIT=limit)

    async with agent.running(), client:
        answers = [await client.get("/sessions") for _ in statuses]

    assert [answer.status_code for answer in answers] == statuses
    assert [answer.headers.get("RateLimit-Policy") for answer in answers] == [
        {"off": None, "0.2": '"default";q=2;w=10', "50": '"default";q=500;w=10'}[limit]
    ] * 3


async def test_a_session_whose_time_was_over_is_gone_after_a_restart(make):
    agent, client = make()
    async with agent.running(), client:
        made = (await client.post("/sessions", json={"lives_seconds": 1})).json()
        await agent.parts.sessions.rename(
            made["id"], "local", "Old", at=datetime.now(UTC) - timedelta(hours=1)
        )

    agent, client = make()
    async with agent.running(), client:
        assert (await client.get(f"/sessions/{made['id']}")).status_code == 404


SETTINGS_THINKING = [
    ({}, {}, {}),
    ({"EFFORT": "low"}, {}, {"thinking_level": "LOW"}),
    ({"EFFORT": "low"}, {"effort": "high"}, {"thinking_level": "HIGH"}),
    ({"EFFORT": "low"}, {"thinking_budget": 512}, {"thinking_budget": 512}),
    ({"THINKING_BUDGET": "1024"}, {}, {"thinking_budget": 1024}),
    ({"THINKING_BUDGET": "1024"}, {"thinking_budget": 0}, {"thinking_budget": 0}),
    ({"THINKING_BUDGET": "1024"}, {"effort": "medium"}, {"thinking_level": "MEDIUM"}),
]


@pytest.mark.parametrize(("variables", "asked", "sent"), SETTINGS_THINKING)
async def test_thinking_is_sent_as_the_settings_and_the_request_say(make, variables, asked, sent):
    bodies = []
    script = Script.of({"conversations": [{"turns": [{"say": "Hello."}]}]})
    with TwinServer(create_app(script, seen=lambda _, body: bodies.append(body))) as gemini:
        agent, client = make(
            GEMINI_ENDPOINT_URL=gemini, MODEL="gemini-3.5-flash", MAX_OUTPUT_TOKENS="99", **variables
        )
        async with agent.running(), client:
            await client.post("/chat", json={"message": "Hi", **asked})

    config = bodies[0]["generationConfig"]
    assert config["maxOutputTokens"] == 99
    assert config["thinkingConfig"] == {"include_thoughts": True, **sent}


def test_the_limits_are_those_of_the_settings(make):
    agent, _ = make(
        RUN_STEPS="3", RUN_SECONDS="60", RUN_TOKENS="1000", APPROVAL_HOURS="1", TOOL_CHANGES="stop"
    )

    limits = agent.parts.limits
    assert (limits.steps, limits.wall_seconds, limits.tokens) == (3, 60, 1000)
    assert limits.approval_lives == timedelta(hours=1)
    assert agent.parts.tool_changes == "stop"


def test_without_settings_the_limits_are_those_of_the_loop(make):
    agent, _ = make()

    assert agent.parts.limits == Limits()
    assert not agent.parts.tracing.captures_content


def test_traces_hold_what_is_said_if_that_is_wanted(make):
    agent, _ = make(OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT="true")

    assert agent.parts.tracing.captures_content


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_a_limit_that_is_none_is_named(make, value):
    with pytest.raises(SettingError, match=r"RUN_STEPS=.*a whole number from 1 on"):
        make(RUN_STEPS=value)
