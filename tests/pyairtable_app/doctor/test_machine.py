"""What the doctor finds on the machine: settings, places, ports, stores, clients' files."""

import base64
import json
import socket
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from tests.pyairtable_app.doctor.conftest import TOKEN, told

from pyairtable_app.cli import main
from pyairtable_app.clients import CLIENTS, shown
from pyairtable_app.doctor import Finding, Patient, checks, examine, exit_code
from pyairtable_app.doctor.ports import is_free
from pyairtable_app.settings import Settings
from pyairtable_app.upgrading import bring_up_to_date
from pyairtable_app.wiring.stores import Stores
from pyairtable_mcp.authorisation import CredentialStore
from pyairtable_platform.kernel import Database

WRONG = {
    "AIRTABLE_RATE_LIMIT": "fast",
    "AIRTABLE_ENDPOINT_URL": "airtable.com",
    "CACHE": "all",
    "VALIDATION": "maybe",
    "READ_ONLY": "perhaps",
    "MAX_RECORDS_READ": "-1",
    "JOURNAL": "sometimes",
    "JOURNAL_DAYS": "0",
    "JOURNAL_FILE_MB": "99",
    "API_KEY_FILE": "/nowhere/key",
    "GATEWAY_KEYS": "hunter22-secret",
    "OAUTH_ISSUER": "http://example.com",
    "ALLOWED_ORIGINS": "*",
    "CREDENTIALS_KEY": "hunter22-secret",
    "CLIENT_RATE_LIMIT": "0",
    "CLIENT_CONCURRENCY": "many",
    "DATABASE_URL": "mysql://ada:hunter22-secret@db/app",
    "REDIS_URL": "http://:hunter22-secret@redis",
    "EFFORT": "huge",
    "BUDGET_DOLLARS": "lots",
}


async def test_every_wrong_variable_is_told_at_once(found):
    findings = await found(WRONG, is_offline=True)

    wrong = told(findings, "settings", "wrong").splitlines()
    assert sorted(line.partition("=")[0].partition(":")[0] for line in wrong) == sorted(WRONG)
    assert exit_code(findings) == 1


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"OAUTH_ISSUER": "https://id.example.com"}, "OAUTH_RESOURCE=''"),
        ({"CACHE": "redis"}, "REDIS_URL must say where"),
        ({"TOOLSETS": "cors"}, "Did you mean 'core'?"),
        ({"AIRTABLE_API_KEY_FILE": "/nowhere/token"}, "cannot be read"),
        ({"AIRTABLE_ENDPOINT_URL": "ftp://ada:hunter22-secret@host"}, "ftp://ada:"),
        ({"GATEWAY_KEYS": "ada:hunter22-secret,ada:hunter22-secret"}, "each name once"),
    ],
)
async def test_what_does_not_go_together_is_told(found, env, said):
    assert said in told(await found(env, is_offline=True), "settings", "wrong")


async def test_a_slip_of_the_pen_is_told_and_other_peoples_variables_are_not(found):
    env = {
        "AIRTABLE_APIKEY": "hunter22-secret",
        "MODELS_DIR": "x",
        "AIRTABLE_TOKEN_FILE": "/dev/null",
        "EXCLUDE_TOOL": "x",
    }
    findings = await found(env, is_offline=True)

    assert told(findings, "settings", "warning").splitlines() == [
        "AIRTABLE_APIKEY is set and not read -> Did you mean AIRTABLE_API_KEY?",
        "EXCLUDE_TOOL is set and not read -> Did you mean EXCLUDE_TOOLS?",
    ]


@pytest.mark.parametrize(
    ("requirement", "status", "said"),
    [
        ("mcp>=2.3,<3", "ok", "extras: none"),
        ("mcp>=99", "wrong", "and >=99 is needed"),
        ("mcp<2,>=1.0", "wrong", "and <2 is needed"),
        ("no-such-package>=1", "wrong", "no-such-package: is missing"),
        ("no-such-package>=1; extra == 'platform'", "ok", "not here: platform"),
        ("no-such-package>=1; extra == 'sql'", "warning", "query_mirror cannot work without the extra sql"),
    ],
)
async def test_packages_that_are_missing_or_too_old_are_told(found, monkeypatch, requirement, status, said):
    monkeypatch.setattr("importlib.metadata.requires", lambda _: [requirement])

    assert said in told(await found({"TOOLSETS": "all"}, is_offline=True), "installation", status)


async def test_a_data_folder_that_cannot_be_used_or_is_open_to_all_is_told(found, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "open").mkdir(mode=0o755)
    no_folder = await found({"DATA_DIR": str(tmp_path / "file" / "data")}, is_offline=True)
    open_to_all = await found({"DATA_DIR": str(tmp_path / "open")}, is_offline=True)

    assert "is no folder" in told(no_folder, "data folder", "wrong")
    assert f"chmod 700 {tmp_path / 'open'}" in told(open_to_all, "data folder", "warning")
    assert "MB are free there" in told(open_to_all, "data folder", "ok")


async def test_who_owns_the_sample_bases_is_told(found, env):
    folder = Path(env["DATA_DIR"])
    folder.mkdir(mode=0o700)
    (folder / "airtable.url").write_text("http://127.0.0.1:4711")
    with FileLock(folder / "airtable.lock"):
        owned = await found(is_offline=True)
    free = await found(is_offline=True)

    assert "another process serves its sample bases at http://127.0.0.1:4711" in told(owned, "data folder")
    assert "another process" not in told(free, "data folder")


async def test_the_journal_is_read_as_a_server_reads_it(found, env):
    folder = Path(env["DATA_DIR"])
    absent = await found(is_offline=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    async with Stores(Settings.from_env(env), is_watched=False).journal:
        pass
    empty = await found(is_offline=True)
    (folder / "journal.db").write_bytes(b"this is no database, whatever its name may say" * 40)
    broken = await found(is_offline=True)
    off = await found({"JOURNAL": "off"}, is_offline=True)

    assert "made at the first start" in told(absent, "journal", "ok")
    assert "is readable; no change is noted yet" in told(empty, "journal", "ok")
    assert "cannot be read" in told(broken, "journal", "wrong")
    assert "cannot be listed or undone" in told(off, "journal", "ok")


async def test_a_database_is_reached_with_the_tables_of_this_version_or_the_step_is_named(
    found, postgres_url
):
    before = await found({"DATABASE_URL": postgres_url})
    async with Database(postgres_url) as database:
        await bring_up_to_date(database, also_servers=True)
    after = await found({"DATABASE_URL": postgres_url})

    assert "-> pyairtable-mcp migrate" in told(before, "stores", "wrong")
    assert "PostgreSQL is reached, and its tables are up to date" in told(after, "stores", "ok")
    assert "the services' database is readable" in told(after, "journal", "ok")


async def test_stores_that_do_not_answer_are_wrong_and_their_passwords_stay_unseen(
    found, free_port, redis_server
):
    place = f"ada:hunter22-secret@127.0.0.1:{free_port}"
    findings = await found({"DATABASE_URL": f"postgresql://{place}/app", "REDIS_URL": f"redis://{place}"})
    well = await found({"REDIS_URL": redis_server})

    assert "PostgreSQL is not reached" in told(findings, "stores", "wrong")
    assert "Redis is not reached" in told(findings, "stores", "wrong")
    assert "cannot be read" in told(findings, "journal", "wrong")
    assert "Redis answers" in told(well, "stores", "ok")
    assert urlsplit(redis_server).port


def test_a_port_is_free_until_somebody_listens(free_port):
    assert is_free(free_port)
    with closing(socket.create_server(("127.0.0.1", free_port))):
        assert not is_free(free_port)


async def test_keys_and_credentials_that_cannot_be_used_are_told(found, env, tmp_path):
    first, second = (base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2))
    folder = Path(env["DATA_DIR"])
    CredentialStore.open(folder / "credentials.json", first).add("ada", "hunter22-secret")
    (tmp_path / "keys.json").write_text("{")

    well = await found({"CREDENTIALS_KEY": first, "API_KEY": "hunter22-secret"}, is_offline=True)
    other = await found({"CREDENTIALS_KEY": second}, is_offline=True)
    keys = await found({"API_KEYS_FILE": str(tmp_path / "keys.json")}, is_offline=True)

    assert "served whoever shows a key" in told(well, "door", "ok")
    assert "1 principals have a credential" in told(well, "door", "ok")
    assert "this machine alone" in told(other, "door", "ok")
    assert "'ada' was sealed with another key" in told(other, "door", "wrong")
    assert "API_KEYS_FILE" in told(keys, "door", "wrong")


def entry(**more: object) -> dict[str, object]:
    return {"command": "/bin/sh", "args": ["-c", "pyairtable-mcp stdio"], **more}


@pytest.mark.parametrize(
    ("server", "mode", "status", "said"),
    [
        (entry(), 0o644, "ok", "'airtable' in"),
        (entry(env={"AIRTABLE_API_KEY_FILE": "/etc/hostname"}), 0o644, "ok", "/bin/sh"),
        (entry(command="/nowhere/pyairtable-mcp"), 0o600, "wrong", "no command /nowhere/pyairtable-mcp"),
        (entry(command="no-such-runner"), 0o600, "wrong", "no command no-such-runner"),
        (entry(env={"AIRTABLE_API_KEY": "pat..."}), 0o600, "wrong", "placeholder"),
        (entry(env={"AIRTABLE_API_KEY": TOKEN}), 0o600, "ok", "/bin/sh"),
        (entry(env={"AIRTABLE_API_KEY": TOKEN}), 0o644, "warning", "others may read the secret in it"),
        (entry(env={"AIRTABLE_API_KEY": "${env:AIRTABLE_API_KEY}"}), 0o644, "ok", "/bin/sh"),
        (
            {"url": "https://u:hunter22-secret@pyairtable.example/mcp?key=hunter22-secret"},
            0o600,
            "ok",
            ": https://pyairtable.example/mcp",
        ),
        ({"url": "http://[::1pyairtable"}, 0o600, "wrong", "neither a command nor an address"),
        (entry(env={"READ_ONLY": "maybe"}), 0o600, "wrong", "its variable READ_ONLY='maybe'"),
        ({"command": ["/bin/sh", "pyairtable-mcp", "stdio"]}, 0o600, "ok", ": /bin/sh"),
        ({"command": ["/nowhere/pyairtable-mcp"]}, 0o600, "wrong", "no command /nowhere/pyairtable-mcp"),
        ({"command": [], "name": "pyairtable"}, 0o600, "wrong", "neither a command nor"),
        (
            {"command": ["/bin/sh", "pyairtable-mcp"], "environment": {"READ_ONLY": "maybe"}},
            0o600,
            "wrong",
            "its variable READ_ONLY='maybe'",
        ),
        (
            {"url": "http://pyairtable.example/mcp", "headers": {"Authorization": "Bearer {env:KEY}"}},
            0o644,
            "ok",
            ": http://pyairtable.example/mcp",
        ),
    ],
)
async def test_a_clients_entry_starts_something_and_keeps_its_secret(
    found, tmp_path, server, mode, status, said
):
    path = tmp_path / ".cursor" / "mcp.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"mcpServers": {"airtable": server, "other": {"command": "/nowhere/x"}}}))
    path.chmod(mode)

    findings = await found(is_offline=True)

    [one] = [finding for finding in findings if finding.check == "clients"]
    assert one.status == status
    assert said in f"{one.found} -> {one.remedy}"


async def test_every_clients_own_file_is_looked_at_and_a_broken_one_is_told(found, tmp_path, env):
    for client in CLIENTS.values():
        path = client.place.path("linux", tmp_path, env)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shown({client.section: {"airtable": entry()}}, path))
    well = await found(is_offline=True, platform="linux")
    CLIENTS["zed"].place.path("linux", tmp_path, env).write_text("{ // mine\n}")
    CLIENTS["cursor"].place.path("linux", tmp_path, env).write_text("{}")
    broken = await found(is_offline=True, platform="linux")

    assert all(client.title in told(well, "clients", "ok") for client in CLIENTS.values())
    assert "Zed" in told(broken, "clients", "warning")
    assert "without this server: Cursor" in told(broken, "clients", "ok")


async def test_a_check_that_fails_hides_nothing_of_what_others_find(env, monkeypatch):
    async def breaks(_: Patient) -> list[Finding]:
        raise RuntimeError("hunter22-secret")

    monkeypatch.setattr(checks, "CHECKS", (breaks, *checks.CHECKS[:1]))
    first, *others = await examine(Patient(env, is_offline=True))

    assert (first.status, first.found) == ("wrong", "the check itself failed: RuntimeError")
    assert others


@pytest.mark.parametrize(("value", "code"), [("on", 0), ("perhaps", 1)])
def test_the_command_ends_with_0_only_when_nothing_is_wrong(capsys, monkeypatch, env, value, code):
    for name, given in {**env, "READ_ONLY": value, "AIRTABLE_API_KEY": ""}.items():
        monkeypatch.setenv(name, given)
    with pytest.raises(SystemExit) as ended:
        main(["doctor", "--offline", "--json", "--toolsets", "core"])
    report = json.loads(capsys.readouterr().out)
    with pytest.raises(SystemExit):
        main(["doctor", "--offline"])
    lines = capsys.readouterr().out.splitlines()

    assert ended.value.code == code
    assert report["healthy"] == (code == 0)
    assert {"check", "status", "found", "remedy"} == set(report["findings"][0])
    assert all(line.split()[0] in ("ok", "warning", "wrong") for line in lines)
