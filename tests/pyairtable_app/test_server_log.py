"""The log of a server says who asked and in which session, and neither what was said nor any secret."""

import json
import logging

import httpx2
import pytest
import structlog
from mcp.server import MCPServer

from pyairtable_app.server_log import write_log
from pyairtable_app.settings import Settings
from pyairtable_app.wiring.agent import Agent

KEY = "fVq3n8ZkR1s7WcYt0LmXe5Hd"
PASSWORD = "b7Lw-password-of-redis"


@pytest.fixture
def log(capsys):
    """Configures the log for these settings; what was written since, line by line."""
    root = logging.getLogger()
    before, level = root.handlers, root.level

    def configured(settings):
        assert write_log(settings)

        def written():
            return capsys.readouterr().err.splitlines()

        return written

    yield configured
    root.handlers, root.level = before, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def settings(tmp_path, **variables):
    return Settings.from_env(
        {"DATA_DIR": str(tmp_path), "API_KEY": KEY, "REDIS_URL": f"redis://:{PASSWORD}@127.0.0.1:1"}
        | variables
    )


def fail():
    raise ValueError(f"no {PASSWORD}, no Bearer something-else")


async def test_a_line_says_who_asked_and_in_which_session(tmp_path, log):
    given = settings(tmp_path, ENVIRONMENT="production", REDIS_URL="")
    agent = Agent(given, MCPServer("tools"))
    written = log(given)
    headers = {"Authorization": f"Bearer {KEY}", "X-Request-ID": "request-7"}
    transport = httpx2.ASGITransport(app=agent.app, client=("127.0.0.1", 1))

    async with (
        agent.running(),
        httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        answer = await client.post("/chat", json={"message": "A private matter"}, headers=headers)

    lines = [json.loads(line) for line in written()]
    [began] = [line for line in lines if line["event"].endswith("goes on")]
    assert answer.status_code == 200
    assert {"request-7", "owner", answer.json()["session"]} == {
        began["request_id"],
        began["principal"],
        began["session"],
    }
    assert began["event"] == f"run {began['run']} goes on"
    assert "private" not in json.dumps(lines)
    assert KEY not in json.dumps(lines)


@pytest.mark.parametrize("environment", ["production", "development"])
def test_secrets_are_masked_wherever_they_turn_up(tmp_path, log, environment):
    given = settings(tmp_path, ENVIRONMENT=environment)
    written = log(given)

    logging.getLogger("x").error("key %s, address %s", KEY, given.stores.redis_url.value)
    structlog.get_logger("x").info("told", token="abc", authorization="Bearer abc", url=f"http://u:{KEY}@h/")
    try:
        fail()
    except ValueError:
        logging.getLogger("x").exception("failed")

    told = "\n".join(written())
    assert told.count("***") >= 6
    for secret in (KEY, PASSWORD, "abc", "something-else"):
        assert secret not in told


def test_a_person_reads_lines_and_no_json(tmp_path, log):
    written = log(settings(tmp_path))

    logging.getLogger("x").warning("hello")

    [line] = written()
    assert "warning" in line
    assert "hello" in line
    assert not line.startswith("{")
