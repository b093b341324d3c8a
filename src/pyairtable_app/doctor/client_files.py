"""The files of the clients: whether they lead to a server that can start, and who may read their secrets."""

import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pyairtable_app.clients import CLIENTS, Client, read
from pyairtable_app.clients.client import PLACEHOLDERS
from pyairtable_app.clients.files import names_us
from pyairtable_app.doctor.finding import Finding, Findings
from pyairtable_app.doctor.patient import Patient
from pyairtable_app.doctor.readings import read_settings
from pyairtable_app.errors import CannotOpenData

_SECRETS = ("AIRTABLE_API_KEY", "AIRTABLE_TOKEN", "API_KEY", "AUTHORIZATION")


async def check(patient: Patient) -> list[Finding]:
    """Every client that has a file here; those that do not know this server in one line."""
    tell = Findings("clients")
    findings, others = list[Finding](), list[str]()
    for client in CLIENTS.values():
        path = client.place.path(patient.platform, patient.home, patient.env)
        if not path.exists():
            continue
        found = list(_client(patient, client, path, tell))
        findings += found
        if not found:
            others.append(client.title)
    if others:
        findings.append(tell.ok(f"without this server: {', '.join(others)} (config CLIENT --write adds it)"))
    return findings or [tell.ok("no client's file is here; config CLIENT prints what one needs")]


def _client(patient: Patient, client: Client, path: Path, tell: Findings) -> Iterator[Finding]:
    try:
        servers = read(path).servers(client.section)
    except CannotOpenData as error:
        yield tell.warning(f"{client.title}: {str(error).partition(' Nothing was')[0]}", "Mend it by hand.")
        return
    for name, entry in servers.items():
        if names_us(entry) and isinstance(entry, Mapping):
            problems = list(_entry(patient, entry, path))
            for found, remedy, is_wrong in problems:
                make = tell.wrong if is_wrong else tell.warning
                yield make(f"{client.title}, {name!r} in {path}: {found}", remedy)
            if not problems:
                yield tell.ok(f"{client.title}, {name!r} in {path}: {_shown(entry)}")


Problem = tuple[str, str, bool]
"""What was found, how to mend it, and whether it cannot work so."""


def _entry(patient: Patient, entry: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    if not _shown(entry):
        yield "it has neither a command nor an address", "config CLIENT prints what belongs there.", True
    command = _command(entry)
    if command and _missing(command, patient.env.get("PATH")):
        yield (
            f"there is no command {command}",
            "config CLIENT --write puts in the one of this installation.",
            True,
        )
    env = entry.get("env") or entry.get("environment")
    variables = (
        {key: value for key, value in env.items() if isinstance(value, str)}
        if isinstance(env, Mapping)
        else {}
    )
    for problem in read_settings(_looked_up(variables)).problems:
        yield f"its variable {problem}", "Change it there.", True
    yield from _secrets(patient, {**variables, **_headers(entry)}, path)


def _command(entry: Mapping[str, Any]) -> str:
    """What it starts, "" for nothing; opencode keeps the arguments in the same list."""
    command = entry.get("command") or ""
    return str(command[0]) if isinstance(command, list) else str(command)


def _missing(command: str, search: str | None) -> bool:
    return shutil.which(command, path=search) is None


def _secrets(patient: Patient, values: Mapping[str, str], path: Path) -> Iterator[Problem]:
    held = {key: value for key, value in values.items() if key.upper() in _SECRETS}
    if any(value.removeprefix("Bearer ") in PLACEHOLDERS for value in held.values()):
        yield (
            "the example's placeholder stands for the secret",
            "Put the secret there, or name a file with it.",
            True,
        )
    literal = [key for key, value in held.items() if not _is_looked_up(value)]
    if patient.platform == "win32" or not literal or not path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        return
    yield f"others may read the secret in it ({', '.join(literal)})", f"chmod 600 {path}", False


def _looked_up(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables that the file gives itself; what the client looks up is not known here."""
    return {key: value for key, value in variables.items() if not _is_looked_up(value)}


def _is_looked_up(value: str) -> bool:
    """Whether the client puts a variable there: ${NAME}, ${env:NAME}, {env:NAME} or $NAME."""
    return "${" in value or "{env:" in value or value.startswith("$")


def _headers(entry: Mapping[str, Any]) -> dict[str, str]:
    headers = entry.get("headers")
    return {key: str(value) for key, value in headers.items()} if isinstance(headers, Mapping) else {}


def _shown(entry: Mapping[str, Any]) -> str:
    """The command, or the address without what may be a key in it; "" for neither."""
    if command := _command(entry):
        return command
    try:
        parts = urlsplit(str(entry.get("url") or entry.get("serverUrl") or ""))
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}" if parts.hostname else ""
