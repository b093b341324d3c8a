"""What a model's tokens cost, at the moment of the request.

Prices come with `genai-prices` and know the dates from which they hold; nothing is fetched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from genai_prices import Usage as PricedUsage
from genai_prices import calc_price
from genai_prices.types import PriceCalculation

from orchestrator.model import Usage

_MICROS = 1_000_000

_DEAREST = ("gemini-4-argon", "gemini-3-pro-preview")
"""An unknown model costs what the dearer of these does; a test holds that no text model is dearer."""


@dataclass(frozen=True, slots=True)
class Priced:
    """An amount in micro-dollars, rounded up; `price` is what it was reckoned with, kept with the amount."""

    micros: int
    is_estimated: bool
    price: Mapping[str, Any]


class Prices:
    """Prices of one provider's models; `own` are dollars per million tokens that go before the list.

    `own` maps a model to {"input", "cached", "output"}: a contract's prices, or a model of one's own; "*"
    is every model that is not named.
    """

    def __init__(
        self, *, provider: str = "google", own: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        self._provider = provider
        self._own = dict(own or {})

    def price(self, usage: Usage, model: str, at: datetime) -> Priced:
        """What the usage costs; an unknown model costs what the dearest does, and is marked estimated."""
        name = model.removeprefix("models/")
        if own := self._own.get(name) or self._own.get("*"):
            return _by_own(usage, own)
        try:
            return _by_list(usage, name, self._provider, at, is_estimated=False)
        except LookupError:
            known = [_by_list(usage, dear, "google", at, is_estimated=True) for dear in _DEAREST]
            return max(known, key=lambda priced: priced.micros)


class EndpointPrices(Prices):
    """Prices of the models of an OpenAI-compatible address, which the list may know.

    A model that it does not know costs nothing that anybody could count: zero, marked estimated.
    """

    def __init__(self, url: str, *, own: Mapping[str, Mapping[str, str]] | None = None) -> None:
        super().__init__(own=own)
        self._url = url

    def knows(self, model: str, at: datetime) -> bool:
        """Whether there is a price for the model."""
        return not self.price(Usage(), model, at).is_estimated

    def price(self, usage: Usage, model: str, at: datetime) -> Priced:
        """See `Prices.price`."""
        if own := self._own.get(model) or self._own.get("*"):
            return _by_own(usage, own)
        try:
            found = calc_price(
                _priced_usage(usage), model, provider_api_url=self._url, genai_request_timestamp=at
            )
        except LookupError:
            return Priced(0, is_estimated=True, price={"source": "unknown"})
        return Priced(_micros(found.total_price), is_estimated=False, price=_told(found))


def _by_list(usage: Usage, model: str, provider: str, at: datetime, *, is_estimated: bool) -> Priced:
    """Tool tokens are read like a prompt, thinking is billed as output (docs: Gemini API pricing)."""
    found = calc_price(_priced_usage(usage), model, provider_id=provider, genai_request_timestamp=at)
    return Priced(_micros(found.total_price), is_estimated, _told(found))


def _priced_usage(usage: Usage) -> PricedUsage:
    return PricedUsage(
        input_tokens=usage.prompt + usage.tool,
        cache_read_tokens=usage.cached,
        output_tokens=usage.output + usage.thinking,
    )


def _by_own(usage: Usage, own: Mapping[str, str]) -> Priced:
    read = usage.prompt - usage.cached + usage.tool
    dollars = (
        read * Decimal(own["input"])
        + usage.cached * Decimal(own.get("cached", own["input"]))
        + (usage.output + usage.thinking) * Decimal(own["output"])
    ) / 1_000_000
    return Priced(_micros(dollars), is_estimated=False, price={"source": "own", **own})


def _micros(dollars: Decimal) -> int:
    return int((dollars * _MICROS).to_integral_value(ROUND_CEILING))


def _told(found: PriceCalculation) -> dict[str, Any]:
    price = found.model_price
    return {
        "source": "genai-prices",
        "model": found.model.id,
        "input": str(price.input_mtok),
        "cached": str(price.cache_read_mtok),
        "output": str(price.output_mtok),
    }
