"""What in a filter no record can pass, in words: told of a list that is empty."""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING

from airtable_gateway import AirtableError, FieldSchema, TableSchema
from pyairtable_mcp.answers.budget import clipped, shortened
from pyairtable_mcp.reading.formula_inputs import field_names, field_types
from pyairtable_mcp.reading.quoting import text_literal
from pyairtable_mcp.tool import ToolContext

if TYPE_CHECKING:
    from formula import Comparison

_LONGEST = 100
"""Characters of a comparison that are repeated."""
_TOLD = 3
"""Comparisons that are told of one filter."""
_JUDGED = 200
"""Comparisons of one filter that are looked at: each may be held to thousands of choices."""

_ID = {
    **dict.fromkeys(("multipleRecordLinks",), re.compile(r"\brec[0-9A-Za-z]{14}\b")),
    **dict.fromkeys(
        ("singleCollaborator", "multipleCollaborators", "createdBy", "lastModifiedBy"),
        re.compile(r"\busr[0-9A-Za-z]{14}\b"),
    ),
}
"""Ids that the API gives for cells of these types, while a formula sees names."""
_NUMBERS = frozenset({"number", "currency", "percent", "rating", "autoNumber", "count"})
_INSTANTS = frozenset({"dateTime", "createdTime", "lastModifiedTime"})
_CASES: Mapping[str, Callable[[str], str]] = {"LOWER": str.lower, "UPPER": str.upper}


def why_empty(table: TableSchema, text: str) -> str:
    """Which comparisons of a filter no record can pass, and what to write instead, "" for none."""
    import formula

    types = field_types(table)
    try:
        found = formula.comparisons(text, types, field_names=field_names(table))
    except formula.FormulaSyntaxError:
        # Airtable took it: our grammar is the narrower one.
        return ""
    distinct = islice(dict.fromkeys(found), _JUDGED)
    return " ".join(islice(_all_told(table, types, distinct), _TOLD))


def _all_told(table: TableSchema, types: Mapping[str, str], found: Iterable["Comparison"]) -> Iterator[str]:
    for each in found:
        if each.field:
            told = _told(_Compared(table.field(each.field), types[each.field], each))
        else:
            told = _of_truth(each)
        if told:
            yield told


async def of_empty(ctx: ToolContext, base: str, table: str, text: str) -> str:
    """The same of a filter that no record has passed; "" if the schema cannot be read."""
    try:
        told = await asyncio.to_thread(why_empty, await ctx.table(base, table), text)
        if not told:
            return ""
        # A choice may be newer than the schema that is kept.
        fresh = await ctx.gateway.schema(base, fresh=True)
        return await asyncio.to_thread(why_empty, fresh.table(table), text)
    except AirtableError:
        # The empty list is the answer; the look was a courtesy.
        return ""


@dataclass(frozen=True, slots=True)
class _Compared:
    """A field, the type by which a formula sees it, and what it is compared with."""

    field: FieldSchema
    type: str
    comparison: "Comparison"

    @property
    def choices(self) -> list[str] | None:
        """All that a cell can hold, None where that is not listed."""
        listed = self.field.options.get("choices")
        return [str(choice["name"]) for choice in listed] if listed is not None else None

    @property
    def reference(self) -> str:
        """The field as a formula names it."""
        import formula

        return formula.braced(self.field.name)

    @property
    def is_plain(self) -> bool:
        """Whether the cell itself is compared, not looked into nor passed through a function."""
        return not self.comparison.function and self.comparison.operator != "contains"

    def can_hold(self, cells: Sequence[object] | None = None) -> bool:
        """Whether the comparison, which is no look for a part, can be true."""
        import formula

        value = self.comparison.value
        return value is None or formula.can_hold(self.type, self.comparison.operator, value, cells)


def _told(compared: _Compared) -> str:
    reasons = (rule(compared) for rule in _RULES)
    reason = next(filter(None, reasons), "")
    return f"{clipped(compared.comparison.text, _LONGEST)} {reason}" if reason else ""


def _of_truth(comparison: "Comparison") -> str:
    import formula

    if comparison.value is None or formula.truth_can_hold(comparison.operator, comparison.value):
        return ""
    return (
        f"{clipped(comparison.text, _LONGEST)} can never be true: it compares the truth of a comparison. "
        "Several conditions are joined by AND() and OR(), not by & or signs in a row."
    )


def _case(compared: _Compared) -> str:
    """LOWER and UPPER never give the letters that are looked for."""
    made = _CASES.get(compared.comparison.function)
    value = compared.comparison.value
    if made is None or not isinstance(value, str):
        return ""
    if compared.comparison.operator not in ("=", "contains") or made(value) == value:
        return ""
    letters = "small letters" if compared.comparison.function == "LOWER" else "capitals"
    return f'can never be true: {compared.comparison.function}() gives {letters}. Write "{made(value)}".'


def _id(compared: _Compared) -> str:
    """An id stands where a formula sees a name."""
    pattern, value = _ID.get(compared.type), compared.comparison.value
    if pattern is None or not isinstance(value, str) or not pattern.search(value):
        return ""
    if compared.comparison.operator not in ("=", "contains"):
        return ""
    name = compared.reference
    return f'finds no id: in a formula, {name} is the text of names. Write FIND("part of a name", {name}).'


def _choice(compared: _Compared) -> str:
    """A choice that a select does not have."""
    choices, value = compared.choices, compared.comparison.value
    if choices is None or not isinstance(value, str) or not value:
        return ""
    made = _CASES.get(compared.comparison.function, str)
    kept = [made(choice) for choice in choices]
    match compared.type, compared.comparison.operator:
        case "singleSelect", "contains":
            absent = _is_in_none(value, choices, compared.comparison.function)
        case "multipleSelects", "contains":
            # Between the choices of a cell stand a comma and a space.
            may_span = "," in value or value.startswith(" ")
            absent = not may_span and _is_in_none(value, choices, compared.comparison.function)
        case "singleSelect", _:
            absent = not compared.can_hold(kept)
        case "multipleSelects", "=":
            absent = "," not in "".join(choices) and not {*value.split(", ")} <= {*kept}
        case _:
            return ""
    if absent:
        return f"can never be true of the choices of {compared.field.name}. {_nearest(value, choices)}"
    if compared.type == "multipleSelects" and compared.comparison.operator == "=" and value in kept:
        found = f"FIND({text_literal(value)}, {compared.reference})"
        return f"is true only where that choice is the only one. Write {found}."
    return ""


def _is_in_none(part: str, choices: Sequence[str], function: str) -> bool:
    """Whether no choice contains the part; SEARCH looks in any case, in which ß may be SS."""
    cases = (str.lower, str.upper) if function == "SEARCH" else (_CASES.get(function, str),)
    sought = [case(part) if function == "SEARCH" else part for case in cases]
    return not any(
        each in case(choice) for each, case in zip(sought, cases, strict=True) for choice in choices
    )


def _nearest(value: str, choices: Sequence[str]) -> str:
    folded = {choice.casefold(): choice for choice in choices}
    near = [folded[found] for found in get_close_matches(value.casefold(), folded, n=3)]
    return f"Nearest: {shortened(near)}." if near else f"Choices: {shortened(choices)}."


def _flag(compared: _Compared) -> str:
    if compared.type != "checkbox" or not compared.is_plain or compared.can_hold():
        return ""
    name = compared.reference
    return f"can never be true: {compared.field.name} is a checkbox. Write {name}, or NOT({name})."


def _number(compared: _Compared) -> str:
    if not compared.is_plain or compared.can_hold():
        return ""
    if compared.type == "duration":
        return f"can never be true: {compared.field.name} is a number of seconds. Write 5400 for 1:30:00."
    if compared.type not in _NUMBERS:
        return ""
    return f"can never be true: {compared.field.name} is a number. Write one without quotes or unit."


def _date(compared: _Compared) -> str:
    """What is no date, or an instant where a day is meant."""
    if not compared.is_plain or (compared.type != "date" and compared.type not in _INSTANTS):
        return ""
    value = compared.comparison.value
    same_day = _same_day(compared.reference, compared.comparison)
    if not compared.can_hold():
        return f"can never be true: {compared.field.name} is a date, and that is none. {same_day}"
    if compared.comparison.operator != "=":
        return ""
    if isinstance(value, float):
        return (
            f"compares a date with the number {value:g}: dates stand in quotes. {same_day}" if value else ""
        )
    if _is_one_instant(compared.type, value, compared.comparison.moment):
        return f"is true at one instant only. {same_day}"
    return ""


def _same_day(field: str, comparison: "Comparison") -> str:
    from moments import parse_loose

    value = comparison.value
    is_date = isinstance(value, str) and parse_loose(value) is not None
    day = f'"{value}"' if is_date else "TODAY()" if comparison.moment else '"2026-01-31"'
    return f'Write IS_SAME({field}, {day}, "day"), IS_BEFORE or IS_AFTER.'


def _is_one_instant(type: str, value: str | None, moment: str) -> bool:
    """Whether `=` asks for more than the day of a date, or for one moment of all in a day."""
    from moments import parse_loose

    if type in _INSTANTS:
        return value != ""
    if value is None:
        return moment == "NOW"
    instant = parse_loose(value)
    return instant is not None and instant.time() != time()


_RULES = (_case, _id, _choice, _flag, _number, _date)
"""What can be wrong with a comparison, each "" where it is not; the first that tells is told."""
