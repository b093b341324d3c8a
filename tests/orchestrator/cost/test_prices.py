"""What tokens cost, against the provider's published prices."""

from datetime import UTC, datetime

import pytest
from genai_prices import Usage as ListUsage
from genai_prices import calc_price
from genai_prices.data_snapshot import get_snapshot

from orchestrator.cost import Prices
from orchestrator.model import Usage

NOVEMBER = datetime(2026, 11, 25, tzinfo=UTC)
JANUARY = datetime(2027, 1, 1, tzinfo=UTC)
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("model", "usage", "at", "micros"),
    [
        # 0.75 in, 0.075 cached, 3.75 out a million tokens until the end of 2026, twice that after.
        ("gemini-3.8-flash", Usage(prompt=MILLION), NOVEMBER, 750_000),
        ("gemini-3.8-flash", Usage(prompt=MILLION, cached=MILLION), NOVEMBER, 75_000),
        ("gemini-3.8-flash", Usage(output=MILLION), NOVEMBER, 3_750_000),
        ("gemini-3.8-flash", Usage(thinking=MILLION), NOVEMBER, 3_750_000),
        ("gemini-3.8-flash", Usage(tool=MILLION), NOVEMBER, 750_000),
        ("gemini-3.8-flash", Usage(prompt=MILLION), JANUARY, 1_500_000),
        ("models/gemini-3.8-flash", Usage(prompt=1000, cached=400, output=100), NOVEMBER, 855),
        ("gemini-3.5-flash-lite", Usage(prompt=1), NOVEMBER, 1),
        ("gemini-3.8-flash", Usage(), NOVEMBER, 0),
    ],
)
def test_a_request_costs_what_the_list_said_on_its_day(model, usage, at, micros):
    priced = Prices().price(usage, model, at)

    assert priced.micros == micros
    assert not priced.is_estimated


def test_an_unknown_model_costs_what_the_dearest_does_and_is_marked():
    priced = Prices().price(Usage(output=100_000), "gemini-9-neon", NOVEMBER)

    assert priced.is_estimated
    # 12 dollars a million tokens of output, gemini-3-pro-preview's.
    assert priced.micros == 1_200_000
    assert priced.price["model"] == "gemini-3-pro-preview"


@pytest.mark.parametrize("at", [NOVEMBER, JANUARY])
@pytest.mark.parametrize("read", [100_000, 300_000])
def test_no_text_model_of_the_list_is_dearer_than_what_an_unknown_one_costs(at, read):
    google = next(one for one in get_snapshot().providers if one.id == "google")
    usage = ListUsage(input_tokens=read, output_tokens=10_000)
    # Images and speech are billed by other units; the agent never asks for them.
    others = ("image", "tts", "live", "omni", "banana", "embedding")
    text_models = [
        model.id
        for model in google.models
        if model.id.startswith("gemini-") and not any(word in model.id for word in others)
    ]

    dearest = max(
        calc_price(usage, model, provider_id="google", genai_request_timestamp=at).total_price
        for model in text_models
    )
    unknown = Prices().price(Usage(prompt=read, output=10_000), "gemini-9-neon", at)

    assert unknown.micros == dearest * MILLION


def test_ones_own_prices_go_before_the_list():
    prices = Prices(own={"my-llama": {"input": "0.10", "cached": "0.05", "output": "0.40"}})

    priced = prices.price(Usage(prompt=MILLION, cached=MILLION // 2, output=MILLION), "my-llama", NOVEMBER)

    assert priced.micros == 50_000 + 25_000 + 400_000
    assert not priced.is_estimated
