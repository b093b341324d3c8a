"""The models that the twin serves, and what each allows."""

from dataclasses import dataclass
from typing import Any

_METHODS = ["generateContent", "countTokens", "createCachedContent"]


@dataclass(frozen=True, slots=True)
class Served:
    """A model; `has_levels` means a thinking level instead of a budget, and signed calls."""

    name: str
    output_limit: int = 65_536
    input_limit: int = 1_048_576
    has_levels: bool = True

    @property
    def body(self) -> dict[str, Any]:
        """The model as `GET /models/...` gives it."""
        return {
            "name": f"models/{self.name}",
            "displayName": self.name,
            "inputTokenLimit": self.input_limit,
            "outputTokenLimit": self.output_limit,
            "supportedGenerationMethods": _METHODS,
            "thinking": True,
        }


MODELS: tuple[Served, ...] = (
    Served("gemini-4-argon"),
    Served("gemini-3.8-flash"),
    Served("gemini-3.7-flash"),
    Served("gemini-3.5-flash"),
    Served("gemini-3.5-flash-lite"),
    Served("gemini-2.5-flash", has_levels=False),
    Served("gemini-2.5-flash-lite", has_levels=False),
)
