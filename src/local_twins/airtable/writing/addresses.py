"""What typecast makes of a text in an attachment cell: one file for every address in it."""

import re
from typing import Any

_BETWEEN = re.compile(r"[,;]?\s+(?=https?://)|[,;](?=https?://)|(?<=\)),\s*", re.IGNORECASE)
"""White space or a comma before an address, and the comma behind `name.png (https://...)`."""


def addresses(value: Any) -> Any:
    """The value, with a text of several addresses told one by one; anything else as it is."""
    if not isinstance(value, str):
        return value
    return [part for part in _BETWEEN.split(value.strip()) if part]
