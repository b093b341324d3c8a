"""What clients send, read without trusting that it is what Airtable takes, and what they are sent."""

import json
import math
from typing import Any

Json = dict[str, Any]


def json_of(body: bytes) -> Any:
    """The JSON of a body, None for anything else: also for numbers and characters that only Python takes."""
    try:
        read = json.loads(body, parse_float=_finite, parse_constant=_finite)
        if b"\\u" in body or b"\xed" in body:
            json.dumps(read, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return read


def object_of(body: bytes) -> Json:
    """The JSON object of a body; {} for anything else, which Airtable refuses in its own words."""
    read = json_of(body)
    return read if isinstance(read, dict) else {}


def bytes_of(value: object) -> bytes:
    """The value as JSON; half a character, which no UTF-8 can hold, is escaped, as Airtable does it."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def _finite(text: str) -> float:
    """The number. Raises ValueError where there is none in JSON."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
