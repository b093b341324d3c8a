"""What a journal keeps to itself: places that are hidden, and what one caller sees and another may not."""

from collections.abc import Callable
from dataclasses import dataclass

from airtable_gateway.journal.change import Place

Shows = Callable[[Place], bool]
"""Whether changes of the place may be shown and taken back."""

Whose = Callable[[], str]
"""Through whose eyes is looked: what one sees is not shown to another."""


def everything(_: Place) -> bool:
    """Nothing is hidden."""
    return True


def everybodys() -> str:
    """All see the same."""
    return ""


@dataclass(frozen=True, slots=True)
class Discretion:
    """`shows` hides places; `whose` tells callers apart to whom Airtable may show different things."""

    shows: Shows = everything
    whose: Whose = everybodys


OPEN = Discretion()
"""Everything is shown to everybody."""
