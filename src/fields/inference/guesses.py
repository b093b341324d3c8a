"""The types that a column may be, the telling ones first: what fits each, and with which options."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fields.inference.date_guesses import date_options, is_date, is_moment, moment_options
from fields.numerals import is_one_number
from fields.types.durations import read_duration
from fields.values import check, typecast


@dataclass(frozen=True, slots=True)
class Guess:
    """A type; whether one text of the column fits it; and its options, made of all texts that do.

    A guess holds if at least `least` texts fit.
    """

    type: str
    fits: Callable[[str], bool]
    options: Callable[[Sequence[str]], dict[str, Any]] = lambda texts: {}  # noqa: ARG005 - most types have none
    least: int = 1


_LONGEST_NUMBER = 15  # digits that a double keeps; longer ones are identifiers
_WORDS = frozenset({"true", "false", "yes", "no", "checked", "unchecked"})
_CODE_LENGTHS = (8, 12, 13, 14)
_CLOCK = r"-?\d{1,4}:[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?"
_PHONE = r"(?:\+|\(?0|\(\d{2,4}\))[\d\s().\-/]{5,}\d|\d{3}[\-. ]\d{3}[\-. ]\d{4}"
_SIGN = r"[$¢-¥֏؋৲৳฿₠-₿﷼]|\b[A-Z]{3}\b"


def _is_flag(text: str) -> bool:
    return text.lower() in _WORDS


def _is_number(text: str) -> bool:
    digits = sum(sign.isdigit() for sign in text)
    return digits <= _LONGEST_NUMBER and is_one_number(text) and not re.search(f"{_SIGN}|%", text)


def _is_percent(text: str) -> bool:
    return text.endswith("%") and is_one_number(text)


def _is_amount(text: str) -> bool:
    bare = re.sub(r"^([-−]?)\s?[A-Z]{3}\s|\s[A-Z]{3}$", r"\1", text)
    return re.search(_SIGN, text) is not None and "%" not in text and is_one_number(bare)


def _is_duration(text: str) -> bool:
    has_unit = re.search("[A-Za-z]", text) is not None
    return (has_unit or re.fullmatch(_CLOCK, text) is not None) and read_duration(text) is not None


def _is_email(text: str) -> bool:
    return "@" in text and check("email", text, {"globally_deliverable": False}).ok


def _is_url(text: str) -> bool:
    return re.match(r"(?i)https?://|ftp://|www\.\w", text) is not None and " " not in text


def _is_phone(text: str) -> bool:
    if not re.fullmatch(_PHONE, text):
        return False
    return check("phoneNumber", text).ok if text.startswith("+") else sum(map(str.isdigit, text)) >= 7


def _is_code(text: str) -> bool:
    if len(text) not in _CODE_LENGTHS or not (text.isascii() and text.isdigit()):
        return False
    return check("barcode", {"text": text, "type": "gtin"}).ok


def _precision(texts: Sequence[str], most: int) -> dict[str, Any]:
    return {"precision": min(max(map(_decimals, texts), default=0), most)}


def _decimals(text: str) -> int:
    found = re.search(r"\.(\d+)", text)
    return len(found[1]) if found else 0


def _currency_options(texts: Sequence[str]) -> dict[str, Any]:
    signs = Counter(found[0] for found in (re.search(_SIGN, text) for text in texts) if found)
    return {**_precision(texts, 7), "symbol": signs.most_common(1)[0][0]}


def _duration_options(texts: Sequence[str]) -> dict[str, Any]:
    """The shortest format that shows all that the texts tell."""
    colons = max(text.count(":") for text in texts)
    digits = min(max(_decimals(text) if ":" in text else 0 for text in texts), 3)
    has_seconds = any((read_duration(text, "h:mm") or 0) % 60 for text in texts)
    seconds = ":ss" if colons == 2 or has_seconds else ""
    return {"durationFormat": f"h:mm{seconds}" + (f".{'S' * digits}" if digits else "")}


GUESSES = (
    Guess("checkbox", _is_flag, lambda texts: {"icon": "check", "color": "greenBright"}),  # noqa: ARG005 - told
    Guess("date", is_date, date_options),
    Guess("dateTime", is_moment, moment_options),
    Guess("duration", _is_duration, _duration_options),
    Guess("percent", _is_percent, lambda texts: _precision(texts, 8)),
    Guess("currency", _is_amount, _currency_options),
    # One number in ten ends with a right check digit by chance.
    Guess("barcode", _is_code, least=3),
    Guess("number", _is_number, lambda texts: _precision(texts, 8)),
    Guess("email", _is_email),
    Guess("url", _is_url),
    Guess("phoneNumber", _is_phone),
)


def reads(guess: Guess, text: str, options: dict[str, Any]) -> bool:
    """Whether a field of the guessed type would keep the text's meaning."""
    answer = typecast(guess.type, text, options)
    return answer.ok and (answer.value is not None or guess.type == "checkbox")
