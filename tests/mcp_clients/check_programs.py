"""Clients that are programs, told of the server by `pyairtable-mcp config`, none of them with an account.

They come from npm: `make test-mcp-clients`.
"""

import json
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from tests.mcp_clients.desk import KEY, PROGRAMS, Desk

from local_twins.gemini import Script, create_app
from local_twins.server import TwinServer
from pyairtable_mcp import Selection

Json = dict[str, Any]
Program = Callable[..., str]

EVERY_TOOL = {tool.name for tool in Selection().members()}
LISTS = {
    "claude-code": ("claude", "mcp", "list"),
    "gemini-cli": ("gemini", "mcp", "list"),
}
TRUSTED = {"GEMINI_CLI_TRUST_WORKSPACE": "true"}
"""Gemini CLI starts no server in a folder that nobody called trusted."""


def states(said: str) -> dict[str, bool]:
    """By the server's name, whether the client's list has it as connected."""
    return {
        name: "connected" in line.lower() and not re.search("fail|disconnected", line.lower())
        for line in said.splitlines()
        for name in re.findall(r"\b(here|there)\b", line.split("/")[0])
    }


@pytest.mark.parametrize("client", LISTS)
def test_it_connects_by_what_config_wrote(desk, program, url, client):
    desk.config(client, "--name", "here", "--samples", "--write")
    desk.config(client, "--name", "there", "--url", url, "--key", "--write")

    said = program(*LISTS[client], **TRUSTED)
    with_another_key = program(*LISTS[client], **TRUSTED, PYAIRTABLE_MCP_KEY="another")

    assert states(said) == {"here": True, "there": True}, said
    assert states(with_another_key) == {"here": True, "there": False}, with_another_key


def test_claude_code_takes_the_printed_command(desk, program):
    told = desk.config("claude-code", "--name", "here", "--samples")
    command = told.partition("Or by one command: ")[2].splitlines()[0]

    program(*shlex.split(command))

    assert states(program("claude", "mcp", "list")) == {"here": True}


def test_codex_offers_every_tool_of_what_config_wrote_and_calls_one(desk, url):
    desk.config("codex", "--name", "here", "--samples", "--write")
    desk.config("codex", "--name", "there", "--url", url, "--key", "--write")

    with codex(desk) as ask:
        servers = ask("mcpServerStatus/list")["data"]
        thread = ask("thread/start", approvalPolicy="never")["thread"]["id"]
        call = {"threadId": thread, "tool": "list_bases", "arguments": {}}
        answers = [ask("mcpServer/tool/call", server=name, **call) for name in ("here", "there")]

    offered = {server["name"]: set(server["tools"]) for server in servers}
    assert offered == {"here": EVERY_TOOL, "there": EVERY_TOOL}
    assert all("NYC Flights 2013" in str(answer["content"]) for answer in answers)


def test_gemini_cli_declares_the_tools_to_a_model_and_calls_what_it_asks_for(desk, program):
    """The model is the local Gemini, which plays a script."""
    desk.config("gemini-cli", "--name", "here", "--samples", "--write")
    settings = Path(desk.env["HOME"], ".gemini", "settings.json")
    by_key = {"security": {"auth": {"selectedType": "gemini-api-key"}}}
    settings.write_text(json.dumps(json.loads(settings.read_text()) | by_key))
    first = {"call": [{"name": "mcp_here_list_bases", "args": {}}]}
    script = {"conversations": [{"when": "which bases", "turns": [first, {"say": "I have seen them."}]}]}

    with TwinServer(create_app(Script.of(script), keys=["key"])) as model:
        env = {**TRUSTED, "GEMINI_API_KEY": "key", "GOOGLE_GEMINI_BASE_URL": model}
        said = program(
            "gemini",
            "-m",
            "gemini-2.5-flash",
            "--yolo",
            "--output-format",
            "json",
            "-p",
            "Which bases?",
            **env,
        )

    told = json.loads(said[said.index("{\n") :])
    assert told["response"] == "I have seen them."
    assert told["stats"]["tools"]["byName"]["mcp_here_list_bases"]["success"] == 1


@pytest.mark.parametrize("way", ["stdio", "http"])
@pytest.mark.parametrize("client", ["claude-code", "cursor", "vscode", "windsurf", "codex", "opencode"])
def test_mcporter_reads_the_file_that_config_wrote_for_another_client(desk, program, open_url, client, way):
    """It stands for the clients with windows, which cannot be started here."""
    given = ("--samples",) if way == "stdio" else ("--url", open_url)
    desk.config(client, "--name", "here", *given, "--write")

    assert calls(desk, program, imports=(client,)) == EVERY_TOOL


async def test_claude_desktop_reaches_a_server_with_a_key_over_mcp_remote(desk, url):
    printed = desk.config("claude-desktop", "--name", "here", "--url", url, "--key").partition("\nFor ")[0]
    # The person puts the key in place of the placeholder; npx finds the package where it would install it.
    entry = json.loads(printed.replace("<the server's API_KEY>", KEY))["mcpServers"]["here"]
    (desk.work / "node_modules").symlink_to(PROGRAMS.parent)
    started = StdioServerParameters(
        command=entry["command"], args=entry["args"], env={**desk.env, **entry["env"]}, cwd=desk.work
    )

    async with Client(started) as client:
        listed = {tool.name for tool in (await client.list_tools()).tools}
        bases = (await client.call_tool("list_bases", {})).structured_content

    assert entry["command"] == "npx"
    assert listed == EVERY_TOOL
    assert "NYC Flights 2013" in str(bases)


def test_supergateway_passes_everything_on_from_http_to_stdio(desk, program, url):
    words = ["--streamableHttp", url, "--oauth2Bearer", KEY]

    assert (
        calls(desk, program, {"mcpServers": {"here": {"command": "supergateway", "args": words}}})
        == EVERY_TOOL
    )


def calls(
    desk: Desk, program: Program, servers: Json | None = None, imports: tuple[str, ...] = ()
) -> set[str]:
    """The tools that mcporter lists, after it has called one."""
    (desk.work / "config").mkdir()
    (desk.work / "config" / "mcporter.json").write_text(
        json.dumps({"mcpServers": {}, "imports": imports, **(servers or {})})
    )
    bases = program("mcporter", "call", "here.list_bases")
    assert "NYC Flights 2013" in bases, bases
    said = program("mcporter", "list", "here", "--json")
    listed = json.loads(said[said.index("{") :])
    return {tool["name"] for tool in listed["tools"]}


@contextmanager
def codex(desk: Desk) -> Iterator[Callable[..., Json]]:
    """Codex as its own windows use it; inside, its methods are asked by name."""
    with subprocess.Popen(
        [PROGRAMS / "codex", "app-server"],
        cwd=desk.work,
        env=desk.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        asked, told = process.stdin, process.stdout

        def send(message: Json) -> None:
            asked.write(json.dumps(message) + "\n")
            asked.flush()

        def ask(method: str, **params: Any) -> Json:
            send({"id": method + str(params), "method": method, "params": params})
            answers = (json.loads(line) for line in told)
            answer: Json = next(one for one in answers if one.get("id") == method + str(params))
            assert "result" in answer, answer
            return dict(answer["result"])

        ask("initialize", clientInfo={"name": "test", "version": "1"})
        send({"method": "initialized"})
        try:
            yield ask
        finally:
            process.terminate()
