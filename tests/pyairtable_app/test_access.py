"""The door as the settings want it, and the command that keeps credentials."""

import io
import json
import secrets

import httpx2
import pytest

from pyairtable_app.access import Access
from pyairtable_app.cli import main
from pyairtable_app.errors import CannotServe, SettingError
from pyairtable_app.settings import Settings

KEY = secrets.token_urlsafe(32)


async def answered(app):
    async def inner(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    door = app.guarded(inner)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=door), base_url="http://h") as http:
        keyed = {"Authorization": "Bearer right-key-of-the-owner"}
        return [(await http.get("/x")).status_code, (await http.get("/x", headers=keyed)).status_code]


async def test_without_any_setting_nobody_is_asked():
    access = Access(Settings.from_env({}))

    assert not access.is_asked
    assert await answered(access) == [204, 204]


async def test_the_owners_key_opens():
    access = Access(Settings.from_env({"API_KEY": "right-key-of-the-owner"}))

    assert access.is_asked
    assert await answered(access) == [401, 204]


async def test_a_key_of_the_file_opens(tmp_path):
    file = tmp_path / "keys.json"
    rows = [{"name": "ci", "key": "right-key-of-the-owner", "scopes": ["airtable:read"]}]
    file.write_text(json.dumps(rows))

    assert await answered(Access(Settings.from_env({"API_KEYS_FILE": str(file)}))) == [401, 204]


def test_a_file_of_keys_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CannotServe, match=r"API_KEYS_FILE: .*nowhere\.json cannot be read"):
        Access(Settings.from_env({"API_KEYS_FILE": str(tmp_path / "nowhere.json")}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OAUTH_ISSUER", "http://127.0.0.1.evil.example.com"),
        ("OAUTH_ISSUER", "issuer.example.com"),
        ("OAUTH_JWKS_URL", "http://issuer.example.com/jwks"),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "https://host/path"),
        ("CREDENTIALS_KEY", "too-short"),
        ("CLIENT_RATE_LIMIT", "-1"),
        ("CLIENT_RATE_LIMIT", "nan"),
        ("CLIENT_CONCURRENCY", "0"),
    ],
)
def test_a_wrong_value_names_its_variable_and_shows_no_secret(name, value):
    with pytest.raises(SettingError, match=name) as refused:
        Settings.from_env({name: value})

    assert "too-short" not in str(refused.value)


def test_an_issuer_needs_the_address_that_its_tokens_are_for():
    with pytest.raises(SettingError, match="OAUTH_RESOURCE"):
        Settings.from_env({"OAUTH_ISSUER": "https://issuer.example.com"})


def test_credentials_are_added_from_standard_input_listed_and_removed(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CREDENTIALS_KEY", KEY)
    monkeypatch.setattr("sys.stdin", io.StringIO("patSecret\n"))

    main(["credentials", "add", "ada"])
    main(["credentials", "list"])
    main(["credentials", "remove", "ada"])
    main(["credentials", "list"])

    told = capsys.readouterr().out
    assert told.count("ada") == 3
    assert "patSecret" not in told
    assert "patSecret" not in (tmp_path / "credentials.json").read_text()


def test_credentials_without_a_key_say_how_to_make_one(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("CREDENTIALS_KEY", raising=False)

    with pytest.raises(SystemExit):
        main(["credentials", "list"])

    assert "CREDENTIALS_KEY" in capsys.readouterr().err
