"""What is done to days and moments: checked, read from text, shown.

Stands apart from the types, because moments brings locales and zones that most processes start without.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from fields.cell import Cell
from fields.plain import plain
from fields.types.date_doubts import doubts
from fields.types.date_formats import DATE_FORMATS, TIME_FORMATS
from fields.types.text import any_text
from fields.wording import shown
from moments import (
    MomentOutOfRange,
    UnknownZone,
    format_moment,
    parse_loose,
    parse_moment,
    resolve_locale,
    resolve_zone,
    to_iso,
)

# Kept as text: they are compiled when first used, for the sake of a quick start.
_DAY = r"(?a)\d{4}-\d\d-\d\d"
_MOMENT = (
    r"(?ai)\d{4}-\d\d-\d\d"
    r"(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?\s?(?:Z|[+-]\d\d(?::?\d\d)?)?)?"
)
# 5/9/2022 and 5.9.22: which is the month, only the field's format can say.
_NUMERIC = r"\s*(\d{1,2})[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\b"
_TWELVE_HOURS = r"(?i)\d\s*[ap]\.?m"
_LONGEST_DATE = 100  # characters; whatever is longer is prose


def date_pattern(cell: Cell) -> str:
    """The Moment pattern of the field's date format; ISO when the options give none."""
    return _pattern(cell, "dateFormat", DATE_FORMATS, "YYYY-MM-DD")


def time_pattern(cell: Cell) -> str:
    """The Moment pattern of the field's time format; 24 hours when the options give none."""
    return _pattern(cell, "timeFormat", TIME_FORMATS, "HH:mm")


def zone_name(cell: Cell) -> str:
    """The zone the field keeps, the asker's own when it is "client" or none that exists."""
    name = cell.string("timeZone", "client")
    if name == "client":
        return cell.time_zone
    try:
        resolve_zone(name)
    except UnknownZone:
        return cell.time_zone
    return name


def _pattern(cell: Cell, option: str, patterns: Mapping[str, str], default: str) -> str:
    match cell.options.get(option):
        case {"name": str() as name} if name in patterns:
            return patterns[name]
        case {"format": str() as pattern} if pattern:
            return pattern
    return default


def day(value: Any, cell: Cell) -> str:
    """YYYY-MM-DD as it is; Airtable refuses a time of day here."""
    text = any_text(value, cell)
    if re.fullmatch(_DAY, text) and _real_day(text):
        return text
    raise cell.refusal(
        "bad_date",
        f"{cell.name} takes a day as YYYY-MM-DD, not {shown(value)}. "
        + cell.or_cast("Send that", "null to clear the cell"),
        suggestion=_undoubted(text, _read_day(text, cell), cell),
    )


def moment(value: Any, cell: Cell) -> str:
    """ISO 8601 as UTC with milliseconds; without an offset it is read in the field's zone."""
    text = any_text(value, cell)
    instant = _iso_instant(text, cell) if re.fullmatch(_MOMENT, text) else None
    if instant:
        return to_iso(instant)
    raise cell.refusal(
        "bad_date",
        f"{cell.name} takes a moment in ISO 8601 such as 2026-11-23T09:30:00.000Z, not {shown(value)}. "
        + cell.or_cast("Send that", "null to clear the cell"),
        suggestion=_undoubted(text, _read_moment(text, cell), cell),
    )


def _real_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _iso_instant(text: str, cell: Cell) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "").upper())
    except ValueError:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=resolve_zone(zone_name(cell)))
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        return None


def day_of_anything(value: Any, cell: Cell) -> str | None:
    """The day that a text names, None when it is blank. Refuses other texts, and what is no text."""
    return _cast(value, cell, _read_day)


def moment_of_anything(value: Any, cell: Cell) -> str | None:
    """The moment that a text names in the field's zone, None when it is blank. Refuses other texts."""
    return _cast(value, cell, _read_moment)


def day_of_moment(value: Any, cell: Cell) -> Any:
    """The day that it is at the moment, in the field's zone; what is no moment stays as it is."""
    instant = _iso_instant(value, cell) if isinstance(value, str) and re.fullmatch(_MOMENT, value) else None
    if not instant:
        return value
    try:
        return instant.astimezone(resolve_zone(zone_name(cell))).date().isoformat()
    except OverflowError:
        return value


def left_open(text: str, made: str, cell: Cell) -> tuple[str, ...]:
    """Sentences about what the day or moment `made` has that the text does not say, or lacks that it does."""
    found = _doubts(text, made, cell)
    if found or not re.fullmatch(_DAY, made):
        return found
    instant = _read(text, cell, "utc")
    is_day = instant is not None and to_iso(instant) == f"{made}T00:00:00.000Z"
    return () if is_day else ("The time of day is lost.",)


def _doubts(text: str, made: str, cell: Cell) -> tuple[str, ...]:
    if re.fullmatch(_MOMENT, text):
        return ()
    wall = _iso_instant(made, cell)
    if not wall:
        return ("The text is no date in one of the usual forms.",)
    if not re.fullmatch(_DAY, made):
        try:
            wall = wall.astimezone(resolve_zone(zone_name(cell)))
        except OverflowError:
            return ("The moment lies outside the years that have dates.",)
    day = date.fromisoformat(made) if re.fullmatch(_DAY, made) else wall.date()
    return doubts(text, day, date_pattern(cell), cell)


def _undoubted(text: str, made: str | None, cell: Cell) -> str | None:
    return made if made and not _doubts(text, made, cell) else None


def _cast(value: Any, cell: Cell, read: Callable[[str, Cell], str | None]) -> str | None:
    text = any_text(value, cell).strip()
    if not text:
        return None
    found = read(text, cell)
    if found is None:
        raise cell.refusal(
            "bad_date", f"{cell.name} cannot read {shown(value)} as a date. Send it as YYYY-MM-DD."
        )
    return found


def _read_day(text: str, cell: Cell) -> str | None:
    if re.match(_DAY + r"(?!\d)", text) and _real_day(text[:10]):
        return text[:10]
    instant = _read(text, cell, "utc")
    return to_iso(instant)[:10] if instant else None


def _read_moment(text: str, cell: Cell) -> str | None:
    instant = _iso_instant(text, cell) if re.fullmatch(_MOMENT, text) else _read(text, cell, zone_name(cell))
    return to_iso(instant) if instant else None


def _read(text: str, cell: Cell, zone: str) -> datetime | None:
    """By the field's own format where day and month could be mistaken, else as best one can."""
    if len(text) > _LONGEST_DATE:
        return None
    try:
        return _by_format(text, cell, zone) or parse_loose(text, time_zone=zone, locale=cell.locale)
    except MomentOutOfRange:
        return None


def _by_format(text: str, cell: Cell, zone: str) -> datetime | None:
    numeric = re.match(_NUMERIC, text)
    order = _order(cell, first=int(numeric[1])) if numeric else None
    if not order:
        return None
    clock = TIME_FORMATS["12hour"] if re.search(_TWELVE_HOURS, text) else "HH:mm:ss"
    return parse_moment(text, f"{order} {clock}", time_zone=zone, locale=cell.locale)


def _order(cell: Cell, first: int) -> str | None:
    """The order in which numbers stand for a day: the format's, or the locale's if no number tells."""
    pattern = date_pattern(cell)
    if pattern in (DATE_FORMATS["us"], DATE_FORMATS["european"]):
        return pattern
    if first > 12:
        return DATE_FORMATS["european"]
    usual = resolve_locale(cell.locale).formats["L"]
    return next(
        (DATE_FORMATS[name] for name in ("us", "european") if usual[0] == DATE_FORMATS[name][0]), None
    )


def day_text(value: Any, cell: Cell) -> str:
    """The day by the field's date format."""
    day = _real_day(value) if isinstance(value, str) and re.fullmatch(_DAY, value) else None
    if not day:
        return plain(value)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return format_moment(midnight, date_pattern(cell), time_zone="utc", locale=cell.locale)


def moment_text(value: Any, cell: Cell) -> str:
    """The moment by the field's date and time format, in its zone."""
    instant = _iso_instant(value, cell) if isinstance(value, str) and re.fullmatch(_MOMENT, value) else None
    if not instant:
        return plain(value)
    pattern = f"{date_pattern(cell)} {time_pattern(cell)}"
    try:
        return format_moment(instant, pattern, time_zone=zone_name(cell), locale=cell.locale)
    except MomentOutOfRange:
        # The first hours of year 1 have no date west of Greenwich.
        return plain(value)
