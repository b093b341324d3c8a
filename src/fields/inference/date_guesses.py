"""Whether texts are days or moments, and in which order they have day and month."""

import re
from collections.abc import Sequence
from typing import Any

_ISO = r"\d{4}-\d\d-\d\d"
_NUMERIC = r"(\d{1,2})([/.\-])(\d{1,2})\2(?:\d{4}|\d{2})"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_WORDED = rf"(?:{_MONTH}\s{_NTH},?\s\d{{4}}|{_NTH}[\s-]{_MONTH},?[\s-]\d{{4}})"
_DAY = rf"(?i)(?:{_ISO}|{_NUMERIC}|{_WORDED})"
_TIME = r"(?:T|,?\s)\d{1,2}(?::\d\d){1,2}(?:[.,]\d+)?\s?(?:[ap]\.?m\.?)?\s?(?:Z|[+-]\d\d:?\d\d)?"


def is_date(text: str) -> bool:
    """Whether the text is a day that exists."""
    return re.fullmatch(_DAY, text) is not None and _exists(text)


def is_moment(text: str) -> bool:
    """Whether the text is a day with a time; a day alone is the midnight before it."""
    return re.fullmatch(rf"{_DAY}(?:{_TIME})?", text) is not None and _exists(text)


def is_ambiguous(texts: Sequence[str]) -> bool:
    """Whether nothing tells the month from the day, in texts of which some need it."""
    numeric = _numeric(texts)
    return bool(numeric) and not any(max(pair) > 12 for pair in numeric) and any(a != b for a, b in numeric)


def date_options(texts: Sequence[str]) -> dict[str, Any]:
    """The dateFormat: as the texts have it; that of the United States where nothing tells."""
    return {"dateFormat": {"name": _format_name(texts)}}


def moment_options(texts: Sequence[str]) -> dict[str, Any]:
    """The dateFormat and timeFormat as the texts have them, in UTC."""
    has_noon = any(re.search(r"(?i)\d\s?[ap]\.?m", text) for text in texts)
    return {
        **date_options(texts),
        "timeFormat": {"name": "12hour" if has_noon else "24hour"},
        "timeZone": "utc",
    }


def _format_name(texts: Sequence[str]) -> str:
    numeric = _numeric(texts)
    if numeric:
        days_first = sum(first > 12 for first, _ in numeric)
        months_first = sum(second > 12 for _, second in numeric)
        return "european" if days_first > months_first or _has_dots(texts) else "us"
    return "friendly" if all(re.search("[A-Za-z]{3}", text) for text in texts) else "iso"


def _numeric(texts: Sequence[str]) -> list[tuple[int, int]]:
    found = (re.match(_NUMERIC, text) for text in texts)
    return [(int(pair[1]), int(pair[3])) for pair in found if pair]


def _has_dots(texts: Sequence[str]) -> bool:
    # 5.9.2022 is written where the day comes first.
    return any(re.match(r"\d{1,2}\.\d", text) for text in texts)


def _exists(text: str) -> bool:
    """In either order of day and month."""
    from fields.values import typecast

    return any(typecast("date", text, {"dateFormat": {"name": name}}).ok for name in ("us", "european"))
