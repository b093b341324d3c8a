"""Dates in the notations of ISO 8601."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from moments.zones import from_wall


def to_iso(instant: datetime) -> str:
    """`instant` as Airtable's API writes it: 2026-11-23T00:00:00.000Z."""
    return f"{instant.astimezone(UTC).isoformat(timespec='milliseconds')[:23]}Z"


def read_common_iso(text: str, zone: tzinfo) -> datetime | None:
    """The instant that `text` means, if it has the length and the hyphens of a common notation; else None.

    Nearly every date that is read comes from Airtable's API (2026-11-23, 2026-11-23T07:30:00.000Z), and
    this is worth a way of its own: it costs about a microsecond. A time without an offset is read on the
    clocks of `zone`.
    """
    if len(text) not in _LENGTHS or text[4] != "-" or text[7] != "-" or text[10:11] not in _SEPARATORS:
        return None
    try:
        read = datetime.fromisoformat(text)
        instant = from_wall(read, zone) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return None if instant.microsecond % 1000 else instant


# Of a day alone, to the minute, the second and the millisecond, with nothing, Z and +05:30 behind them.
_LENGTHS = frozenset({10, 16, 17, 19, 20, 22, 23, 24, 25, 29})
_SEPARATORS = frozenset({"", "T", " "})


def iso_pattern(text: str) -> str | None:
    """The Moment pattern that reads `text`, when it is in a notation of ISO 8601 at all; else None."""
    match = _EXTENDED.match(text) or _BASIC.match(text)
    if not match:
        return None
    day = _pattern_of(match["day"], _DAYS)
    if not match["clock"]:
        return day
    # A time needs a day to stand in.
    clock = _pattern_of(match["clock"], _CLOCKS)
    offset = "Z" if match["offset"] else ""
    return f"{day}[{match['separator']}]{clock}{offset}" if day not in _WITHOUT_DAY else None


_OFFSET = r"(?P<offset>[+-][0-9]{2}(?::?[0-9]{2})?|\s*Z)?"
_YEAR = "(?:[+-][0-9]{6}|[0-9]{4})"
_EXTENDED = re.compile(
    rf"\s*(?P<day>{_YEAR}-(?:[0-9]{{2}}-[0-9]{{2}}|W[0-9]{{2}}(?:-[0-9])?|[0-9]{{3}}|[0-9]{{2}}))"
    r"(?:(?P<separator>[T ])(?P<clock>[0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)?)"
    rf"{_OFFSET})?\Z"
)
_BASIC = re.compile(
    rf"\s*(?P<day>{_YEAR}(?:[0-9]{{4}}|W[0-9]{{3}}|W[0-9]{{2}}|[0-9]{{3}}|[0-9]{{2}}|))"
    r"(?:(?P<separator>[T ])(?P<clock>[0-9]{2}(?:[0-9]{2}(?:[0-9]{2}(?:[.,][0-9]+)?)?)?)"
    rf"{_OFFSET})?\Z"
)

# Shapes, in which 9 is any digit and # a run of them, with the patterns that read them.
_DAYS = {
    "+999999-99-99": "YYYYYY-MM-DD",
    "9999-99-99": "YYYY-MM-DD",
    "9999-W99-9": "GGGG-[W]WW-E",
    "9999-W99": "GGGG-[W]WW",
    "9999-999": "YYYY-DDD",
    "9999-99": "YYYY-MM",
    "+9999999999": "YYYYYYMMDD",
    "99999999": "YYYYMMDD",
    "9999W999": "GGGG[W]WWE",
    "9999W99": "GGGG[W]WW",
    "9999999": "YYYYDDD",
    "999999": "YYYYMM",
    "9999": "YYYY",
}
_WITHOUT_DAY = frozenset({"GGGG-[W]WW", "YYYY-MM", "GGGG[W]WW", "YYYYMM", "YYYY"})
_CLOCKS = {
    "99:99:99.#": "HH:mm:ss.SSSS",
    "99:99:99": "HH:mm:ss",
    "99:99": "HH:mm",
    "999999.#": "HHmmss.SSSS",
    "999999": "HHmmss",
    "9999": "HHmm",
    "99": "HH",
}


def _pattern_of(text: str, patterns: Mapping[str, str]) -> str | None:
    shape = re.sub("[.,][0-9]+", ".#", re.sub("^-", "+", text))
    return patterns.get(re.sub("[0-9]", "9", shape))
