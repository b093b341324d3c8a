"""A model behind an OpenAI-compatible address in place of Gemini: the same run, as well counted as can be."""

from contextlib import asynccontextmanager

import httpx2
import pytest

from local_twins.gemini import create_app
from local_twins.gemini.demo import DemoModel
from local_twins.server import TwinServer
from pyairtable_app.errors import SettingError
from pyairtable_app.settings import Settings
from pyairtable_app.wiring import Wiring


@pytest.fixture
def address():
    """An OpenAI-compatible address."""
    with TwinServer(create_app(DemoModel(), keys=["local"])) as url:
        yield f"{url}/v1beta/openai"


@pytest.fixture
def open_chat(data_dir, address):
    """Opens the chat role with that address as its model's."""

    @asynccontextmanager
    async def opened(**variables):
        given = {"MODEL_URL": address, "MODEL": "llama3.2", "MODEL_API_KEY": "local", **variables}
        folder = {"DATA_DIR": str(data_dir), "AIRTABLE_RATE_LIMIT": "off"}
        wiring = Wiring(Settings.from_env({**folder, **given}))
        async with wiring.running(), wiring.agent.running():
            transport = httpx2.ASGITransport(wiring.agent.app, client=("127.0.0.1", 5))
            async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                yield client

    return opened


async def test_it_works_through_tools_and_approvals_and_its_cost_is_not_known(open_chat):
    async with open_chat() as client:
        asked = {"message": "Add a record to Clients in Studio with Name = Blue Door"}
        answer = (await client.post("/chat", json=asked)).json()
        [approval] = answer["approvals"]
        place = f"/sessions/{answer['session']}"
        last = (await client.get(f"{place}/events")).json()["last_event"]
        await client.post(f"/approvals/{approval['id']}", json={"decision": "approved"})
        await client.get(f"{place}/stream?after={last}")
        events = (await client.get(f"{place}/events")).json()["events"]
        usage = (await client.get("/usage?by=model")).json()

    messages = [event for event in events if event["kind"] == "model_message"]
    assert "Added 'Blue Door'" in text_of(messages[-1])
    assert {message["provider"] for message in messages} == {"openai-compatible"}
    assert all(event["is_estimated"] for event in events if event["kind"] == "cost_counted")
    [group] = usage["groups"]
    assert (group["group"], group["micros"]) == ("llama3.2", 0)
    assert group["estimated_calls"] == group["calls"] > 1
    assert group["prompt_tokens"] > 0


async def test_a_price_and_a_limit_of_tokens_of_ones_own_are_heeded(open_chat):
    async with open_chat(MODEL_PRICE="2/6", BUDGET_DOLLARS="1", RUN_TOKENS="100") as client:
        answer = (await client.post("/chat", json={"message": "Which tables are in Studio?"})).json()

    assert answer["micros"] > 0
    assert (answer["outcome"], answer["code"]) == ("stopped", "limit_tokens")


async def test_a_budget_in_dollars_needs_a_price(open_chat):
    with pytest.raises(SettingError, match=r"need a price for llama3\.2"):
        async with open_chat(BUDGET_DOLLARS="1"):
            pass


async def test_a_wrong_key_is_told_with_its_variable(open_chat):
    async with open_chat(MODEL_API_KEY="other") as client:
        answer = (await client.post("/chat", json={"message": "Hello"})).json()

    assert (answer["outcome"], answer["code"]) == ("failed", "request_invalid")
    assert "MODEL_API_KEY" in answer["message"]


def text_of(event):
    return "".join(part.get("text", "") for part in event["parts"])
