"""The chat role as the settings want it: put together, opened, asked, and closed."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from mcp.server import MCPServer

from pyairtable_app.agent import Agent
from pyairtable_app.settings import Settings


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
