"""What an endpoint takes of the protocol: servers refuse what they do not know, and say its name."""

import re
from dataclasses import dataclass, field
from typing import Any

from orchestrator.model.port import ModelRequest

Json = dict[str, Any]

_NAMES = ("stream_options", "max_completion_tokens", "max_tokens", "reasoning_effort")
"""What may be left out, or be called otherwise; the longer of two names first."""


_UNKNOWN = re.compile(
    r"un(?:supported|known|recogni[sz]ed|expected)|not (?:supported|permitted|allowed|valid)|extra|invalid",
    re.IGNORECASE,
)
"""How servers say that an option is unknown to them, and not only its value wrong."""


@dataclass(slots=True)
class Dialect:
    """What was learned of one endpoint; `learn` is asked when it refused a request."""

    unknown: set[str] = field(default_factory=set)

    def options(self, request: ModelRequest) -> Json:
        """The options of the request in words that the endpoint takes."""
        options: Json = {"stream": True, "stream_options": {"include_usage": True}}
        if request.max_output_tokens is not None:
            # Older servers know only the first name, OpenAI's reasoning models only the second.
            name = "max_completion_tokens" if "max_tokens" in self.unknown else "max_tokens"
            options[name] = request.max_output_tokens
        if request.effort is not None:
            options["reasoning_effort"] = request.effort
        return {name: value for name, value in options.items() if name not in self.unknown}

    def learn(self, sent: Json, complaint: str) -> bool:
        """Whether the complaint names an option that was sent, which is then left out from now on."""
        named = next((name for name in _NAMES if name in sent and name in complaint), None)
        if named is None or not _UNKNOWN.search(complaint):
            return False
        self.unknown.add(named)
        return True
