"""Several names in one line of text, "a, b": how Airtable writes and reads choices, links and people."""

import re
from collections.abc import Iterable

# A name that itself holds a comma or a quote stands in quotes, its own quotes doubled.
_NAME = r'\s*(?:"((?:[^"]|"")*)"|([^,]+))\s*(?:,|$)'


def split_names(text: str) -> list[str]:
    """The names in the text, trimmed, without empty ones and repetitions."""
    found = ((inner.replace('""', '"') or bare).strip() for inner, bare in re.findall(_NAME, text))
    return unique(name for name in found if name)


def join_names(names: Iterable[str]) -> str:
    """The names with commas between, quoted where one holds a comma: the inverse of `split_names`."""
    return ", ".join(_guarded(name) for name in names)


def unique(names: Iterable[str]) -> list[str]:
    """Each name once, in the order of first appearance."""
    return list(dict.fromkeys(names))


def _guarded(name: str) -> str:
    if "," in name or '"' in name:
        return '"' + name.replace('"', '""') + '"'
    return name
