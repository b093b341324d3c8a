"""What a prompt tells a model: an aim, the steps to it, and what holds for all of them."""

from collections.abc import Collection
from dataclasses import dataclass

from pyairtable_mcp.offering import names_hidden


@dataclass(frozen=True, slots=True)
class Steps:
    """The parts of a prompt's text; the steps, one a line, are numbered when it is told."""

    aim: str
    steps: str
    rule: str = ""

    def told(self, hidden: Collection[str]) -> str:
        """The text, without the steps that name a tool in `hidden`."""
        left = [step for step in self.steps.split("\n") if not names_hidden(step, hidden)]
        numbered = "\n".join(f"{number}. {step}" for number, step in enumerate(left, 1))
        return "\n\n".join(filter(None, [self.aim, numbered, self.rule]))
