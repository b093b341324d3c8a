"""A call that the model asked for, held against the tools that there are."""

from dataclasses import dataclass

from orchestrator.running.calls import Call
from orchestrator.toolbox import Effect, Json, Tool


@dataclass(frozen=True, slots=True)
class Planned:
    """A call with its tool, its arguments as the schema has them, and why it cannot be made, if so."""

    call: Call
    tool: Tool | None
    arguments: Json
    refusal: str = ""

    @property
    def name(self) -> str:
        """The tool's own name, which the model may be told otherwise."""
        return self.tool.name if self.tool else self.call.name

    @property
    def effect(self) -> Effect:
        """What this very call does."""
        return self.tool.effect_of(self.arguments) if self.tool else "destroys"

    @property
    def is_read(self) -> bool:
        """Whether it only reads."""
        return self.effect == "reads"
