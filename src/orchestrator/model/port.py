"""What the loop asks of a language model.

Contents and parts are JSON in Gemini's form: its own wire verbatim, which other models' adapters translate.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

Json: TypeAlias = Mapping[str, Any]

Effort = Literal["minimal", "low", "medium", "high"]
"""How long the model may think; mapped to what each model understands."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request. `prompt` holds the cached ones too; `output` does not hold thinking."""

    prompt: int = 0
    cached: int = 0
    output: int = 0
    thinking: int = 0
    tool: int = 0

    def plus(self, other: "Usage") -> "Usage":
        """The tokens of both."""
        return Usage(
            self.prompt + other.prompt,
            self.cached + other.cached,
            self.output + other.output,
            self.thinking + other.thinking,
            self.tool + other.tool,
        )


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question to the model. `tools` are function declarations with their JSON schemas verbatim.

    `continuation` is the token of an answer to the same contents that was too long for one request.
    """

    model: str
    system: str
    contents: Sequence[Json]
    tools: Sequence[Json] = ()
    may_call: bool = True
    effort: Effort | None = None
    thinking_budget: int | None = None
    max_output_tokens: int | None = None
    timeout_seconds: float = 120.0
    continuation: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something the model says while it speaks."""

    text: str
    is_thought: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole answer, last in every stream: its parts verbatim, why it ended, what it used, who served.

    `finish` is STOP, MAX_TOKENS, or CONTINUATION with the token for the rest; any other end is a ModelError.
    `is_usage_guessed` says that the service did not count.
    """

    parts: tuple[Json, ...]
    finish: str
    usage: Usage
    model_served: str
    continuation: str = ""
    provider: str = "google"
    is_usage_guessed: bool = False

    @property
    def calls(self) -> tuple[Json, ...]:
        """The functions that are asked for: {id, name, args} each."""
        return tuple(part["functionCall"] for part in self.parts if "functionCall" in part)

    @property
    def text(self) -> str:
        """What is meant for the person."""
        return "".join(part.get("text", "") for part in self.parts if not part.get("thought"))


class Model(Protocol):
    """A language model behind some service. Raises ModelError and nothing else that is expected."""

    def stream(self, request: ModelRequest) -> AsyncGenerator[Piece | Reply, None]:
        """Pieces as they come, then exactly one Reply; closing the iterator ends the request."""
        ...

    async def count_tokens(self, request: ModelRequest) -> int:
        """The tokens of the prompt, as the service counts them."""
        ...
