"""Formulas rewritten for fields that have other names now; all else stays as it is written."""

import re
from collections.abc import Iterable, Mapping

from formula.limits import LIMITS, Limits
from formula.naming import FieldNames, braced
from formula.parser import CONSTANTS
from formula.questions import parsed
from formula.switches import SWITCHES, Switches
from formula.tree import Field, walk

_WORD = re.compile(r"[^\W\d]\w*")
"""A name that needs no braces."""


def rename(
    text: str,
    names: Mapping[str, str],
    *,
    fields: Iterable[str] = (),
    switches: Switches = SWITCHES,
    limits: Limits = LIMITS,
) -> str:
    """The formula with each reference to a field of `names` as one to its new name.

    `names` maps names or ids to names or ids; all are renamed at once, so that two fields can trade names.
    `fields` are the other fields of the table: {name} is taken for Name unless there is a field called so.
    A new name that is no single word is put in braces. Raises FormulaSyntaxError, and ValueError for a new
    name that is empty.
    """
    for old, new in names.items():
        if not new.strip():
            raise ValueError(f"The new name of {old!r} is empty.")
    known = FieldNames(
        [*fields, *names], {}, is_closed=True, forgives_case=switches.field_case == "forgiving"
    )
    pieces: list[str] = []
    end = 0
    for node in walk(parsed(text, switches, limits)):
        name = known.resolve(node.name) if isinstance(node, Field) else None
        if name is not None and name in names:
            start, stop = node.span
            pieces += text[end:start], _reference(names[name], is_braced=text[start] == "{")
            end = stop
    return "".join([*pieces, text[end:]])


def _reference(name: str, *, is_braced: bool) -> str:
    if not is_braced and _WORD.fullmatch(name) and name.upper() not in CONSTANTS:
        return name
    return braced(name)
