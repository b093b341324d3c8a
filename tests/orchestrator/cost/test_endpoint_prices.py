"""What the models of an OpenAI-compatible address cost: by the list, by one's own price, or nobody knows."""

from datetime import UTC, datetime

import pytest

from orchestrator.cost import EndpointPrices
from orchestrator.model import Usage

AT = datetime(2026, 11, 25, tzinfo=UTC)
MILLION = Usage(prompt=1_000_000, output=500_000, thinking=500_000)
OWN = {"*": {"input": "0.5", "output": "1.5"}}


@pytest.mark.parametrize(
    ("url", "model", "own", "micros", "is_known"),
    [
        ("https://api.openai.com/v1", "gpt-5-mini", None, 2_250_000, True),
        ("https://api.openai.com/v1", "gpt-5-mini", OWN, 2_000_000, True),
        ("https://api.openai.com/v1", "no-such-model", None, 0, False),
        ("http://127.0.0.1:11434/v1", "llama3.2", None, 0, False),
        ("http://127.0.0.1:11434/v1", "llama3.2", OWN, 2_000_000, True),
        ("http://127.0.0.1:11434/v1", "llama3.2", {"*": {"input": "0", "output": "0"}}, 0, True),
    ],
)
def test_a_price_is_the_own_one_else_the_lists_else_not_known(url, model, own, micros, is_known):
    prices = EndpointPrices(url, own=own)

    priced = prices.price(MILLION, model, AT)

    assert (priced.micros, priced.is_estimated) == (micros, not is_known)
    assert prices.knows(model, AT) is is_known
