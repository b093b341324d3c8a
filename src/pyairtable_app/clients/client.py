"""A client: what it calls things in its configuration, and where that lies on each platform."""

import base64
import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pyairtable_app.clients.launch import KEY, TOKEN, Launch, Remote

Json = dict[str, Any]

_PLACEHOLDERS = {TOKEN: "pat...", KEY: "<the server's API_KEY>"}
PLACEHOLDERS = frozenset(_PLACEHOLDERS.values())
"""What stands for a secret where the client cannot look it up; a person puts the secret there."""


class NoReference(ValueError):
    """The client's file can only hold the secret itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a client keeps its configuration: `roots` by platform (sys.platform), then the path below."""

    darwin: str
    linux: str
    win32: str

    def path(self, platform: str, home: Path, env: Mapping[str, str]) -> Path:
        """The file; {config} and {appdata} follow the platform's variables."""
        pattern = {"darwin": self.darwin, "win32": self.win32}.get(platform, self.linux)
        config = env.get("XDG_CONFIG_HOME") or str(home / ".config")
        appdata = env.get("APPDATA") or str(home / "AppData" / "Roaming")
        return Path(pattern.format(home=home, config=config, appdata=appdata))


def by_command(**more: str) -> Callable[[Launch, Json], Json]:
    """An entry that starts a command, its arguments and variables apart."""

    def entry(launch: Launch, env: Json) -> Json:
        return {**more, "command": launch.command, "args": list(launch.args)} | ({"env": env} if env else {})

    return entry


_PLAIN = by_command()


@dataclass(frozen=True, slots=True)
class Client:
    """One client.

    `section` holds its servers by name. `reference` is how a value of its file names a variable that it looks
    up, "" when it looks up none. `remote` makes the entry of a server with an address and headers, `local`
    that of a command with its variables. `link` and `command` make what installs an entry with one click or
    one line.
    """

    name: str
    title: str
    section: str
    place: Place
    remote: Callable[[str, Json], Json]
    local: Callable[[Launch, Json], Json] = _PLAIN
    reference: str = ""
    asks_person: bool = False
    link: Callable[[str, Json], str] | None = None
    command: Callable[[str, Json], str] | None = None
    then: str = "Restart it."

    def entry(self, way: Launch | Remote) -> Json:
        """The server as this client writes it; secrets are references, else placeholders."""
        if isinstance(way, Remote):
            header = {"Authorization": f"Bearer {self._secret(KEY)}"} if way.has_key else {}
            return self.remote(way.url, header)
        return self.local(way, {**way.env, **{name: self._secret(name) for name in way.asks}})

    def document(self, name: str, way: Launch | Remote) -> Json:
        """A whole configuration with this server alone."""
        document: Json = {self.section: {name: self.entry(way)}}
        if inputs := self.inputs(way):
            document["inputs"] = inputs
        return document

    def inputs(self, way: Launch | Remote) -> list[Json]:
        """The questions that the client puts to a person, once, for the secrets that it keeps itself."""
        if not self.asks_person:
            return []
        return [
            {"type": "promptString", "id": _id(name), "description": _ABOUT[name], "password": True}
            for name in _asked(way)
        ]

    def require_references(self, way: Launch | Remote) -> None:
        """Raises NoReference when the entry would stand in the file with a placeholder."""
        if _asked(way) and not self.reference:
            raise NoReference(f"{self.title} looks up no variables in its file")

    def looked_up(self, way: Launch | Remote) -> tuple[str, ...]:
        """The variables that the client must find in its own environment."""
        return _asked(way) if self.reference and not self.asks_person else ()

    def _secret(self, name: str) -> str:
        if not self.reference:
            return _PLACEHOLDERS[name]
        return self.reference.format(name=_id(name) if self.asks_person else name)


_ABOUT = {TOKEN: "Airtable personal access token", KEY: "API key of the PyAirtable server"}


def _asked(way: Launch | Remote) -> tuple[str, ...]:
    if isinstance(way, Remote):
        return (KEY,) if way.has_key else ()
    return way.asks


def _id(name: str) -> str:
    return name.lower().replace("_", "-")


def by_words(launch: Launch, env: Json) -> Json:
    """For opencode: the command with its arguments as one list."""
    entry: Json = {"type": "local", "command": [launch.command, *launch.args]}
    return entry | ({"environment": env} if env else {})


def by_names(launch: Launch, env: Json) -> Json:
    """For Codex: a variable of its own environment is handed on by its name alone."""
    given = {name: value for name, value in env.items() if name not in launch.asks}
    entry: Json = {"command": launch.command, "args": list(launch.args)}
    return (
        entry | ({"env_vars": list(launch.asks)} if launch.asks else {}) | ({"env": given} if given else {})
    )


def by_bearer(url: str, headers: Json) -> Json:
    """For Codex: the header's token is named by its variable."""
    return {"url": url} | ({"bearer_token_env_var": KEY} if headers else {})


def by_url(key: str, **more: str) -> Callable[[str, Json], Json]:
    """An entry whose address stands under `key`."""

    def entry(url: str, headers: Json) -> Json:
        return {**more, key: url} | ({"headers": headers} if headers else {})

    return entry


def by_bridge(url: str, headers: Json) -> Json:
    """For a client that starts commands only: the npm package mcp-remote passes everything on.

    It splits its arguments at spaces on some platforms, so the header's value comes from its environment.
    """
    if not headers:
        return {"command": "npx", "args": ["-y", "mcp-remote", url]}
    return {
        "command": "npx",
        "args": ["-y", "mcp-remote", url, "--header", "Authorization:${AUTHORIZATION}"],
        "env": {"AUTHORIZATION": headers["Authorization"]},
    }


def cursor_link(scheme: str) -> Callable[[str, Json], str]:
    """A link with the entry as base64 of its JSON."""

    def link(name: str, entry: Json) -> str:
        config = base64.b64encode(_compact(entry).encode()).decode()
        return f"{scheme}?name={quote(name, safe='')}&config={quote(config, safe='')}"

    return link


def vscode_link(name: str, entry: Json) -> str:
    """A link with the entry, its name and its questions as JSON."""
    return f"vscode:mcp/install?{quote(_compact({'name': name, **entry}), safe='')}"


def claude_code_command(name: str, entry: Json) -> str:
    """One line for a shell."""
    return f"claude mcp add-json --scope user {shlex.quote(name)} {shlex.quote(_compact(entry))}"


def _compact(value: Json) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
