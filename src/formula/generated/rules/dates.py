"""Functions of dates, written out for instants in UTC: no DateValue is made, no zone asked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from formula import shapes
from formula.coercion import date_from
from formula.functions.dates import is_calendar_unit, today, unit_named
from formula.generated.fragment import Fragment
from formula.generated.patterns import ISO_DAY, expression
from formula.generated.reckoning import adder, differ, span
from formula.generated.wants import as_instant, as_number
from formula.values import FAILURES
from moments import Unit, resolve_zone

if TYPE_CHECKING:
    from formula.generated.writer import Writer

_LONGEST_PATTERN = 100
"""Characters; what so short a pattern writes is within every limit that makes sense."""

_COMPARISONS = {"IS_AFTER": ">", "IS_BEFORE": "<"}


def _perhaps(writer: Writer, fragment: Fragment) -> Fragment | None:
    """The date as an instant, or blank where it is; None where only a DateValue will do."""
    if isinstance(fragment.constant, str):
        return _written_day(writer, fragment.constant)
    return fragment if fragment.is_instant else None


def _instant(writer: Writer, fragment: Fragment) -> Fragment | None:
    """The date as an instant that is never blank; None where only a DateValue will do."""
    date = _perhaps(writer, fragment)
    if date is None or not date.shape.may_be_blank:
        return date
    return Fragment(as_instant(writer, date), shapes.DATE, datetime, date.is_day)


def _written_day(writer: Writer, text: str) -> Fragment | None:
    """A day that the formula spells out as 2026-11-23; any other text may depend on the present."""
    if not ISO_DAY.fullmatch(text):
        return None
    try:
        day = date_from(text, writer.batch)
    except FAILURES:
        return None
    return Fragment(
        writer.constant(day.instant), shapes.DATE, datetime, is_day=True, is_safe=True, is_name=True
    )


def _in_utc(writer: Writer, fragment: Fragment) -> Fragment | None:
    """The date as an instant whose calendar and clock are those of UTC."""
    date = _instant(writer, fragment)
    return date if date and _shows_utc(writer, date) else None


def _shows_utc(writer: Writer, date: Fragment) -> bool:
    return date.is_day or resolve_zone(writer.batch.time_zone) is UTC


def _part(name: str, writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    date = _in_utc(writer, arguments[0])
    if date is None:
        return None
    return Fragment(f"{date.code}.{name}", shapes.NUMBER, int, is_safe=date.is_safe)


def _weekday(writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    date = _in_utc(writer, arguments[0])
    if date is None or len(arguments) > 1:
        return None
    return Fragment(f"({date.code}.isoweekday() % 7)", shapes.NUMBER, int, is_safe=date.is_safe)


def _compared(sign: str, writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    first, second = (_perhaps(writer, argument) for argument in arguments)
    if first is None or second is None:
        return None
    code = _of_two(writer, first, second, lambda one, other: f"({one} {sign} {other})", "False")
    return Fragment(code, shapes.BOOLEAN, is_safe=first.is_safe and second.is_safe)


def _of_two(
    writer: Writer, first: Fragment, second: Fragment, code: Callable[[str, str], str], otherwise: str
) -> str:
    """The code of two dates, and what stands in its place where one is blank; both are computed anyway."""
    pair = (first, second)
    if not any(date.shape.may_be_blank for date in pair):
        return code(first.code, second.code)
    computed, (one, other) = zip(*(writer.held(date) for date in pair), strict=True)
    present = " and ".join(date.code for date in (one, other) if date.shape.may_be_blank)
    value = f"({code(one.code, other.code)} if {present} else {otherwise})"
    unnamed = [each for each, date in zip(computed, pair, strict=True) if not date.is_name]
    return f"([{', '.join(unnamed)}] and {value})" if unnamed else value


def _unit(writer: Writer, arguments: Sequence[Fragment], default: str | None = None) -> Unit | None:
    """The unit that the formula spells out, or its default; None if it is computed or there is none."""
    name = arguments[0].constant if arguments else default
    return unit_named(name, writer.batch) if isinstance(name, str) else None


def _datetime_diff(writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    later, earlier = (_perhaps(writer, argument) for argument in arguments[:2])
    unit = _unit(writer, arguments[2:], "seconds")
    if later is None or earlier is None or unit is None or not _shows_utc(writer, later):
        return None
    is_of_days = unit is Unit.DAY and later.is_day and earlier.is_day
    count = writer.constant(differ(unit))

    def code(later: str, earlier: str) -> str:
        return f"({later} - {earlier}).days" if is_of_days else f"{count}({later}, {earlier})"

    may_be_nan = later.shape.may_be_blank or earlier.shape.may_be_blank
    nan = writer.constant(math.nan)
    return Fragment(_of_two(writer, later, earlier, code, nan), shapes.NUMBER, None if may_be_nan else int)


def _dateadd(writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    date, unit = _in_utc(writer, arguments[0]), _unit(writer, arguments[2:])
    if date is None or unit is None:
        return None
    step = span(unit, arguments[1].constant)
    if step is not None:
        code = f"({date.code} + {writer.constant(step)})"
    else:
        code = f"{writer.constant(adder(unit))}({date.code}, {as_number(writer, arguments[1])})"
    return Fragment(code, shapes.DATE, datetime, is_day=date.is_day and is_calendar_unit(unit))


def _datetime_format(writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    date = _in_utc(writer, arguments[0])
    pattern = arguments[1].constant if len(arguments) == 2 else None
    if date is None or not isinstance(pattern, str) or len(pattern) > _LONGEST_PATTERN:
        return None
    return _written(writer, date, pattern)


def _datestr(writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    date = _in_utc(writer, arguments[0])
    return date and _written(writer, date, "YYYY-MM-DD")


def _written(writer: Writer, date: Fragment, pattern: str) -> Fragment | None:
    first, held = writer.held(date)
    code = expression(pattern, writer.batch.locale, held.code, writer.constant)
    if code is None:
        return None
    return Fragment(code if date.is_name else f"({first} and {code})", shapes.TEXT, is_safe=date.is_safe)


def _now(_: Writer, __: Sequence[Fragment]) -> Fragment:
    return Fragment("batch.now", shapes.DATE, datetime, is_safe=True)


def _today(writer: Writer, _: Sequence[Fragment]) -> Fragment:
    name = writer.once(f"{writer.constant(today.run)}(batch).instant")
    return Fragment(name, shapes.DATE, datetime, is_day=True, is_safe=True, is_name=True)


DATE_RULES: Mapping[str, Callable[[Writer, Sequence[Fragment]], Fragment | None]] = {
    **{name.upper(): partial(_part, name) for name in ("year", "month", "day", "hour", "minute", "second")},
    **{name: partial(_compared, sign) for name, sign in _COMPARISONS.items()},
    "DATEADD": _dateadd,
    "DATESTR": _datestr,
    "DATETIME_DIFF": _datetime_diff,
    "DATETIME_FORMAT": _datetime_format,
    "NOW": _now,
    "TODAY": _today,
    "WEEKDAY": _weekday,
}
