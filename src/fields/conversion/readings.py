"""Whether a text was understood to its end, or only the part of it that the new type could use."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from fields.conversion.kinds import Kind
from fields.conversion.sides import Side
from fields.later import later
from fields.name_lists import join_names
from fields.numerals import is_one_number, read_number
from fields.plain import plain

Judge = Callable[[str, Any, Side], bool]

_YES_OR_NO = frozenset({"true", "checked", "1", "yes", "false", "unchecked", "0", "no"})


def is_whole(text: str, made: Any, target: Side) -> bool:
    """Whether `made`, which the target read in the text, says all that the text said."""
    judge = _JUDGES.get(target.kind)
    return judge(text.strip(), made, target) if judge else False


def _number(text: str, made: Any, target: Side) -> bool:
    if target.type.name == "duration":
        return made is not None
    is_percent, locale = "%" in text, target.cell.locale
    if not is_one_number(text, locale=locale) or (is_percent and target.type.name != "percent"):
        return False
    return bool(read_number(text, locale=locale, shift=-2 if is_percent else 0) == made)


def _flag(text: str, made: Any, target: Side) -> bool:  # noqa: ARG001 - a Judge is told all
    return text.lower() in _YES_OR_NO


def _date(text: str, made: Any, target: Side) -> bool:
    return bool(later("types.instants", "is_all_of")(text, made, target.cell))


def _names(text: str, made: Any, target: Side) -> bool:  # noqa: ARG001 - a Judge is told all
    told = join_names(map(plain, made)) if isinstance(made, list) else plain(made)
    return re.sub(r"\s*,\s*", ", ", text) == told


_JUDGES: Mapping[Kind, Judge] = MappingProxyType(
    {Kind.NUMBER: _number, Kind.FLAG: _flag, Kind.DATE: _date, Kind.CHOICE: _names, Kind.LINK: _names}
)
