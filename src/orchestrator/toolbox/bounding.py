"""Results of tools, bounded and plain: what the model reads is never longer than it may be.

Head and tail are kept; what was cut is said, with how to get the rest.
"""

import json
import re
from typing import Any

MOST_CHARACTERS = 64_000
"""A little more than our own MCP server answers: that one cuts better, since it knows what it cuts."""

_NOT_SHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    # What turns the direction of text, or hides it: a person who approves would read something else. It is
    # Unicode's Default_Ignorable_Code_Point, without what emoji and words of some scripts are written with.
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe03-\ufe0d\ufeff"
    "\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
    "\ud800-\udfff]"
    # A name may be written with one form of an ideograph and not another.
    "|(?<![\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\ufe00-\ufe02\U000e0100-\U000e01ef]"
)


def plain(value: Any) -> Any:
    """The JSON value without characters that are not shown."""
    match value:
        case str():
            return _NOT_SHOWN.sub("", value)
        case dict():
            return {plain(key): plain(item) for key, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case _:
            return value


def bounded(value: Any, most: int = MOST_CHARACTERS) -> tuple[Any, bool]:
    """The value, or the head and the tail of its JSON; and whether it was cut."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if len(text) <= most:
        return value, False
    half = most // 2
    note = (
        f"\n[cut: {len(text) - 2 * half:,} of {len(text):,} characters are left out here. Ask for less at "
        "a time to see them: fewer records or fields, a filter, or the next page by its cursor.]\n"
    )
    return f"{text[:half]}{note}{text[-half:]}", True
