"""Units of time and the many ways to write them."""

from enum import Enum


class Unit(Enum):
    """A unit of time; its value is the singular English name."""

    MILLISECOND = "millisecond"
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


# Milliseconds of the units that are the same length always.
MILLISECONDS = {Unit.MILLISECOND: 1, Unit.SECOND: 1_000, Unit.MINUTE: 60_000, Unit.HOUR: 3_600_000}
DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}

_SHORT = {
    "ms": Unit.MILLISECOND,
    "s": Unit.SECOND,
    "m": Unit.MINUTE,
    "h": Unit.HOUR,
    "d": Unit.DAY,
    "w": Unit.WEEK,
    "q": Unit.QUARTER,
    "y": Unit.YEAR,
}
_NAMES = _SHORT | {unit.value: unit for unit in Unit} | {f"{unit.value}s": unit for unit in Unit}


def unit_of(name: str) -> Unit | None:
    """The unit that `name` stands for, or None: "ms", "h", "Day", "weeks"; "m" is minutes, "M" months."""
    name = name.strip()
    return Unit.MONTH if name == "M" else _NAMES.get(name.lower())
