"""Excel's dates as numbers: days since the last day of 1899, the time of day as a fraction."""

from datetime import UTC, datetime, timedelta

from formula.values import Failed

_FIRST_OF_MARCH_1900 = 61
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_END = 2_958_466
"""The day after 31 December 9999."""


def from_serial(number: float) -> datetime:
    """The date of a number, to the millisecond. Fails outside the years 1900 to 9999."""
    if not 0 <= number < _END:
        raise Failed("A number stands for a date from 0 (1900) to 2958465 (9999).")
    # Excel has a 29 February 1900, so that earlier days are one behind.
    days = number if number >= _FIRST_OF_MARCH_1900 else number + 1
    return _EPOCH + timedelta(milliseconds=round(days * 86_400_000))


def to_serial(wall: datetime) -> float:
    """The number of a date on the calendar and clock of its zone."""
    days = (wall.replace(tzinfo=UTC) - _EPOCH) / timedelta(days=1)
    return days if days >= _FIRST_OF_MARCH_1900 else days - 1
