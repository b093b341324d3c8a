"""What a run of the agent may use, and how it is told of."""

from dataclasses import dataclass
from typing import Literal, cast

from pyairtable_app.errors import SettingError
from pyairtable_app.settings.reading import Env, Variable, choice

CAPTURE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
"""The name that OpenTelemetry's own instrumentations of language models read."""

VARIABLES = (
    Variable("RUN_STEPS", "25", "Model calls of one run; after the last it answers without tools."),
    Variable("RUN_SECONDS", "600", "Seconds of one run, without its waiting for a person."),
    Variable("CALLS_PER_REPLY", "16", "Calls that are made for one reply; the rest is refused."),
    Variable("CALLS_AT_ONCE", "4", "Reads of one reply that run at the same time."),
    Variable("COMPACT_AT_TOKENS", "200000", "A prompt of so many tokens is told by a summary."),
    Variable("MAX_OUTPUT_TOKENS", "8192", "Tokens of one reply, unless a request says otherwise."),
    Variable("THINKING_BUDGET", "", "Tokens it may think, for models that take a number and without EFFORT."),
    Variable("APPROVAL_HOURS", "24", "Hours that a write waits for a decision."),
    Variable(
        "TOOL_CHANGES",
        "tell",
        "When the tools are not those a session began with: tell goes on and says so, stop does not go on.",
    ),
    Variable(CAPTURE, "false", "true puts what is said into traces, where many may see it."),
)


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """The limits of every run; `thinking_budget` None leaves it to the model."""

    steps: int
    seconds: int
    calls_per_reply: int
    calls_at_once: int
    compact_at_tokens: int
    max_output_tokens: int
    thinking_budget: int | None
    approval_hours: int
    tool_changes: Literal["tell", "stop"]
    captures_content: bool

    @classmethod
    def from_env(cls, env: Env) -> "LimitSettings":
        """Read the environment. Raises SettingError."""
        return cls(
            steps=_count(env, "RUN_STEPS"),
            seconds=_count(env, "RUN_SECONDS"),
            calls_per_reply=_count(env, "CALLS_PER_REPLY"),
            calls_at_once=_count(env, "CALLS_AT_ONCE"),
            compact_at_tokens=_count(env, "COMPACT_AT_TOKENS"),
            max_output_tokens=_count(env, "MAX_OUTPUT_TOKENS"),
            thinking_budget=_count(env, "THINKING_BUDGET", least=-1) if _is_set(env) else None,
            approval_hours=_count(env, "APPROVAL_HOURS"),
            tool_changes=cast("Literal['tell', 'stop']", choice(env, "TOOL_CHANGES", ("tell", "stop"))),
            captures_content=choice(env, CAPTURE, ("false", "true")) == "true",
        )


_DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


def _is_set(env: Env) -> bool:
    return bool(env.get("THINKING_BUDGET", "").strip())


def _count(env: Env, name: str, *, least: int = 1) -> int:
    value = env.get(name, "").strip() or _DEFAULTS[name]
    try:
        count = int(value)
    except ValueError:
        count = least - 1
    if count < least:
        raise SettingError(f"{name}={value!r}: allowed is a whole number from {least} on.")
    return count
