"""What a person says of values, as a filter formula or as cells."""

import re
from typing import Any

from local_twins.gemini.demo.places import Place
from local_twins.gemini.demo.work import Stopped

_CONDITION = re.compile(
    r"^(?P<field>.+?)\s*(?P<how><=|>=|!=|=|<|>|\bis not\b|\bcontains\b|\bis\b)\s*(?P<value>.+)$",
    re.IGNORECASE,
)
_SIGNS = {"is": "=", "is not": "!="}
_NUMBERS = frozenset(
    ["number", "currency", "percent", "duration", "rating", "count", "autoNumber", "rollup", "formula"]
)
_DATES = frozenset(["date", "dateTime", "createdTime", "lastModifiedTime"])
_LISTS = frozenset(["multipleSelects", "multipleRecordLinks"])
_PAIR = re.compile(r"\s*(?P<field>[^=:,]+?)\s*[=:]\s*(?P<value>\"[^\"]*\"|'[^']*'|[^,]*)\s*(?:,|$)")


def formula_of(place: Place, condition: str) -> str:
    """The filter formula that says the condition. Raises Stopped."""
    found = _CONDITION.match(condition.strip())
    if found is None:
        raise Stopped(f"I did not understand {condition.strip()!r}. Say for example: where Status is Done.")
    field = place.field(found["field"])
    how = " ".join(found["how"].casefold().split())
    value, kind = unquoted(found["value"]), place.fields[field]
    named = "{" + field.replace("}", "\\}") + "}"
    if how == "contains":
        return f"FIND(LOWER({_text(value)}), LOWER({named} & ''))"
    sign = _SIGNS.get(how, how)
    if kind == "checkbox":
        return named if (value.casefold() in ("true", "yes", "checked")) == (sign == "=") else f"NOT({named})"
    if kind in _DATES:
        return _date(named, sign, value)
    if kind in _NUMBERS and (number := _number(value)) is not None:
        return f"{named} {sign} {number}"
    return f"{named} {sign} {_text(value)}"


def cells_of(place: Place, said: str) -> dict[str, Any]:
    """Cells of "Field = value, Field = value". Raises Stopped."""
    cells: dict[str, Any] = {}
    at = 0
    while at < len(said) and (found := _PAIR.match(said, at)):
        field = place.field(found["field"])
        cells[field] = cell(place.fields[field], found["value"])
        at = found.end()
    if said[at:].strip() or not cells:
        raise Stopped(f"I did not understand {said[at:].strip() or said!r}. Say: Name = Ada, Status = Todo.")
    return cells


def cell(kind: str, said: str) -> Any:
    """The value as a field of that type takes it."""
    value = unquoted(said)
    if kind == "checkbox":
        return value.casefold() in ("true", "yes", "checked", "1")
    if kind in _NUMBERS and (number := _number(value)) is not None:
        return number
    if kind in _LISTS:
        return [part.strip() for part in value.split(";") if part.strip()]
    return value


def unquoted(said: str) -> str:
    """The text without the quotes around it."""
    text = said.strip().rstrip("?")
    quoted = re.fullmatch(r"\"(.*)\"|'(.*)'|“(.*)”", text)
    return next((group for group in quoted.groups() if group is not None), "") if quoted else text.strip()


def exactly(field: str, value: str) -> str:
    """The formula for records whose field reads so, whatever the case."""
    return "LOWER({" + field.replace("}", "\\}") + f"}} & '') = LOWER({_text(value)})"


def _date(named: str, sign: str, value: str) -> str:
    comparisons = {
        "=": "IS_SAME({0}, {1}, 'day')",
        "!=": "NOT(IS_SAME({0}, {1}, 'day'))",
        "<": "IS_BEFORE({0}, {1})",
        ">": "IS_AFTER({0}, {1})",
        "<=": "NOT(IS_AFTER({0}, {1}))",
        ">=": "NOT(IS_BEFORE({0}, {1}))",
    }
    return comparisons[sign].format(named, _text(value))


def _number(value: str) -> int | float | None:
    cleaned = value.replace(",", "") if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", value) else value
    if not re.fullmatch(r"-?\d+(\.\d+)?", cleaned):
        return None
    return float(cleaned) if "." in cleaned else int(cleaned)


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
