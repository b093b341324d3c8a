"""What typecasting did to a value: nothing, or it changed or dropped it, or a select would gain a choice."""

from collections.abc import Iterator
from typing import Any

from fields.cell import Cell
from fields.conversion.kinds import KINDS, Kind
from fields.conversion.readings import left_out
from fields.conversion.sides import Side
from fields.field_type import FieldType, is_empty
from fields.numerals import is_number
from fields.problems import Problem, Refusal
from fields.types.choices import choice_names
from fields.wording import hint, nearest, quoted, shown


def cast_warnings(value: Any, made: Any, type: FieldType, cell: Cell) -> tuple[Problem, ...]:
    """What the caller of typecast=true ought to know of the value that became `made`."""
    if value is None or type.name not in KINDS:
        return ()
    return (*_losses(value, made, type, cell), *_new_choices(made, cell, KINDS[type.name]))


def _losses(value: Any, made: Any, type: FieldType, cell: Cell) -> Iterator[Problem]:
    if _is_kept(value, made, type, cell):
        return
    reasons = left_out(value, made, Side(type, cell)) if isinstance(value, str) else None
    if is_empty(made):
        message = f"{cell.name}: typecasting makes nothing of {shown(value)}, and the cell would be empty."
        yield Problem("dropped", message)
    elif reasons != ():
        told = " ".join(reasons or ())
        message = f"{cell.name}: typecasting turns {shown(value)} into {shown(made)}. {told}".rstrip()
        yield Problem("changed", message)


def _is_kept(value: Any, made: Any, type: FieldType, cell: Cell) -> bool:
    """Whether the new value is the old one, in its normal form or its text."""
    if isinstance(value, str) and not value.strip():
        return True
    try:
        normal = type.normalise(value, cell)
    except Refusal:
        return _is_told(value, made, type, cell)
    return bool(normal == made) or (is_empty(normal) and is_empty(made))


def _is_told(value: Any, made: Any, type: FieldType, cell: Cell) -> bool:
    """Whether a value that only typecasting takes is all in what it made of it."""
    if isinstance(value, str):
        return left_out(value, made, Side(type, cell)) == () or (
            KINDS[type.name] not in (Kind.NUMBER, Kind.FLAG, Kind.DATE) and not is_empty(made)
        )
    if is_number(value) or isinstance(value, bool):
        # A box that is not ticked is empty.
        told = False if made is None and KINDS[type.name] is Kind.FLAG else made
        return isinstance(told, str | dict) or bool(told == value)
    return not is_empty(made)


def _new_choices(made: Any, cell: Cell, kind: Kind) -> Iterator[Problem]:
    listed = choice_names(cell) if kind is Kind.CHOICE else None
    if listed is None or made is None:
        return
    for name in made if isinstance(made, list) else [made]:
        if name not in listed:
            near = nearest(name, listed)
            message = f"{cell.name}: typecasting adds the choice {quoted(name)}.{hint(near)}"
            yield Problem("new_choice", message, suggestion=near)
