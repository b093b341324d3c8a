"""What a person is told when the server stands: what is where, and how to connect a client."""

import json
import sys
from collections.abc import Collection
from pathlib import Path

from pyairtable_app.roles import CHAT, MCP, Role
from pyairtable_app.settings import Settings

_DEMO = "The chat is a demo of plain rules: set GEMINI_API_KEY, or MODEL_URL and MODEL, for a model."


def banner(settings: Settings, served: Collection[Role], url: str) -> str:
    """A few lines for the terminal, about the roles that are served and no others."""
    places = [(url + role.paths[0], role.about) for role in served] + [(url + "/health", "health")]
    is_demo = CHAT in served and not settings.agent.has_model
    return "\n".join(
        [
            f"PyAirtable MCP serves {_airtable(settings)}.",
            *(f"  {address:<32} {about}" for address, about in places),
            _access(settings),
            *([_DEMO] if is_demo else []),
            *(_clients(settings, url) if MCP in served else []),
        ]
    )


def _clients(settings: Settings, url: str) -> list[str]:
    return [
        "Claude Desktop: Settings > Developer > Edit Config, put this under mcpServers and restart it:",
        f'  "airtable": {json.dumps(_stdio_entry(settings))}',
        f"VS Code, Cursor and other clients: a server of type http at {url}/mcp",
    ]


def _airtable(settings: Settings) -> str:
    if settings.airtable.url:
        return f"the Airtable at {settings.airtable.url}"
    if settings.airtable.token:
        return "your Airtable (AIRTABLE_API_KEY is set)"
    return "two sample bases, NYC Flights 2013 and Studio (no AIRTABLE_API_KEY is set)"


def _access(settings: Settings) -> str:
    given = settings.access
    if settings.http.api_key is not None:
        return "Clients send the API_KEY as: Authorization: Bearer <key>"
    if given.keys_file or given.issuer:
        return "Clients send a token as: Authorization: Bearer <token>"
    return "No API_KEY is set: only this machine is served."


def _stdio_entry(settings: Settings) -> dict[str, object]:
    """How a client starts the stdio server of this installation on the same bases, without the token."""
    entry: dict[str, object] = {
        "command": str(Path(sys.executable).with_name("pyairtable-mcp")),
        "args": ["stdio"],
    }
    if settings.airtable.is_embedded:
        entry["env"] = {"DATA_DIR": str(settings.data.folder.resolve())}
    else:
        place = {"AIRTABLE_ENDPOINT_URL": settings.airtable.url} if settings.airtable.url else {}
        entry["env"] = {"AIRTABLE_API_KEY": "pat...", **place}
    return entry
