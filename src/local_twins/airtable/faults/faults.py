"""The rules in force, and what they make of the next request."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Self

from local_twins.airtable.faults.rule import FaultsRefused, Rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """What befalls one request: it waits, and then meets at most one other fault, `rule`."""

    delay_seconds: float = 0.0
    rule: Rule | None = None
    kinds: tuple[str, ...] = ()

    @property
    def fault(self) -> str:
        """The fault beside the delay, "" for none."""
        return self.rule.fault if self.rule else ""


NOTHING = Outcome()


class Faults:
    """Rules with their tallies. The same rules, seed and requests give the same faults."""

    def __init__(self, rules: tuple[Rule, ...] = (), seed: int = 0) -> None:
        self.rules = rules
        self.seed = seed
        self._random = Random(seed)  # noqa: S311 - faults are to be repeated, not to be secret
        self._fitted = [0] * len(rules)
        self._struck = [0] * len(rules)

    @classmethod
    def of(cls, told: Any) -> Self:
        """The rules of a JSON object `{"seed"?, "rules": [...]}`. Raises FaultsRefused."""
        if not isinstance(told, Mapping) or not isinstance(told.get("rules"), list):
            raise FaultsRefused('faults are an object {"seed"?: 1, "rules": [...]}')
        seed = told.get("seed", 0)
        if not isinstance(seed, int) or set(told) - {"seed", "rules"}:
            raise FaultsRefused('faults are an object {"seed"?: 1, "rules": [...]}, the seed a whole number')
        return cls(tuple(Rule.of(rule) for rule in told["rules"]), seed)

    def to_json(self) -> dict[str, Any]:
        """The rules, each with how many requests it fitted and how many it struck."""
        shown = [
            rule.to_json() | {"fitted": fitted, "struck": struck}
            for rule, fitted, struck in zip(self.rules, self._fitted, self._struck, strict=True)
        ]
        return {"seed": self.seed, "rules": shown}

    @property
    def is_quiet(self) -> bool:
        """Whether nothing befalls any request."""
        return not self.rules

    def next(self, method: str, path: str) -> Outcome:
        """What befalls this request: delays add up, and the first other fault is the one."""
        if not self.rules:
            return NOTHING
        delay, other, kinds = 0.0, None, []
        for place, rule in enumerate(self.rules):
            if other is not None and rule.fault != "latency":
                continue
            if self._strikes(place, rule, method, path):
                kinds.append(rule.fault)
                delay += rule.seconds
                other = other or (rule if rule.fault != "latency" else None)
        return Outcome(delay, other, tuple(kinds))

    def _strikes(self, place: int, rule: Rule, method: str, path: str) -> bool:
        if not rule.fits(method, path):
            return False
        self._fitted[place] += 1
        if rule.times is not None and self._struck[place] >= rule.times:
            return False
        if not rule.is_due(self._fitted[place]) or self._random.random() >= rule.probability:
            return False
        self._struck[place] += 1
        return True
