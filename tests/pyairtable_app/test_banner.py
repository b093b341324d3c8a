"""What a person is told when the server stands."""

import json
import re

import pytest

from pyairtable_app.banner import banner
from pyairtable_app.roles import CHAT, LANGUAGE, MCP
from pyairtable_app.settings import Settings

URL = "http://127.0.0.1:8000"


def entry(**variables):
    """How Claude Desktop is told to start the server."""
    told = banner(Settings.from_env(variables), [MCP], URL)
    [found] = re.findall(r'"airtable": (.*)', told)
    return json.loads(found)


@pytest.mark.parametrize(
    ("role", "clients", "demo"), [(MCP, True, False), (CHAT, False, True), (LANGUAGE, False, False)]
)
def test_only_what_is_served_is_told(role, clients, demo):
    told = banner(Settings.from_env({}), [role], URL)

    assert ("Claude Desktop" in told, f"{URL}/mcp" in told) == (clients, clients)
    assert ("The chat is a demo" in told) == demo


def test_a_client_is_told_of_the_same_local_bases(tmp_path):
    assert entry(DATA_DIR=str(tmp_path))["env"] == {"DATA_DIR": str(tmp_path)}


@pytest.mark.parametrize("place", [{}, {"AIRTABLE_ENDPOINT_URL": "http://127.0.0.1:8002"}])
def test_a_client_is_told_of_the_same_airtable_and_not_the_token(place):
    told = entry(AIRTABLE_API_KEY="patSecret", **place)

    assert told["env"] == {"AIRTABLE_API_KEY": "pat...", **place}
