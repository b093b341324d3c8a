"""The agent: which model, at what cost, and where its tools are."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal, cast

from pyairtable_app.errors import SettingError
from pyairtable_app.settings.reading import Env, Secret, Variable, choice, secret, url

Effort = Literal["minimal", "low", "medium", "high"]

_EFFORTS = ("model", "minimal", "low", "medium", "high")

VARIABLES = (
    Variable("GEMINI_API_KEY", "", "The key for Gemini. Without it and without an address a demo answers."),
    Variable("GEMINI_API_KEY_FILE", "", "A file that holds that key instead."),
    Variable("GEMINI_ENDPOINT_URL", "", "Another address that speaks Gemini's API, such as `twin gemini`."),
    Variable("MODEL", "gemini-3.8-flash", "The model that chats ask unless they name another."),
    Variable("EFFORT", "model", "How long it may think: minimal, low, medium, high; model: its own default."),
    Variable(
        "MCP_URL", "", "The MCP server that the chat's tools come from. Default: the one in this process."
    ),
    Variable("MCP_API_KEY", "", "The key that is sent to MCP_URL."),
    Variable("MCP_API_KEY_FILE", "", "A file that holds that key instead."),
    Variable("BUDGET_DOLLARS", "", "What all chats together may cost in a month. Default: no limit."),
    Variable("USER_BUDGET_DOLLARS", "", "What one person's chats may cost in a month. Default: no limit."),
)


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """The agent of the chat role; `effort` None leaves it to the model, money is in micro-dollars."""

    gemini_key: Secret | None
    gemini_url: str | None
    model: str
    effort: Effort | None
    mcp_url: str | None
    mcp_key: Secret | None
    budget_micros: int | None
    user_budget_micros: int | None

    @classmethod
    def from_env(cls, env: Env) -> "AgentSettings":
        """Read the environment. Raises SettingError."""
        effort = choice(env, "EFFORT", _EFFORTS)
        return cls(
            gemini_key=secret(env, "GEMINI_API_KEY"),
            gemini_url=url(env, "GEMINI_ENDPOINT_URL"),
            model=env.get("MODEL", "").strip() or "gemini-3.8-flash",
            effort=None if effort == "model" else cast("Effort", effort),
            mcp_url=url(env, "MCP_URL"),
            mcp_key=secret(env, "MCP_API_KEY"),
            budget_micros=_micros(env, "BUDGET_DOLLARS"),
            user_budget_micros=_micros(env, "USER_BUDGET_DOLLARS"),
        )

    @property
    def has_model(self) -> bool:
        """Whether there is a model to ask, and not the demo."""
        return self.gemini_key is not None or self.gemini_url is not None


def _micros(env: Env, name: str) -> int | None:
    given = env.get(name, "").strip().removeprefix("$")
    if not given:
        return None
    try:
        dollars = Decimal(given)
    except InvalidOperation:
        dollars = Decimal(-1)
    if not dollars.is_finite() or dollars < 0:
        raise SettingError(f"{name}={given!r}: expected an amount of dollars such as 25 or 0.50.")
    return int(dollars * 1_000_000)
