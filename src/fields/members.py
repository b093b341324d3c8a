"""Cells that hold a list: one rule for every member, all refusals at once."""

from collections.abc import Callable
from typing import Any, TypeVar

from fields.cell import Cell
from fields.problems import Problem, Refusal
from fields.wording import shown

T = TypeVar("T")


def array(
    value: Any, cell: Cell, *, of: str, meant: Callable[[Any], Any] = lambda value: value or None
) -> list[Any]:
    """The value if it is a list. Refuses anything else as not_an_array; `of` names what the list holds.

    `meant` gives the member that a lone text or object was probably meant to be, None if there is no telling.
    """
    if isinstance(value, list | tuple):
        return list(value)
    member = meant(value) if isinstance(value, str | dict) else None
    message = f"{cell.name} takes a list of {of}, not {shown(value)}."
    raise cell.refusal("not_an_array", message, suggestion=None if member is None else [member])


def each(values: list[Any], cell: Cell, rule: Callable[[Any, Cell], T]) -> list[T]:
    """The members as `rule` makes them. Refuses with the problems of all members, each under its index."""
    accepted: list[T] = []
    problems: list[Problem] = []
    for index, member in enumerate(values):
        try:
            accepted.append(rule(member, cell))
        except Refusal as refusal:
            problems += (problem.under(index) for problem in refusal.problems)
    if problems:
        raise Refusal(problems)
    return accepted
