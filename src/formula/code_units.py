"""Lengths and positions in text, in UTF-16 code units as JavaScript counts them or in code points.

They differ only where a text has characters beyond U+FFFF, most emoji among them; all other text is measured
directly. A cut through the middle of such a character leaves U+FFFD.
"""

from typing import Literal

Units = Literal["utf16", "code_points"]


def length(text: str, units: Units) -> int:
    """How many units the text has."""
    return len(text) if units == "code_points" or _is_narrow(text) else len(_wide(text)) // 2


def cut(text: str, start: int, end: int, units: Units) -> str:
    """The units from `start` (counted from 0) up to, not including, `end`; neither is negative."""
    if units == "code_points" or _is_narrow(text):
        return text[start:end]
    return _wide(text)[2 * start : 2 * end].decode("utf-16-le", "replace")


def position(needle: str, text: str, start: int, units: Units) -> int:
    """Where `needle` first stands at or after unit `start`, counted from 0; -1 if nowhere."""
    if units == "code_points" or _is_narrow(text):
        return text.find(needle, start)
    begin = len(cut(text, 0, start, units))
    found = text.find(needle, begin)
    return found if found < 0 else length(text[:found], units)


def _is_narrow(text: str) -> bool:
    return text.isascii() or max(text) <= "\uffff"


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
