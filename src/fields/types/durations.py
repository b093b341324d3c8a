"""The type whose value is a length of time in seconds."""

import re
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from fields.cell import Cell
from fields.field_type import Example, FieldType
from fields.numerals import as_json_number, is_number, meant_number, rounded
from fields.plain import plain
from fields.types.numbers import finite_number
from fields.wording import shown

DURATION_FORMATS = ("h:mm", "h:mm:ss", "h:mm:ss.S", "h:mm:ss.SS", "h:mm:ss.SSS")

# Kept as text: they are compiled when first used, for the sake of a quick start.
_CLOCK = r"([-−])?(\d{1,12}):(\d{1,2})(?::(\d{1,2}))?(\.\d{1,9})?"
_PART = (
    r"(?i)(\d{1,12}(?:\.\d{1,9})?)\s*"
    r"(w|weeks?|d|days?|h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)\b[\s,]*"
)
# ISO 8601: parts from large to small, a fraction in the last one only, with a point or a comma.
_LAST = r"\d{1,12}(?:[.,]\d{1,9})?"
_ISO = (
    rf"(?i)([-−+])?P(?:{_LAST}W|(?=[\dT])(?:\d{{1,12}}D(?=T)|{_LAST}D$)?"
    rf"(?:T(?=\d)(?:\d{{1,12}}H(?=\d)|{_LAST}H$)?(?:\d{{1,12}}M(?=\d)|{_LAST}M$)?(?:{_LAST}S)?)?)"
)
_LONGEST_MEANT = 100  # characters; a longer text was not meant to be a length of time
_SECONDS = MappingProxyType({"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1})


def read_duration(text: str, format: str = "h:mm:ss") -> float | None:
    """The seconds in a text, or None.

    Reads a clock ("1:30" is hours and minutes under h:mm, minutes and seconds under the longer formats),
    units ("1h 30m"), ISO 8601 ("PT1H30M"), and a bare number in the smallest unit that the format shows.
    """
    seconds = exact_duration(text, format)
    return None if seconds is None else as_json_number(seconds)


def exact_duration(text: str, format: str = "h:mm:ss") -> Decimal | None:
    """What `read_duration` reads, to the last digit, of which a double may keep fewer."""
    bare = text.strip()
    if clock := re.fullmatch(_CLOCK, bare):
        return _clock_seconds(clock, format)
    if re.fullmatch(_ISO, bare):
        return _united_seconds(re.sub("[PT+]", "", bare.replace(",", "."), flags=re.IGNORECASE))
    if (seconds := _united_seconds(bare)) is not None:
        return seconds
    return _bare_seconds(bare, format)


def duration_of_text(text: str, cell: Cell) -> float:
    """The seconds in a text by the option `durationFormat`. Refuses a text that is no length of time.

    Strict refuses more than 59 minutes beside hours, or seconds beside minutes, as well.
    """
    bare = text.strip()
    clock = re.fullmatch(_CLOCK, bare)
    overflows = clock is not None and any(int(part) > 59 for part in (clock[3], clock[4]) if part)
    seconds = read_duration(bare, format_of(cell))
    if seconds is None or (overflows and cell.strict):
        told = None if seconds is None else duration_text(seconds, format_of(cell))
        message = f"{cell.name} takes a length of time such as 1:30, 1h 30m or PT1H30M, not {shown(text)}."
        raise cell.refusal("bad_duration", message, suggestion=told)
    return seconds


def duration_text(seconds: float, format: str) -> str:
    """The seconds as a clock, rounded to what the format shows: 3909 is 1:05 (h:mm) or 1:05:09 (h:mm:ss)."""
    sign = "-" if seconds < 0 else ""
    if format == "h:mm":
        hours, minutes = divmod(int(rounded(abs(seconds) / 60, 0)), 60)
        return f"{sign if hours or minutes else ''}{hours}:{minutes:02}"
    digits = len(format.partition(".")[2])
    total = rounded(abs(seconds), digits)
    minutes, rest = divmod(int(total), 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f"{total:f}".partition(".")[2]
    clock = f"{hours}:{minutes:02}:{rest:02}" + (f".{fraction}" if fraction else "")
    return f"{sign if total else ''}{clock}"


def _clock_seconds(clock: re.Match[str], format: str) -> Decimal:
    sign, first, second, third, fraction = clock.groups()
    if third is None and format != "h:mm":
        first, second, third = "0", first, second
    seconds = int(first) * 3600 + int(second) * 60 + int(third or 0) + Decimal(fraction or 0)
    return Decimal(-seconds if sign else seconds)


def _united_seconds(text: str) -> Decimal | None:
    """The sum of "1h 30m"; None when the text is anything else."""
    negative, bare = text[:1] in ("-", "−"), text.lstrip("-−").strip()
    parts = [(Decimal(found[1]), found[2][0].lower()) for found in re.finditer(_PART, _spaced(bare))]
    if not parts or re.sub(_PART, "", _spaced(bare)):
        return None
    seconds = sum(count * _SECONDS[unit] for count, unit in parts)
    return Decimal(-seconds if negative else seconds)


def _spaced(text: str) -> str:
    # "1h30m" has no word boundary between unit and next number.
    return re.sub(r"(?<=[a-z])(?=\d)", " ", text, flags=re.IGNORECASE)


def _bare_seconds(text: str, format: str) -> Decimal | None:
    try:
        count = Decimal(text)
    except ArithmeticError:
        return None
    if not count.is_finite() or count.adjusted() > 300:
        return None
    return count * 60 if format == "h:mm" else count


def format_of(cell: Cell) -> str:
    """The field's format; h:mm:ss when the options give none."""
    found = cell.string("durationFormat")
    return found if found in DURATION_FORMATS else "h:mm:ss"


def _seconds(value: Any, cell: Cell) -> float:
    return finite_number(value, cell, meant=lambda text: _meant_seconds(text, cell))


def _meant_seconds(text: str, cell: Cell) -> float | None:
    """The seconds if every reading of the text comes to them: 1:30 needs a format, 90 may be the seconds."""
    if len(text) > _LONGEST_MEANT:
        return None
    formats = (format_of(cell),) if cell.string("durationFormat") else ("h:mm", "h:mm:ss")
    readings = {read_duration(text, format) for format in formats}
    if re.fullmatch(r"\s*[-−+]?[\d.]+\s*", text):
        readings.add(meant_number(text))
    return readings.pop() if len(readings) == 1 else None


def _duration_of_anything(value: Any, cell: Cell) -> float | None:
    return read_duration(value, format_of(cell)) if isinstance(value, str) else finite_number(value, cell)


def _duration_text(value: Any, cell: Cell) -> str:
    number = as_json_number(value) if is_number(value) else None
    return plain(value) if number is None else duration_text(number, format_of(cell))


DURATION = FieldType(
    name="duration",
    label="Duration",
    doc="A length of time as a number of seconds, shown as a clock such as 1:05:09.",
    examples=(
        Example(3900, "1:05", {"durationFormat": "h:mm"}),
        Example(3909, "1:05:09", {"durationFormat": "h:mm:ss"}),
        Example(-9.25, "-0:00:09.25", {"durationFormat": "h:mm:ss.SS"}),
    ),
    normalise=_seconds,
    cast=_duration_of_anything,
    display=_duration_text,
    options_schema={
        "type": "object",
        "properties": {"durationFormat": {"type": "string", "enum": list(DURATION_FORMATS)}},
        "required": ["durationFormat"],
        "additionalProperties": False,
    },
    can_be_primary=True,
)
