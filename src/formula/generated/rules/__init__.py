"""Functions that the generated back end writes out, where the shapes allow it; all others are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from formula.generated.fragment import Fragment
from formula.generated.rules.dates import DATE_RULES
from formula.generated.rules.logic import LOGIC_RULES
from formula.generated.rules.numeric import NUMERIC_RULES
from formula.generated.rules.text import TEXT_RULES

if TYPE_CHECKING:
    from formula.generated.writer import Writer

Rule = Callable[["Writer", Sequence[Fragment]], Fragment | None]

RULES: Mapping[str, Rule] = {**LOGIC_RULES, **NUMERIC_RULES, **TEXT_RULES, **DATE_RULES}
"""By name: the code of a call from its arguments, or None to call the function."""

__all__ = ["RULES"]
