"""What a text looks like: a number, a date, an address. Looks, not validity: nothing is looked up."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

Shape = Callable[[str], object]
"""Truthy for a text that looks like it."""

_NUMERAL = r"(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?"  # 007 is a code, no number
_SIGNED = rf"[-+]?{_NUMERAL}"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = rf"(?:{_LABEL}\.)+[^\W\d_](?:[\w-]{{0,61}}[^\W_])"
_ADDRESS = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}|\[[0-9a-fA-F:]+\]"
_VANITY = r"\+?1?[-. ]?\(?8[0-9]{2}\)?[-. ]?[A-Z0-9-]{7,9}"


def _matches(pattern: str) -> Shape:
    return re.compile(pattern, re.IGNORECASE).fullmatch


def is_email(text: str) -> bool:
    """Whether it looks like an e-mail address: somebody, @, a host with a dot; lengths as in RFC 5321."""
    local, _, _ = text.rpartition("@")
    return bool(len(text) <= 254 and len(local) <= 64 and _EMAIL(text))


def is_url(text: str) -> bool:
    """Whether it looks like a web address; a scheme is not needed, as Airtable opens airtable.com as well."""
    return bool(_URL(text))


def is_phone(text: str) -> bool:
    """Whether it looks like a telephone number: 3 to 15 digits (E.164), an extension, or a vanity number."""
    number, *extension = re.split(
        r"\s*(?:ext\.?|x|#|;ext=)\s*", text.strip(), maxsplit=1, flags=re.IGNORECASE
    )
    digits = sum(character.isdigit() for character in number)
    dialled = _DIALLED(number) and 3 <= digits <= 15 and all(map(str.isdigit, extension))
    return bool(dialled or _VANITY_NUMBER(text.strip()))


_EMAIL = _matches(rf"(?!\.)(?!.*\.\.)[^\s@<>()\[\],;:\\\"]+(?<!\.)@{_HOST}")
_URL = _matches(rf"(?:[a-z][a-z0-9+.-]*://)?(?:{_HOST}|localhost|{_ADDRESS})(?::[0-9]{{1,5}})?(?:[/?#]\S*)?")
_DIALLED = _matches(r"(?:tel:)?\+?[\d\s()./-]+")
_VANITY_NUMBER = re.compile(_VANITY).fullmatch
_MOMENT = _matches(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*")
_NUMERIC_DATE = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2[0-9]{4}").fullmatch
_NAMED_DATE = _matches(
    rf"{_MONTH}\s+[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s+[0-9]{{4}}|[0-9]{{1,2}}\.?\s+{_MONTH},?\s+[0-9]{{4}}"
)


def is_date(text: str) -> bool:
    """Whether it is a day: 2026-11-23, 11/23/2026, 23.11.2026, November 23, 2026."""
    if found := _NUMERIC_DATE(text):
        return _is_day_and_month(int(found[1]), int(found[3]))
    return bool(_NAMED_DATE(text)) or (len(text) == 10 and parse_moment(text) is not None)


def is_moment(text: str) -> bool:
    """Whether it is a day and a time in ISO 8601."""
    return bool(_MOMENT(text)) and parse_moment(text) is not None


def parse_moment(text: str) -> datetime | None:
    """The moment of an ISO date, or date and time, None if it is neither; naive where no zone is told."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_day_and_month(one: int, other: int) -> bool:
    return 1 <= min(one, other) <= 12 and max(one, other) <= 31


LOOKS: Mapping[str, Shape] = {"email": is_email, "url": is_url, "phoneNumber": is_phone}
"""What a text in a field of that type should look like; Airtable itself takes any text."""

STRICTER: Mapping[str, Shape] = {
    "checkbox": _matches(r"yes|no|true|false"),
    "number": _matches(_SIGNED),
    "percent": _matches(rf"{_SIGNED}\s?%"),
    "currency": _matches(rf"[-+]?[$€£¥₹]\s?{_SIGNED}|{_SIGNED}\s?[$€£¥₹]"),
    "date": is_date,
    "dateTime": is_moment,
    "email": is_email,
    "url": _matches(r"(?:https?://|www\.)[^\s/]+\.\S+"),
    "phoneNumber": lambda text: re.search(r"^\+|[\s()/-]", text) and len(text) >= 7 and is_phone(text),
}
"""Types that a field of text could have if each of its texts looked like this; the first that fits counts."""


def stricter_type(texts: list[str]) -> str | None:
    """The type that all of the texts look like, None if there is no such type."""
    return next(
        (type for type, looks in STRICTER.items() if all(looks(text.strip()) for text in texts)), None
    )
