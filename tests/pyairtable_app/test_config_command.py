"""What clients are told of this server: in their own words, without a secret, and with their files kept."""

import base64
import json
import stat
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from pyairtable_app.cli import main
from pyairtable_app.clients import CLIENTS, IMAGE_USER, RUNNERS, Launch, Remote, Token
from pyairtable_app.commands import config

URL = "http://127.0.0.1:8000/mcp"
WAYS: dict[str, Launch | Remote] = {
    **{name: make(("stdio",), Token()) for name, make in RUNNERS.items()},
    "url": Remote(URL),
    "url with key": Remote(URL, has_key=True),
}
HOME = Path("/home/ada")
LIBRARY = "/home/ada/Library/Application Support"


def run(*arguments: str) -> None:
    main(["config", *arguments])


def printed(capsys: pytest.CaptureFixture[str]) -> tuple[Any, str]:
    out, err = capsys.readouterr()
    return json.loads(out), err


def test_the_command_line_names_every_client_and_every_way():
    assert tuple(CLIENTS) == config.NAMES
    assert tuple(RUNNERS) == config.RUNNERS


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CLIENTS)
def test_every_client_is_told_of_every_way_in_its_own_words(name, way):
    client = CLIENTS[name]
    document = client.document("airtable", WAYS[way])
    entry = document[client.section]["airtable"]

    if isinstance(chosen := WAYS[way], Launch):
        command = (
            entry["command"] if isinstance(entry["command"], list) else [entry["command"], *entry["args"]]
        )
        assert command == [chosen.command, *chosen.args]
    else:
        assert URL in json.dumps(entry)
    assert set(document) <= {client.section, "inputs"}
    assert json.loads(json.dumps(document)) == document


@pytest.mark.parametrize(
    ("name", "way", "written"),
    [
        (
            "claude-desktop",
            "uvx",
            '{"command":"uvx","args":["pyairtable-mcp","stdio"],"env":{"%s":"pat..."}}',
        ),
        (
            "claude-code",
            "pipx",
            '{"type":"stdio","command":"pipx","args":["run","pyairtable-mcp","stdio"],"env":{"%s":"${%s}"}}',
        ),
        ("claude-code", "url", '{"type":"http","url":"URL"}'),
        ("cursor", "uvx", '{"command":"uvx","args":["pyairtable-mcp","stdio"],"env":{"%s":"${env:%s}"}}'),
        ("cursor", "url with key", '{"url":"URL","headers":{"Authorization":"Bearer ${env:KEY}"}}'),
        (
            "vscode",
            "url with key",
            '{"type":"http","url":"URL","headers":{"Authorization":"Bearer ${input:pyairtable-mcp-key}"}}',
        ),
        ("windsurf", "url", '{"serverUrl":"URL"}'),
        ("zed", "url", '{"url":"URL"}'),
        ("codex", "uvx", '{"command":"uvx","args":["pyairtable-mcp","stdio"],"env_vars":["%s"]}'),
        ("codex", "url with key", '{"url":"URL","bearer_token_env_var":"PYAIRTABLE_MCP_KEY"}'),
        ("gemini-cli", "uvx", '{"command":"uvx","args":["pyairtable-mcp","stdio"],"env":{"%s":"${%s}"}}'),
        (
            "gemini-cli",
            "url with key",
            '{"url":"URL","type":"http","headers":{"Authorization":"Bearer ${KEY}"}}',
        ),
        (
            "opencode",
            "uvx",
            '{"type":"local","command":["uvx","pyairtable-mcp","stdio"],"environment":{"%s":"{env:%s}"}}',
        ),
        (
            "opencode",
            "url with key",
            '{"type":"remote","url":"URL","headers":{"Authorization":"Bearer {env:KEY}"}}',
        ),
    ],
)
def test_each_clients_words_are_those_of_its_documentation(name, way, written):
    client = CLIENTS[name]
    text = (
        written.replace("URL", URL).replace("KEY}", "PYAIRTABLE_MCP_KEY}").replace("%s", "AIRTABLE_API_KEY")
    )

    assert client.document("airtable", WAYS[way])[client.section] == {"airtable": json.loads(text)}


@pytest.mark.parametrize(
    ("name", "platform", "path"),
    [
        ("claude-desktop", "darwin", f"{LIBRARY}/Claude/claude_desktop_config.json"),
        ("claude-desktop", "win32", "/roaming/Claude/claude_desktop_config.json"),
        ("claude-desktop", "linux", "/xdg/Claude/claude_desktop_config.json"),
        ("claude-code", "linux", "/home/ada/.claude.json"),
        ("cursor", "win32", "/home/ada/.cursor/mcp.json"),
        ("vscode", "linux", "/xdg/Code/User/mcp.json"),
        ("vscode", "darwin", f"{LIBRARY}/Code/User/mcp.json"),
        ("windsurf", "darwin", "/home/ada/.codeium/windsurf/mcp_config.json"),
        ("zed", "linux", "/xdg/zed/settings.json"),
        ("zed", "win32", "/roaming/Zed/settings.json"),
        ("codex", "linux", "/home/ada/.codex/config.toml"),
        ("gemini-cli", "win32", "/home/ada/.gemini/settings.json"),
        ("opencode", "linux", "/xdg/opencode/opencode.json"),
        ("opencode", "win32", "/home/ada/.config/opencode/opencode.json"),
    ],
)
def test_each_clients_file_is_where_its_platform_has_it(name, platform, path):
    found = CLIENTS[name].place.path(platform, HOME, {"XDG_CONFIG_HOME": "/xdg", "APPDATA": "/roaming"})

    assert found == Path(path)


def test_a_printed_entry_starts_this_installation_with_the_chosen_tools(capsys, tmp_path):
    (tmp_path / "token").write_text("patSecret")
    run("cursor", "--token-file", str(tmp_path / "token"), "--toolsets", "core,webhooks", "--read-only")

    document, told = printed(capsys)
    entry = document["mcpServers"]["airtable"]
    assert entry["command"] == str(Path(sys.executable).with_name("pyairtable-mcp"))
    assert Path(entry["command"]).is_file()
    assert entry["args"] == ["stdio", "--toolsets", "core,webhooks", "--read-only"]
    assert entry["env"] == {"AIRTABLE_API_KEY_FILE": str(tmp_path / "token")}
    assert "patSecret" not in told
    assert ".cursor/mcp.json" in told


def test_a_container_reads_the_token_from_a_mounted_file_and_no_argument_holds_it(tmp_path):
    by_file = RUNNERS["docker"](("stdio",), Token(tmp_path / "token"))
    by_name = RUNNERS["docker"](("stdio",), Token())

    assert f"source={tmp_path / 'token'}," in " ".join(by_file.args)
    assert "AIRTABLE_API_KEY_FILE=/run/secrets/airtable_token" in by_file.args
    assert by_name.args[by_name.args.index("--env") + 1] == "AIRTABLE_API_KEY"


@pytest.mark.parametrize("more", [[], ["--write"]])
@pytest.mark.parametrize(
    ("runner", "mode", "platform", "is_told"),
    [
        ("docker", 0o600, "linux", True),
        ("docker", 0o644, "linux", False),
        ("docker", 0o600, "darwin", False),
        ("uvx", 0o600, "linux", False),
    ],
)
def test_who_may_read_a_token_that_is_mounted_is_told(
    capsys, tmp_path, monkeypatch, runner, mode, platform, is_told, more
):
    monkeypatch.setattr(sys, "platform", platform)
    token = tmp_path / "token"
    token.write_text("patSecret")
    token.chmod(mode)

    run("cursor", "--by", runner, "--token-file", str(token), "--file", str(tmp_path / "mcp.json"), *more)

    told = f"setfacl -m u:{IMAGE_USER}:r {token}" in capsys.readouterr().err
    assert told == is_told


def test_links_carry_the_entry_that_is_printed(capsys):
    run("cursor")
    cursor, told = printed(capsys)
    query = parse_qs(urlsplit(next(word for word in told.split() if word.startswith("cursor://"))).query)
    run("vscode", "--name", "my tables")
    vscode, told = printed(capsys)
    link = next(word for word in told.split() if word.startswith("vscode:"))

    assert query["name"] == ["airtable"]
    assert json.loads(base64.b64decode(query["config"][0])) == cursor["mcpServers"]["airtable"]
    assert json.loads(unquote(link.partition("?")[2])) == {
        "name": "my tables",
        **vscode["servers"]["my tables"],
        "inputs": vscode["inputs"],
    }


def test_a_file_keeps_everything_else_its_form_and_a_copy_of_what_it_was(capsys, tmp_path):
    file = tmp_path / "mcp.json"
    before = '{\n    "theme": "dünkel",\n    "mcpServers": {"other": {"command": "x"}}\n}\n'
    file.write_text(before, encoding="utf-8")
    file.chmod(0o640)

    run("cursor", "--write", "--file", str(file))
    run("cursor", "--write", "--file", str(file))
    run("cursor", "--write", "--file", str(file), "--by", "uvx")

    content = json.loads(file.read_text(encoding="utf-8"))
    said = capsys.readouterr().out
    assert list(content) == ["theme", "mcpServers"]
    assert content["mcpServers"]["other"] == {"command": "x"}
    assert content["mcpServers"]["airtable"]["command"] == "uvx"
    assert '\n    "theme": "dünkel"' in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert before in [copy.read_text(encoding="utf-8") for copy in tmp_path.glob("mcp.json.*.bak")]
    assert said.count("Written") == 2
    assert said.count("has it already") == 1
    assert "AIRTABLE_API_KEY in its environment" in said


def test_a_new_file_is_its_owners_alone_and_questions_are_put_once(tmp_path):
    file = tmp_path / "new" / "mcp.json"

    run("vscode", "--write", "--file", str(file))
    content = json.loads(file.read_text())
    content["inputs"].insert(0, {"id": "other", "type": "promptString"})
    file.write_text(json.dumps(content))
    run("vscode", "--write", "--file", str(file), "--by", "uvx")

    content = json.loads(file.read_text())
    assert [one["id"] for one in content["inputs"]] == ["other", "airtable-api-key"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


TOML = '# mine\nmodel = "x"\n\n[mcp_servers.other]\ncommand = "x"  # kept\n'


@pytest.mark.parametrize("name", ["airtable", "my tables", 'a"b.c'])
@pytest.mark.parametrize(
    "arguments", [[], ["--samples"], ["--url", URL, "--key"], ["--toolsets", "core,webhooks"]]
)
def test_what_is_printed_for_a_file_in_toml_is_what_is_written_below_everything_else(
    capsys, tmp_path, name, arguments
):
    file = tmp_path / "config.toml"
    file.write_text(TOML)
    asked = ("codex", "--name", name, *arguments, "--file", str(file))

    run(*asked)
    out = capsys.readouterr().out
    run(*asked, "--write")
    run(*asked, "--write")

    content = tomllib.loads(file.read_text())
    assert file.read_text().startswith(TOML)
    assert list(content["mcp_servers"]) == ["other", name]
    assert content["mcp_servers"][name] == tomllib.loads(out)["mcp_servers"][name]
    assert "has it already" in capsys.readouterr().out


def test_a_new_file_in_toml_holds_the_server_alone(tmp_path):
    run("codex", "--write", "--file", str(tmp_path / "config.toml"))

    [server] = tomllib.loads((tmp_path / "config.toml").read_text())["mcp_servers"].values()
    assert server["args"] == ["stdio"]


def test_a_link_to_a_file_stays_a_link(tmp_path):
    real = tmp_path / "real.json"
    real.write_text("{}")
    (tmp_path / "link.json").symlink_to(real)

    run("cursor", "--write", "--file", str(tmp_path / "link.json"))

    assert (tmp_path / "link.json").is_symlink()
    assert "airtable" in json.loads(real.read_text())["mcpServers"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"mcpServers": {', "no plain JSON"),
        ('{\n  // mine\n  "mcpServers": {}\n}', "lose comments"),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ("[]", "no JSON object"),
        ('{"mcpServers": []}', "'mcpServers' is no object"),
        ('{"mcpServers": {"airtable": {"command": "npx"}}}', "another server named 'airtable'"),
        ('{"mcpServers": {"airtable": {"url": "http://elsewhere/mcp"}}}', "another server named 'airtable'"),
        (b"\xff\xfe{}", "no UTF-8"),
    ],
)
def test_a_file_that_cannot_be_kept_whole_is_not_touched(capsys, tmp_path, text, said):
    file = tmp_path / "mcp.json"
    content = text if isinstance(text, bytes) else text.encode()
    file.write_bytes(content)

    with pytest.raises(SystemExit) as ended:
        run("cursor", "--write", "--file", str(file))

    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[mcp_servers", "no TOML"),
        ("mcp_servers = 1", "'mcp_servers' is no object"),
        ("[mcp_servers.airtable]\ncommand = 'pyairtable-mcp' # mine\n", "has this server already"),
        ("mcp_servers = {other = {command = 'x'}}", "rewriting would lose comments"),
        ("mcp_servers.airtable.command = 'npx'", "another server named 'airtable'"),
    ],
)
def test_a_file_in_toml_to_which_nothing_can_be_added_is_not_touched(capsys, tmp_path, text, said):
    file = tmp_path / "config.toml"
    file.write_text(text)

    with pytest.raises(SystemExit):
        run("codex", "--write", "--file", str(file))

    assert said in capsys.readouterr().err
    assert file.read_text() == text
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["zed", "--write"], "looks up no variables"),
        (["claude-desktop", "--url", URL, "--key", "--write"], "by hand"),
        (["cursor", "--url", "ftp://x/mcp"], "--url='ftp://x/mcp'"),
        (["cursor", "--url", "http://u:p@x/mcp"], "no key in it"),
        (["cursor", "--token-file", "/nowhere/token"], "there is no such file"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_remedy(capsys, tmp_path, arguments, said):
    with pytest.raises(SystemExit):
        run(*arguments, "--file", str(tmp_path / "new.json"))

    assert said in capsys.readouterr().err
    assert not (tmp_path / "new.json").exists()


def test_the_sample_bases_are_those_of_serve(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    run("zed", "--samples")

    assert printed(capsys)[0]["context_servers"]["airtable"]["env"] == {"DATA_DIR": str(tmp_path)}


def test_an_entry_without_secrets_says_nothing_of_them():
    for client in CLIENTS.values():
        for name, make in RUNNERS.items():
            entry = client.entry(replace(make(("stdio",), Token(is_asked=False))))
            assert "AIRTABLE_API_KEY" not in json.dumps(entry), (client.name, name)
