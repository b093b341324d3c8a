"""`pyairtable-mcp chat`: asked in a terminal or by a script, with a scripted Gemini behind it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local_twins.gemini import Script, create_app
from local_twins.server import TwinServer

COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))
CLIENTS = {"base_id": "Studio", "table_id": "Clients"}
ADD = {"name": "create_record", "args": {**CLIENTS, "fields": {"Name": "Blue Door"}}}
SCRIPT = {
    "conversations": [
        {"when": "add", "turns": [{"call": [ADD]}, {"say": ["Settled", "."]}]},
        {"when": "hello", "turns": [{"say": ["Hel", "lo."]}]},
    ]
}

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path):
    """Runs the command with what a person types."""
    with TwinServer(create_app(Script.of(SCRIPT))) as url:

        def start(*arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
            return subprocess.run(
                [COMMAND, "chat", *arguments],
                env={"DATA_DIR": str(tmp_path), "GEMINI_ENDPOINT_URL": url},
                input=typed,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )

        yield start


def test_a_conversation_shows_calls_asks_before_writes_and_tells_the_cost(run: Run):
    ended = run(typed="hello\nadd a client\ny\n\n")

    assert ended.returncode == 0, ended.stderr
    assert "Hello." in ended.stdout
    assert "create_record would change:" in ended.stdout
    assert "Blue Door" in ended.stdout
    assert "Settled." in ended.stdout
    assert ended.stdout.count("($0.0") == 3


def test_a_script_gets_one_line_and_a_status(run: Run):
    done = run("hello", "--json")
    waiting = run("add a client", "--json")

    told = json.loads(waiting.stdout)
    assert (done.returncode, json.loads(done.stdout)["text"]) == (0, "Hello.")
    assert (waiting.returncode, told["outcome"]) == (3, "waiting")
    assert told["approvals"][0]["arguments"] == ADD["args"]


def test_a_change_that_is_not_wanted_is_not_made(run: Run):
    ended = run("add a client", typed="Not this one\n")
    events = run("hello", "--json")

    assert ended.returncode == 0, ended.stderr
    assert "[create_record" not in ended.stdout
    assert json.loads(events.stdout)["outcome"] == "done"


def test_json_needs_a_question(run: Run):
    ended = run("--json")

    assert ended.returncode == 2
    assert "needs a question" in ended.stderr
