"""How long a model may think, in the words that its family understands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orchestrator.model.port import Effort


@dataclass(frozen=True, slots=True)
class Family:
    """Models that are told alike. `levels` and `budgets` say what an effort is called there."""

    pattern: re.Pattern[str]
    levels: Mapping[Effort, str]
    budgets: Mapping[Effort, int]
    takes_budget: bool


_LEVELS: Mapping[Effort, str] = {"minimal": "minimal", "low": "low", "medium": "medium", "high": "high"}
_FROM_LOW: Mapping[Effort, str] = {**_LEVELS, "minimal": "low"}
_BUDGETS: Mapping[Effort, int] = {"minimal": 0, "low": 1024, "medium": 8192, "high": 24_576}

FAMILIES: tuple[Family, ...] = (
    # 2.5 pro cannot be told not to think (docs: "Thinking").
    Family(re.compile(r"gemini-2\.5-pro"), {}, {**_BUDGETS, "minimal": 128}, takes_budget=True),
    Family(re.compile(r"gemini-2\.5"), {}, _BUDGETS, takes_budget=True),
    Family(re.compile(r"gemini-3\.8-flash"), _FROM_LOW, {}, takes_budget=True),
    Family(re.compile(r"gemini-3"), _LEVELS, {}, takes_budget=True),
    Family(re.compile(r"gemini-4"), _FROM_LOW, {}, takes_budget=False),
)
"""The first that fits."""


def thinking(model: str, effort: Effort | None, budget: int | None) -> dict[str, Any]:
    """The thinking config for that model; a level and a budget exclude each other, the level goes first.

    Empty for a model that is not known: it may not think at all.
    """
    family = next(
        (family for family in FAMILIES if family.pattern.match(model.removeprefix("models/"))), None
    )
    if family is None:
        return {}
    told: dict[str, Any] = {"include_thoughts": True}
    if effort and family.levels:
        return told | {"thinking_level": family.levels[effort]}
    if budget is not None and family.takes_budget:
        return told | {"thinking_budget": budget}
    if effort and family.budgets:
        return told | {"thinking_budget": family.budgets[effort]}
    return told
