"""Working days: Monday to Friday without the holidays."""

from collections.abc import Iterable
from datetime import date

from moments.errors import MomentOutOfRange


def add_workdays(day: date, count: int, holidays: frozenset[date] = frozenset()) -> date:
    """The `count`-th working day after `day`, before it when negative; `day` itself for 0.

    Costs the same for any count, and one look at each holiday. Raises MomentOutOfRange outside the years
    1 to 9999.
    """
    if count == 0:
        return day
    step = 1 if count > 0 else -1
    ordinal = _shifted(day.toordinal(), count)
    for holiday in _on_the_way(day, holidays, step):
        if (holiday - ordinal) * step > 0:
            break
        ordinal = _shifted(ordinal, step)
    if not 1 <= ordinal <= date.max.toordinal():
        raise MomentOutOfRange
    return date.fromordinal(ordinal)


def workdays_between(start: date, end: date, holidays: frozenset[date] = frozenset()) -> int:
    """Working days from `start` to `end`, both counted; negative when `end` is before `start`."""
    if end < start:
        return -workdays_between(end, start, holidays)
    free = sum(start <= holiday <= end and _is_weekday(holiday) for holiday in holidays)
    return _weekdays_up_to(end.toordinal()) - _weekdays_up_to(start.toordinal() - 1) - free


def _on_the_way(day: date, holidays: Iterable[date], step: int) -> list[int]:
    ahead = [each.toordinal() for each in holidays if _is_weekday(each) and (each - day).days * step > 0]
    return sorted(ahead, reverse=step < 0)


def _shifted(ordinal: int, count: int) -> int:
    """The ordinal of the `count`-th Monday-to-Friday day after (or before) the day `ordinal`."""
    weeks, weekday = divmod(ordinal - 1, 7)
    # Saturday and Sunday stand after Friday when we go forward, before Monday when we go back.
    index = weeks * 5 + (min(weekday, 4) if count > 0 else min(weekday, 5)) + count
    return index // 5 * 7 + index % 5 + 1


def _weekdays_up_to(ordinal: int) -> int:
    weeks, weekday = divmod(ordinal, 7)
    return weeks * 5 + min(weekday, 5)


def _is_weekday(day: date) -> bool:
    return day.weekday() < 5
