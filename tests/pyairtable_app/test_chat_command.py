"""`pyairtable-mcp chat`: asked in a terminal or by a script, with a scripted Gemini behind it."""

import json
import os
import pty
import re
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
        {"when": "steer", "turns": [{"say": "\x1b[2J\x1b]0;title\x07Done."}]},
        {"when": "slow", "turns": [{"say": ["Slow", *["ly"] * 100], "pause_seconds": 0.2}]},
    ]
}

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(data_dir: Path):
    """Runs the command with what a person types."""
    with TwinServer(create_app(Script.of(SCRIPT))) as url:

        def start(
            *arguments: str, typed: str = "", own_model: str = ""
        ) -> "subprocess.CompletedProcess[str]":
            own = {"MODEL_URL": f"{url}/v1beta/openai", "MODEL": own_model}
            return subprocess.run(
                [COMMAND, "chat", *arguments],
                env={"DATA_DIR": str(data_dir), **(own if own_model else {"GEMINI_ENDPOINT_URL": url})},
                input=typed,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )

        yield start


def test_a_conversation_shows_calls_asks_before_writes_and_tells_the_cost(run: Run):
    ended = run(typed="hello\nsteer\nadd a client\ny\n\n")

    assert ended.returncode == 0, ended.stderr
    assert "Hello." in ended.stdout
    # What would steer the terminal is not shown.
    assert "Done." in ended.stdout
    assert "\x1b" not in ended.stdout
    assert "create_record would change:" in ended.stdout
    assert '  new record 1\n    Name: "Blue Door"\n' in ended.stdout
    assert "Settled." in ended.stdout
    assert ended.stdout.count("($0.0") == 4


def test_a_script_gets_one_line_and_a_status(run: Run):
    done = run("hello", "--json")
    waiting = run("add a client", "--json")

    told = json.loads(waiting.stdout)
    assert (done.returncode, json.loads(done.stdout)["text"]) == (0, "Hello.")
    assert (waiting.returncode, told["outcome"]) == (3, "waiting")
    assert told["approvals"][0]["arguments"] == ADD["args"]


def test_a_price_that_nobody_knows_is_not_told_as_nothing(run: Run):
    ended = run("hello", own_model="made-at-home")

    assert "Hello." in ended.stdout, ended.stderr
    assert "(price unknown)" in ended.stdout


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


def test_a_change_that_nobody_decides_about_waits_and_can_be_decided_later(run: Run):
    left = run("add a client")
    session = re.findall(r"--session (ses_\S+)", left.stdout)[0]

    later = run("--session", session, typed="\ny\n\n")

    assert left.returncode == 3
    assert later.returncode == 0
    assert later.stdout.count("Make this change?") == 2
    assert "Settled." in later.stdout


def test_a_session_that_there_is_not_is_one_line_and_no_trace(run: Run):
    ended = run("hello", "--session", "ses_none")

    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "pyairtable-mcp: There is no session 'ses_none' of yours; GET /sessions lists them."
    ]


@pytest.fixture
def typing(run: Run, data_dir: Path):
    """The command in a terminal of its own: what it shows up to a text, and what is typed."""
    with TwinServer(create_app(Script.of(SCRIPT))) as url:
        pid, terminal = pty.fork()
        if pid == 0:
            environment = {"DATA_DIR": str(data_dir), "GEMINI_ENDPOINT_URL": url}
            os.execve(COMMAND, [COMMAND, "chat"], environment)
        shown = ""

        def until(text: str, type_first: bytes = b"") -> str:
            nonlocal shown
            os.write(terminal, type_first)
            while text not in shown:
                shown += os.read(terminal, 4096).decode()
            seen, _, shown = shown.partition(text)
            return seen + text

        yield until, terminal, pid
        os.close(terminal)


def test_ctrl_c_stops_an_answer_and_then_the_conversation(typing):
    until, terminal, pid = typing
    until("> ")

    until("Slow", b"slow\n")
    stopped = until("> ", b"\x03")
    os.write(terminal, b"\x03")
    _, status = os.waitpid(pid, 0)

    assert "(cancelled: The run was cancelled." in stopped
    assert os.waitstatus_to_exitcode(status) == 130


def test_a_reader_that_leaves_early_is_no_fault(run: Run, data_dir: Path):
    with TwinServer(create_app(Script.of(SCRIPT))) as url:
        ended = subprocess.run(
            ["/bin/sh", "-c", f"{COMMAND} chat hello | true"],
            env={"DATA_DIR": str(data_dir), "GEMINI_ENDPOINT_URL": url, "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    assert "Traceback" not in ended.stderr
