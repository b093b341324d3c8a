"""What a person chooses for one run."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from orchestrator.model import Effort
from pyairtable_platform.kernel import Invalid


@dataclass(frozen=True, slots=True)
class Options:
    """The model, how long it may think and answer, and what the run may use; None is the server's limit."""

    model: str
    effort: Effort | None = None
    thinking_budget: int | None = None
    max_output_tokens: int = 8192
    max_steps: int | None = None
    budget_micros: int | None = None

    def changed(self, given: Mapping[str, Any]) -> "Options":
        """These, with what was chosen instead. Raises Invalid for an option that there is not.

        Effort and a budget of thinking exclude each other: who chooses one of them has unchosen the other.
        """
        known = [field.name for field in fields(self)]
        if unknown := next((name for name in given if name not in known), None):
            raise Invalid(f"There is no option {unknown!r}. Known: {', '.join(known)}.")
        chosen = replace(self, **given)
        if given.get("thinking_budget") is not None and given.get("effort") is None:
            return replace(chosen, effort=None)
        return chosen

    def to_json(self) -> dict[str, Any]:
        """What was chosen, as the log keeps it."""
        return {name: value for name, value in asdict(self).items() if value is not None}
