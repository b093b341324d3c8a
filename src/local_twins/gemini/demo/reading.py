"""Requests that only read: which bases and tables, what a table is made of, find, how many, what changed."""

import re
from typing import Any

from local_twins.gemini.demo.conditions import formula_of, unquoted
from local_twins.gemini.demo.places import Place, find_base, find_table, left_over
from local_twins.gemini.demo.work import Json, Stopped, Work, ask, shown

_SHOWN = 10
_PAGE = 1000
_MOST_PAGES = 50
_COLUMNS = 4
_SAID = 200

Words = re.Match[str]


def bases(_: Words, __: str) -> Work:
    """Which bases there are."""
    found = (yield from ask("list_bases"))["bases"]
    lines = [f"- {base['name']} ({base['id']})" for base in found]
    return "\n".join([f"There {_are(len(found), 'base')}:", *lines]) if found else "There is no base yet."


def tables(words: Words, hint: str) -> Work:
    """Which tables a base has."""
    base = yield from find_base(words.string, hint)
    listed = yield from ask("list_tables", base_id=base["id"], detail="tables")
    lines = [f"- {table['name']}: {_counted(table['field_count'], 'field')}" for table in listed["tables"]]
    return "\n".join([f"{listed['base_name']} has {_counted(len(lines), 'table')}:", *lines])


def describe(words: Words, hint: str) -> Work:
    """What a table is made of."""
    place = yield from find_table(words["table"], words.string, hint)
    told = yield from ask("get_field_info", base_id=place.base, table_id=place.table)
    lines = [f"- {field['name']}: {field['type']}" for field in told["fields"]]
    head = f"{place.table} has {_counted(len(lines), 'field')}; {place.primary} is the primary one."
    return "\n".join([head, *lines])


def find(words: Words, hint: str) -> Work:
    """Records with a text in them, or of which a condition holds."""
    place = yield from find_table(words["table"], words.string, hint)
    where = {"base_id": place.base, "table_id": place.table, "max_records": _SHOWN}
    if condition := words["where"]:
        told = yield from ask("get_records", **where, filter_by_formula=formula_of(place, condition))
    elif text := unquoted(words["text"] or ""):
        told = yield from ask("search_records", **where, query=text)
    else:
        told = yield from ask("get_records", **where)
    return _listing(place, told)


def count(words: Words, hint: str) -> Work:
    """How many records there are, or how many of which a condition holds."""
    place = yield from find_table(words["table"], words.string, hint)
    if left := left_over(words["table"], place):
        raise Stopped(
            f"I count {place.table}, but did not understand {shown(left)}. Say: where Status is Done."
        )
    formula = formula_of(place, words["where"]) if words["where"] else None
    seen, cursor = 0, None
    for _ in range(_MOST_PAGES):
        page = yield from ask(
            "get_records",
            base_id=place.base,
            table_id=place.table,
            fields=[place.primary],
            max_records=_PAGE,
            filter_by_formula=formula,
            cursor=cursor,
        )
        seen += len(page["records"])
        cursor = page.get("cursor")
        if cursor is None:
            return f"{place.table} has {_counted(seen, 'record')}{_such(words['where'])}."
    return (
        f"{place.table} has more than {seen:,} records{_such(words['where'])}; a demo stops counting there."
    )


def changes(_: Words, __: str) -> Work:
    """What was changed last."""
    told = yield from ask("list_changes", limit=_SHOWN)
    lines = [f"- {_change(change)}" for change in told["changes"]]
    return (
        "\n".join(["The last changes:", *lines]) if lines else "Nothing was changed through these tools yet."
    )


def _change(change: Json) -> str:
    where = change.get("table") or change.get("base")
    number = _counted(change.get("records", 0), "record")
    return (
        f"{change['at']}: {change['operation']}, {number} of {where}, by {change['by']} ({change['state']})"
    )


def _listing(place: Place, told: Json) -> str:
    records = told["records"]
    if not records:
        return f"No record of {place.table} fits."
    more = " There are more." if told.get("cursor") or told.get("total", 0) > len(records) else ""
    lines = [f"- {_line(place, record['fields'])}" for record in records]
    return "\n".join([f"{_counted(len(records), 'record')} of {place.table}.{more}", *lines])


def _line(place: Place, cells: Json) -> str:
    others = [name for name in place.fields if name != place.primary and _is_plain(cells.get(name))]
    told = [f"{name}: {_shown(cells[name])}" for name in others[: _COLUMNS - 1]]
    return ", ".join([_shown(cells.get(place.primary, "(without a name)")), *told])


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and value not in ("", False)


def _shown(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else f"{text[:79]}…"


def _such(condition: str | None) -> str:
    said = " ".join((condition or "").rstrip("?").split())
    return f" where {said if len(said) <= _SAID else f'{said[: _SAID - 1]}…'}" if said else ""


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _are(count: int, noun: str) -> str:
    return f"{'is' if count == 1 else 'are'} {_counted(count, noun)}"
