"""What a person says of values, as a filter formula or as cells."""

import re
from typing import Any

from local_twins.gemini.demo.places import Place
from local_twins.gemini.demo.work import Stopped, shown

_CONDITION = re.compile(
    r"^(?P<field>.+?)\s*(?P<how><=|>=|!=|=|<|>|\bis not\b|\bcontains\b|\bis\b)\s*(?P<value>.+)$",
    re.IGNORECASE,
)
_SIGNS = {"is": "=", "is not": "!="}
_PLAIN_NUMBERS = frozenset(["number", "currency", "percent", "duration", "rating", "count", "autoNumber"])
_NUMBERS = _PLAIN_NUMBERS | {"rollup", "formula"}
_YES, _NO = frozenset(["true", "yes", "checked", "1"]), frozenset(["false", "no", "unchecked", "0"])
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
_MORE = re.compile(r"\s(?:and|or)\s+(?P<rest>.+)$", re.IGNORECASE)
_DATES = frozenset(["date", "dateTime", "createdTime", "lastModifiedTime"])
_LISTS = frozenset(["multipleSelects", "multipleRecordLinks"])
_PAIR = re.compile(r"\s*(?P<field>[^=:,]+?)\s*[=:]\s*(?P<value>\"[^\"]*\"|'[^']*'|[^,]*)\s*(?:,|$)")


def formula_of(place: Place, condition: str) -> str:
    """The filter formula that says the condition. Raises Stopped."""
    found = _CONDITION.match(condition.strip())
    if found is None:
        raise Stopped(f"I did not understand {shown(condition)}. Say for example: where Status is Done.")
    field = place.field(found["field"])
    _check_alone(place, found["value"])
    how = " ".join(found["how"].casefold().split())
    value, kind = unquoted(found["value"]), place.fields[field]
    named = "{" + field.replace("}", "\\}") + "}"
    if how == "contains":
        return f"FIND(LOWER({_text(value)}), LOWER({named} & ''))"
    sign = _SIGNS.get(how, how)
    if kind == "checkbox":
        return named if _is_yes(field, value) == (sign == "=") else f"NOT({named})"
    if kind in _DATES:
        return _date(named, sign, field, value)
    if kind in _NUMBERS and (number := _number(value, kind)) is not None:
        return f"{named} {sign} {number}"
    if kind in _PLAIN_NUMBERS:
        raise Stopped(f"{field} holds numbers, and {shown(value)} is none that I can read.")
    if sign in ("=", "!="):
        return f"LOWER({named} & '') {sign} LOWER({_text(value)})"
    return f"{named} {sign} {_text(value)}"


def cells_of(place: Place, said: str) -> dict[str, Any]:
    """Cells of "Field = value, Field = value". Raises Stopped."""
    cells: dict[str, Any] = {}
    at = 0
    while at < len(said) and (found := _PAIR.match(said, at)):
        field = place.field(found["field"])
        if field in cells:
            raise Stopped(f"{field} is there twice. Say one value for each field.")
        cells[field] = cell(place.fields[field], found["value"])
        at = found.end()
    if said[at:].strip() or not cells:
        raise Stopped(
            f"I did not understand {shown(said[at:].strip() or said)}. Say: Name = Ada, Status = Todo."
        )
    return cells


def cell(kind: str, said: str) -> Any:
    """The value as a field of that type takes it."""
    value = unquoted(said)
    if kind == "checkbox":
        return value.casefold() in ("true", "yes", "checked", "1")
    if kind in _NUMBERS and (number := _number(value, kind)) is not None:
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


def _check_alone(place: Place, value: str) -> None:
    """Raises Stopped when another condition follows: one is all that a demo understands."""
    more = None if unquoted(value) != value.strip().rstrip("?").strip() else _MORE.search(value)
    if more is None or (found := _CONDITION.match(more["rest"])) is None:
        return
    if place.has(found["field"]):
        raise Stopped("I understand one condition at a time. Put a value that has such words in quotes.")


def _is_yes(field: str, value: str) -> bool:
    said = value.casefold()
    if said not in _YES | _NO:
        raise Stopped(f"{field} is a checkbox: say yes or no, not {shown(value)}.")
    return said in _YES


def _date(named: str, sign: str, field: str, value: str) -> str:
    if not _ISO_DATE.fullmatch(value):
        raise Stopped(f"{field} holds dates: say one as 2026-12-31, not {shown(value)}.")
    comparisons = {
        "=": "IS_SAME({0}, {1}, 'day')",
        "!=": "NOT(IS_SAME({0}, {1}, 'day'))",
        "<": "IS_BEFORE({0}, {1})",
        ">": "IS_AFTER({0}, {1})",
        "<=": "AND({0}, NOT(IS_AFTER({0}, {1})))",
        ">=": "AND({0}, NOT(IS_BEFORE({0}, {1})))",
    }
    return comparisons[sign].format(named, _text(value))


def _number(value: str, kind: str) -> int | float | None:
    """The number, with the sign of its currency or of a percentage, as the cell holds it."""
    said = value.strip(" €$£") if kind == "currency" else value
    is_share = kind == "percent" and said.endswith("%")
    said = said.removesuffix("%").strip() if is_share else said
    cleaned = said.replace(",", "") if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", said) else said
    if not re.fullmatch(r"-?\d+(\.\d+)?", cleaned):
        return None
    number = float(cleaned) if "." in cleaned else int(cleaned)
    return number / 100 if is_share else number


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
