"""In production nothing starts with a secret that is missing or weak; what to do is said with each."""

import os
import re
from pathlib import Path

import pytest

from pyairtable_app.cli import main
from pyairtable_app.errors import CannotServe
from pyairtable_app.production import REQUIREMENTS, require_secrets, weakness
from pyairtable_app.roles import AIRTABLE, CHAT, GATEWAY, LANGUAGE, MCP, ROLES
from pyairtable_app.settings import Settings

ROOT = Path(__file__).parents[2]
STRONG = "fVq3n8ZkR1s7WcYt0LmXe5Hd"
FAR = "db.example.org"
GOOD = {
    "ENVIRONMENT": "production",
    "API_KEY": STRONG,
    "AIRTABLE_API_KEY": "patSomething",
    "GEMINI_API_KEY": "a-key-of-google",
    "MCP_URL": "https://mcp.example.org/mcp",
    "MCP_API_KEY": STRONG,
    "DATABASE_URL": f"postgresql://agent:{STRONG}@{FAR}/agent",
    "REDIS_URL": f"rediss://:{STRONG}@{FAR}:6379",
}
WITHOUT = [
    (MCP, {"API_KEY": ""}, "API_KEY is missing (mcp). python -c"),
    (LANGUAGE, {"API_KEY": ""}, "API_KEY is missing (language). python -c"),
    (MCP, {"API_KEY": "short"}, "API_KEY is weak: it has 5 characters"),
    (LANGUAGE, {"API_KEY": "a" * 40}, "API_KEY is weak: it repeats"),
    (CHAT, {"API_KEY": ""}, "API_KEY is missing (chat). python -c"),
    (CHAT, {"API_KEY": "my-password-for-the-server"}, "API_KEY is weak: it holds a word"),
    (GATEWAY, {"API_KEY": ""}, "GATEWAY_KEYS is missing (gateway). Write name:key"),
    (GATEWAY, {"GATEWAY_KEYS": f"ada:{STRONG},bob:short"}, "GATEWAY_KEYS of bob is weak"),
    (MCP, {"AIRTABLE_API_KEY": ""}, "AIRTABLE_API_KEY is missing, so that sample bases"),
    (GATEWAY, {"AIRTABLE_API_KEY": ""}, "AIRTABLE_API_KEY is missing, so that sample bases"),
    (CHAT, {"GEMINI_API_KEY": ""}, "GEMINI_API_KEY is missing, so that a demo would answer (chat)."),
    (CHAT, {"MCP_API_KEY": ""}, "MCP_API_KEY is missing (chat)."),
    (CHAT, {"MCP_API_KEY": "short"}, "MCP_API_KEY is weak"),
    *(
        (role, {"DATABASE_URL": f"postgresql://postgres{password}@{FAR}/x"}, f"DATABASE_URL holds {lack}")
        for role in (MCP, GATEWAY, CHAT)
        for password, lack in [("", "no password"), (":postgres", "a password that is weak")]
    ),
    *(
        (role, {"REDIS_URL": f"redis://{FAR}:6379"}, "REDIS_URL holds no password")
        for role in (MCP, GATEWAY, CHAT)
    ),
]


def refusal(*roles, **variables):
    """What is said of the roles with these variables; empty when they may start."""
    try:
        require_secrets(Settings.from_env(GOOD | variables), roles)
    except CannotServe as error:
        return str(error)
    return ""


def test_with_its_secrets_every_role_may_start(tmp_path):
    assert refusal(*ROLES, DATA_DIR=str(tmp_path)) == ""


@pytest.mark.parametrize(("role", "variables", "said"), WITHOUT)
def test_what_a_role_lacks_is_said_with_what_to_do(role, variables, said, tmp_path):
    told = refusal(role, DATA_DIR=str(tmp_path), **variables)

    assert said in told
    assert STRONG not in told
    assert "short" not in told


def test_credentials_that_cannot_be_opened_are_told_of(tmp_path):
    (tmp_path / "credentials.json").write_text("{}")

    assert "CREDENTIALS_KEY is missing" in refusal(MCP, DATA_DIR=str(tmp_path))
    assert "CREDENTIALS_KEY is weak" in refusal(MCP, DATA_DIR=str(tmp_path), CREDENTIALS_KEY="A" * 43)


def test_what_other_roles_need_is_not_asked_of_one(tmp_path):
    bare = dict.fromkeys(GOOD.keys() - {"ENVIRONMENT", "API_KEY"}, "")

    assert refusal(LANGUAGE, DATA_DIR=str(tmp_path), **bare) == ""
    assert refusal(AIRTABLE, DATA_DIR=str(tmp_path), **bare, API_KEY="") == ""


def test_on_a_laptop_nothing_is_asked(tmp_path):
    bare = dict.fromkeys(GOOD, "")

    assert refusal(*ROLES, DATA_DIR=str(tmp_path), **bare) == ""


@pytest.mark.parametrize("near", ["postgresql://postgres@127.0.0.1/x", "postgresql:///x", "sqlite:///x.db"])
def test_a_database_of_this_machine_may_have_no_password(near, tmp_path):
    assert refusal(CHAT, DATA_DIR=str(tmp_path), DATABASE_URL=near) == ""


def test_all_that_is_wrong_is_said_at_once_and_the_command_ends(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(os, "environ", {"DATA_DIR": str(tmp_path), "ENVIRONMENT": "production"})

    with pytest.raises(SystemExit) as ended:
        main(["serve", "mcp", "chat"])

    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert re.findall(r"- (\w+) ", said) == ["API_KEY", "API_KEY", "AIRTABLE_API_KEY", "GEMINI_API_KEY"]


def test_the_documentation_has_the_same_table():
    text = (ROOT / "docs/production.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([a-z, ]+) \|", text, re.MULTILINE)

    assert rows == [(one.variable, ", ".join(role.name for role in one.roles)) for one in REQUIREMENTS]


def test_a_made_key_is_strong():
    assert weakness(STRONG) == ""
