"""How many tokens a prompt will have, reckoned before it is sent and corrected by what was counted after.

Four bytes a token is a rough rule; each model's own ratio is learned from the usage that it reports.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

Count = Callable[[str], int]

_WEIGHT = 0.2
"""How far one observation moves the ratio: the last five or so count."""

_BOUNDS = (0.25, 4.0)
"""A ratio outside of these is not believed: a cached or an edited count, not a tokenizer."""


def rough_tokens(text: str) -> int:
    """One token for four bytes of UTF-8, rounded up."""
    return -(-len(text.encode()) // 4)


class Estimates:
    """Estimates prompts; `count` may be a real tokenizer that needs no network."""

    def __init__(self, count: Count = rough_tokens) -> None:
        self._count = count
        self._ratios: dict[str, float] = {}

    def tokens(self, model: str, *parts: Sequence[Any] | str) -> int:
        """The tokens of texts and JSON values together, as this model will probably count them."""
        counted = sum(self._count(_text(part)) for part in parts)
        return round(counted * self._ratios.get(model, 1.0))

    def learn(self, model: str, *, estimated: int, counted: int) -> None:
        """Compare an estimate with what the service counted for the same prompt."""
        if estimated <= 0 or counted <= 0:
            return
        ratio = self._ratios.get(model, 1.0)
        seen = min(max(ratio * counted / estimated, _BOUNDS[0]), _BOUNDS[1])
        self._ratios[model] = ratio + _WEIGHT * (seen - ratio)


def _text(part: Sequence[Any] | str) -> str:
    return part if isinstance(part, str) else json.dumps(part, ensure_ascii=False, separators=(",", ":"))
