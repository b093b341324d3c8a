"""`pyairtable-mcp serve`: one address, a key at the door, and no way in by another name."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.pyairtable_mcp.plain import ERAS, plainly

from local_twins.gemini import Script
from local_twins.gemini import create_app as create_gemini
from local_twins.server import TwinServer

COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    },
}

Serve = Callable[..., str]


@pytest.fixture(scope="module")
def data(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(seeded, tmp_path_factory.mktemp("serving") / "data"))


@pytest.fixture
def processes() -> list[subprocess.Popen[str]]:
    """What was started."""
    return []


@pytest.fixture
def serve(data: Path, processes: list[subprocess.Popen[str]]) -> Iterator[Serve]:
    """Starts the command on a free port and gives its address; ends it after the test."""

    def start(*arguments: str, **variables: str) -> str:
        process = subprocess.Popen(
            [COMMAND, "serve", *arguments, "--port", "0"],
            env={"DATA_DIR": str(data), **variables},
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stdout
        return next(found[1] for line in process.stdout if (found := re.search(r"(http://\S+)/health", line)))

    yield start
    for process in processes:
        process.terminate()
        process.communicate(timeout=20)


def ask(url: str, body: object = None, **headers: str) -> tuple[int, str]:
    """Status and text of a request."""
    request = urllib.request.Request(
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def refused(data: Path, *arguments: str, **variables: str) -> str:
    """What the command says when it does not start."""
    run = subprocess.run(
        [COMMAND, *arguments],
        env={"DATA_DIR": str(data), **variables},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    return run.stderr


def test_every_role_answers_at_one_address(serve, data):
    url = serve()
    token = (data / "airtable.token").read_text()

    status, health = ask(f"{url}/health")
    bases = ask(f"{url}/v0/meta/bases", Authorization=f"Bearer {token}")
    mcp = ask(f"{url}/mcp", INITIALIZE)

    assert (status, json.loads(health)["roles"]) == (200, ["mcp", "gateway", "chat", "language", "airtable"])
    assert "NYC Flights 2013" in bases[1]
    assert ask(f"{url}/attachments/attNone0000000000/none.png")[0] == 404
    assert mcp[0] == 200
    assert "pyairtable" in mcp[1]


def test_the_embedded_airtable_takes_no_other_token(serve):
    url = serve()

    assert ask(f"{url}/v0/meta/bases", Authorization="Bearer patOther")[0] == 401
    assert ask(f"{url}/v0/meta/bases")[0] == 401


def test_whoever_waits_for_an_answer_when_the_server_stops_is_told_to_come_back(serve, processes):
    script = Script.of({"conversations": [{"turns": [{"say": ["Not ", "yet."], "pause_seconds": 2.5}]}]})
    asked = threading.Event()
    with (
        TwinServer(create_gemini(script, seen=lambda *_: asked.set())) as gemini,
        ThreadPoolExecutor() as pool,
    ):
        url = serve(GEMINI_ENDPOINT_URL=gemini, GEMINI_API_KEY="key")
        answer = pool.submit(ask, f"{url}/chat", {"message": "Hello"})
        assert asked.wait(20)

        processes[-1].terminate()
        status, told = answer.result(20)

    assert (status, json.loads(told)["code"]) == (503, "unavailable")


async def test_whoever_waits_for_a_tool_when_the_server_stops_is_told_that_it_may_have_written(
    serve, processes
):
    asked = asyncio.Semaphore(0)
    left = asyncio.Semaphore(0)

    async def never_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        asked.release()
        await reader.read()
        writer.close()
        left.release()

    async with await asyncio.start_server(never_answers, "127.0.0.1", 0) as airtable:
        host, port = airtable.sockets[0].getsockname()
        url = serve("mcp", AIRTABLE_ENDPOINT_URL=f"http://{host}:{port}", AIRTABLE_API_KEY="pat.key")
        async with plainly(f"{url}/mcp", ERAS[0]) as one, plainly(f"{url}/mcp", ERAS[1]) as other:
            calls = [
                asyncio.create_task(one.call("list_bases", {})),
                asyncio.create_task(other.call("list_tables", {"base_id": "appHangs000000001"})),
                asyncio.create_task(
                    one.call("list_tables", {"base_id": "appHangs000000002"}, progressToken="p")
                ),
            ]
            for _ in calls:
                await asked.acquire()

            processes[-1].terminate()
            answers = await asyncio.gather(*calls)
        for _ in calls:
            await left.acquire()

    # The last one is told how it goes on, in a stream.
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    for answer in answers:
        told = json.loads(answer.text.rstrip().splitlines()[-1].removeprefix("data: "))
        assert told["id"] == 7
        assert "A write may have been applied" in told["error"]["message"]


def test_a_role_can_be_served_alone(serve):
    url = serve("mcp")

    assert json.loads(ask(f"{url}/health")[1])["roles"] == ["mcp"]
    assert ask(f"{url}/v0/meta/bases")[0] == 404


def test_the_embedded_airtable_alone_leads_to_its_page(serve):
    url = serve("airtable")

    status, page = ask(f"{url}/")

    assert status == 200
    assert page == ask(f"{url}/_twin/")[1]


def test_with_a_key_nobody_gets_in_without_it(serve):
    url = serve(API_KEY="s3cret")

    assert ask(f"{url}/mcp", INITIALIZE)[0] == 401
    assert ask(f"{url}/mcp", INITIALIZE, Authorization="Bearer s3cre")[0] == 401
    assert ask(f"{url}/mcp", INITIALIZE, Authorization="Bearer s3cret")[0] == 200
    assert ask(f"{url}/health")[0] == 200


def test_what_the_process_counts_is_shown_behind_the_same_key(serve):
    url = serve("mcp", API_KEY="secret")

    assert ask(f"{url}/metrics")[0] == 401
    status, page = ask(f"{url}/metrics", Authorization="Bearer secret")
    assert status == 200
    assert "process_start_time_seconds" in page


def test_another_host_name_or_origin_is_refused(serve):
    url = serve()

    assert ask(f"{url}/mcp", INITIALIZE, Host="evil.example")[0] == 421
    assert ask(f"{url}/mcp", INITIALIZE, Origin="http://evil.example")[0] == 403
    assert ask(f"{url}/mcp", INITIALIZE, Origin="http://localhost:3000")[0] == 200


def test_other_machines_are_not_served_without_a_key_and_a_name(data):
    assert "Set API_KEY" in refused(data, "serve", "--host", "0.0.0.0")
    assert "ALLOWED_HOSTS" in refused(data, "serve", "--host", "0.0.0.0", API_KEY="k")


def test_a_port_that_is_taken_is_named(serve, data):
    port = serve("mcp").rsplit(":", 1)[1]

    assert f"127.0.0.1:{port}" in refused(data, "serve", "mcp", "--port", port)


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        (["serve", "mpc"], {}, "Roles: mcp, gateway, chat, language, airtable"),
        (["serve"], {"AIRTABLE_RATE_LIMIT": "x"}, "AIRTABLE_RATE_LIMIT='x'"),
        (["stdio"], {"CACHE": "redis"}, "CACHE='redis': REDIS_URL must say where"),
        (["twin", "airtable", "--db", "/dev/null/x.db"], {}, "/dev/null/x.db"),
        (["twin", "airtable", "--import", "missing.json"], {}, "--import missing.json"),
        (["twin", "airtable", "--host", "0.0.0.0"], {}, "--tokens"),
    ],
)
def test_what_cannot_start_says_in_one_line_what_to_change(data, arguments, variables, said):
    text = refused(data, *arguments, **variables)

    assert said in text
    assert text.count("\n") == 1


def test_a_file_that_is_no_database_is_named_and_left_as_it_was(data, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("These are not records.\n" * 40, encoding="utf-8")

    text = refused(data, "twin", "airtable", "--db", str(notes))

    assert f"{notes}: cannot be opened as a database" in text
    assert notes.read_text(encoding="utf-8") == "These are not records.\n" * 40


@pytest.mark.parametrize("role", ["mcp", "gateway"])
def test_what_fails_while_the_roles_start_is_said_as_shortly(tmp_path, role):
    (tmp_path / "journal.db").mkdir()

    said = refused(tmp_path, "serve", role, "--port", "0", JOURNAL="on")

    assert said.startswith(f"pyairtable-mcp: The journal {tmp_path}/journal.db cannot be used")
    assert said.count("\n") == 1


def test_version_and_help_tell_what_there_is():
    version = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, check=True)
    helped = subprocess.run([COMMAND, "--help"], capture_output=True, text=True, check=True)

    assert version.stdout.startswith("pyairtable-mcp 0.")
    for command in ("serve", "stdio", "twin", "migrate", "examples:"):
        assert command in helped.stdout
