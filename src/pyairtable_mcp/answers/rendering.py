"""A result as text for a model: complete, and in as few characters as stay readable.

One rule for every tool: single values stand on a line each, a list of objects is a table with its
columns named once, everything else is compact JSON. Nothing that the structured result holds is left out.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from math import isfinite
from typing import Any

from pyairtable_mcp.answers.budget import compact
from pyairtable_mcp.answers.showing import json_on_one_line, on_one_line

_RECORD = frozenset({"index", "id", "createdTime", "fields"})

_OBJECT = (dict, Mapping)
"""For `isinstance`, which asks the abstract class only about the few that are no plain dict."""


def render(result: Mapping[str, Any]) -> str:
    """The result's single values, then its tables, each under its name."""
    lines: list[str] = []
    tables: list[str] = []
    for name, value in result.items():
        if _is_table(value):
            tables.append(f"{name}:\n{_table(value)}")
        else:
            lines.append(f"{name}: {_cell(value)}")
    return "\n".join([*lines, *tables])


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, _OBJECT) for row in value)


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Tab-separated, the header first; a column that is equal in every row is said once, before it."""
    flat = [_flatten(row) for row in rows]
    columns = list(dict.fromkeys(chain.from_iterable(flat)))
    shared = _shared(columns, flat) if len(flat) > 1 else {}
    varying = [column for column in columns if column not in shared]
    head = ["(each: " + ", ".join(f"{name}={_cell(value)}" for name, value in shared.items()) + ")"] * bool(
        shared
    )
    body = ["\t".join([_cell(row.get(column)) for column in varying]).rstrip("\t") for row in flat]
    return "\n".join([*head, "\t".join(map(on_one_line, varying)), *body])


def _flatten(row: Mapping[str, Any]) -> dict[str, Any]:
    """A record's `fields` become columns beside its id, unless one of them has a name that is taken."""
    fields = row.get("fields")
    if not isinstance(fields, _OBJECT) or not _RECORD.issuperset(row):
        return dict(row)
    flat = dict(row)
    del flat["fields"]
    flat.update(fields)
    return flat if len(flat) == len(row) - 1 + len(fields) else dict(row)


def _shared(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The columns that every row fills with one and the same value, unless those are all there are."""
    shared = dict(rows[0])
    for row in rows:
        shared = {name: value for name, value in shared.items() if name in row and row[name] == value}
        if not shared:
            break
    return shared if len(shared) < len(columns) else {}


def _cell(value: object) -> str:
    """One value on one line: text as it is with tabs and line ends escaped, the rest as compact JSON."""
    match value:
        case None:
            return ""
        case str():
            return on_one_line(value)
        case bool():
            return "true" if value else "false"
        case int():
            return int.__repr__(value)
        case float() if isfinite(value):
            return float.__repr__(value)
        case _:
            return json_on_one_line(compact(value))
