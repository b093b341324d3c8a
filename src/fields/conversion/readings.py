"""What of a text the new type did not understand, or had to guess."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from fields.conversion.kinds import Kind
from fields.conversion.sides import Side
from fields.later import later
from fields.name_lists import join_names
from fields.numerals import exact_number, is_exactly, is_one_number
from fields.plain import plain
from fields.types.durations import exact_duration, format_of
from fields.wording import quoted

Reasons = tuple[str, ...]
Judge = Callable[[str, Any, Side], Reasons]

_YES_OR_NO = frozenset({"true", "checked", "1", "yes", "false", "unchecked", "0", "no"})


def left_out(text: str, made: Any, target: Side) -> Reasons | None:
    """Sentences about what `made`, which the target read in the text, does not say as the text did.

    None for a target that has no reading of its own.
    """
    judge = _JUDGES.get(target.kind)
    return judge(text.strip(), made, target) if judge else None


def _number(text: str, made: Any, target: Side) -> Reasons:
    if made is None:
        return (f"There is no number in {quoted(text)} that a field can hold.",)
    if target.type.name == "duration":
        exact = exact_duration(text, format_of(target.cell))
        return () if exact is not None and is_exactly(made, exact) else (_rounded(made),)
    is_percent, locale = "%" in text, target.cell.locale
    if not is_one_number(text, locale=locale) or (is_percent and target.type.name != "percent"):
        return (f"Of {quoted(text)} only the number {plain(made)} is kept.",)
    exact = exact_number(text, locale=locale, shift=-2 if is_percent else 0)
    return () if exact is not None and is_exactly(made, exact) else (_rounded(made),)


def _rounded(made: Any) -> str:
    return f"The number is rounded to {plain(made)}."


def _flag(text: str, made: Any, target: Side) -> Reasons:  # noqa: ARG001 - a Judge is told all
    return () if text.lower() in _YES_OR_NO else (f"{quoted(text)} says neither yes nor no.",)


def _date(text: str, made: Any, target: Side) -> Reasons:
    if made is None:
        return (f"{quoted(text)} is no date.",)
    reasons: Reasons = later("types.instants", "left_open")(text, made, target.cell)
    return reasons


def _names(text: str, made: Any, target: Side) -> Reasons:  # noqa: ARG001 - a Judge is told all
    told = join_names(map(plain, made)) if isinstance(made, list) else plain(made)
    return () if re.sub(r"\s*,\s*", ", ", text) == told else (f"It is kept as {quoted(told)}.",)


_JUDGES: Mapping[Kind, Judge] = MappingProxyType(
    {Kind.NUMBER: _number, Kind.FLAG: _flag, Kind.DATE: _date, Kind.CHOICE: _names, Kind.LINK: _names}
)
