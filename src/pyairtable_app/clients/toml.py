"""Servers in TOML, for clients that keep theirs so: written out, and added below what is there."""

import json
import re
import tomllib

from pyairtable_app.clients.client import Json


def as_toml(sections: Json) -> str:
    """Each server of each section as a table of its own."""
    tables = [
        _table((section, name), entry)
        for section, servers in sections.items()
        for name, entry in servers.items()
    ]
    return "\n".join(tables)


def appended(text: str, content: Json) -> str:
    """The text with the servers that `content` has beyond it below; all that was there stays, comments too.

    Raises ValueError where that does not make `content`, as for a server that stands there otherwise.
    """
    before = tomllib.loads(text)
    added = {
        section: {
            name: entry for name, entry in servers.items() if before.get(section, {}).get(name) != entry
        }
        for section, servers in content.items()
        if servers != before.get(section)
    }
    after = f"{text.rstrip()}\n\n{as_toml(added)}".lstrip()
    if tomllib.loads(after) != content:
        raise ValueError("the servers are written in one line with others")
    return after


def _table(path: tuple[str, ...], entry: Json) -> str:
    lines = [f"[{'.'.join(map(_key, path))}]"]
    # A string or a list of strings is written alike in JSON and in TOML.
    lines += [
        f"{_key(key)} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in entry.items()
        if not isinstance(value, dict)
    ]
    inner = [_table((*path, key), value) for key, value in entry.items() if isinstance(value, dict)]
    return "\n".join(["\n".join(lines) + "\n", *inner])


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
