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
    Variable(
        "MODEL_URL",
        "",
        "An OpenAI-compatible address instead of Gemini, such as Ollama's http://127.0.0.1:11434/v1.",
    ),
    Variable("MODEL_API_KEY", "", "The key that is sent to MODEL_URL, if it wants one."),
    Variable("MODEL_API_KEY_FILE", "", "A file that holds that key instead."),
    Variable("MODEL", "gemini-3.8-flash", "The model that chats ask unless they name another."),
    Variable(
        "MODEL_PRICE",
        "",
        "What the models there cost: input/output in dollars a million tokens. Default: by a list.",
    ),
    Variable("EFFORT", "model", "How long it may think: minimal, low, medium, high; model: its own default."),
    Variable(
        "MCP_URL", "", "The MCP server that the chat's tools come from. Default: the one in this process."
    ),
    Variable("MCP_API_KEY", "", "The key that is sent to MCP_URL."),
    Variable("MCP_API_KEY_FILE", "", "A file that holds that key instead."),
    Variable("RUN_TOKENS", "3000000", "The most tokens that one run may use, whatever they cost."),
    Variable("BUDGET_DOLLARS", "", "What all chats together may cost in a month. Default: no limit."),
    Variable("USER_BUDGET_DOLLARS", "", "What one person's chats may cost in a month. Default: no limit."),
)


_GEMINI = ("GEMINI_API_KEY", "GEMINI_API_KEY_FILE", "GEMINI_ENDPOINT_URL")


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars a million tokens, as text."""

    input: str
    output: str


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """The agent of the chat role; `effort` None leaves it to the model, money is in micro-dollars."""

    gemini_key: Secret | None
    gemini_url: str | None
    model_url: str | None
    model_key: Secret | None
    model: str
    model_price: Price | None
    run_tokens: int
    effort: Effort | None
    mcp_url: str | None
    mcp_key: Secret | None
    budget_micros: int | None
    user_budget_micros: int | None

    @classmethod
    def from_env(cls, env: Env) -> "AgentSettings":
        """Read the environment. Raises SettingError."""
        effort = choice(env, "EFFORT", _EFFORTS)
        model, model_url = env.get("MODEL", "").strip(), url(env, "MODEL_URL")
        if model_url and not model:
            raise SettingError(f"MODEL_URL={model_url!r}: MODEL must name the model that is asked there.")
        if model_url and (rival := next((name for name in _GEMINI if env.get(name, "").strip()), None)):
            raise SettingError(f"MODEL_URL and {rival} name two services: set one of them.")
        return cls(
            gemini_key=secret(env, "GEMINI_API_KEY"),
            gemini_url=url(env, "GEMINI_ENDPOINT_URL"),
            model_url=model_url,
            model_key=secret(env, "MODEL_API_KEY"),
            model=model or "gemini-3.8-flash",
            model_price=_price(env),
            run_tokens=_tokens(env),
            effort=None if effort == "model" else cast("Effort", effort),
            mcp_url=url(env, "MCP_URL"),
            mcp_key=secret(env, "MCP_API_KEY"),
            budget_micros=_micros(env, "BUDGET_DOLLARS"),
            user_budget_micros=_micros(env, "USER_BUDGET_DOLLARS"),
        )

    @property
    def has_model(self) -> bool:
        """Whether there is a model to ask, and not the demo."""
        return any(given is not None for given in (self.gemini_key, self.gemini_url, self.model_url))


def _price(env: Env) -> Price | None:
    given = env.get("MODEL_PRICE", "").strip()
    if not given:
        return None
    amounts = [_amount(part) for part in given.replace("$", "").split("/")]
    if len(amounts) != 2 or None in amounts:
        raise SettingError(
            f"MODEL_PRICE={given!r}: expected input/output in dollars a million tokens, such as 0.5/1.5."
        )
    return Price(str(amounts[0]), str(amounts[1]))


def _tokens(env: Env) -> int:
    given = env.get("RUN_TOKENS", "").strip().replace("_", "") or "3000000"
    if not given.isdecimal() or int(given) < 1:
        raise SettingError(f"RUN_TOKENS={given!r}: expected a number of tokens such as 500000.")
    return int(given)


def _micros(env: Env, name: str) -> int | None:
    given = env.get(name, "").strip().removeprefix("$")
    if not given:
        return None
    if (dollars := _amount(given)) is None:
        raise SettingError(f"{name}={given!r}: expected an amount of dollars such as 25 or 0.50.")
    return int(dollars * 1_000_000)


def _amount(given: str) -> Decimal | None:
    """An amount that is not negative; None for what is none."""
    try:
        amount = Decimal(given.strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None
