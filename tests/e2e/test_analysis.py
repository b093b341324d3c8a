"""Schema analysis from a server with no setting but its folder."""

import httpx2
import pytest

from pyairtable_app.settings import Settings
from pyairtable_app.wiring import Wiring


@pytest.fixture
async def client(data_dir):
    """A client of the role with no setting but its folder."""
    wiring = Wiring(Settings.from_env({"DATA_DIR": str(data_dir), "AIRTABLE_RATE_LIMIT": "off"}))
    async with wiring.running(), wiring.agent.running():
        transport = httpx2.ASGITransport(wiring.agent.app, client=("127.0.0.1", 5))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as opened:
            yield opened


async def test_a_base_is_analysed_whichever_tools_clients_are_offered(client):
    tools = {tool["name"] for tool in (await client.get("/tools")).json()["tools"]}
    started = (await client.post("/analysis", json={"base": "Studio", "tables": ["Clients"]})).json()
    await client.get(f"/analysis/{started['id']}/stream")
    found = (await client.get(f"/analysis/{started['id']}")).json()

    assert "list_views" not in tools
    assert (found["state"], found["problem"]) == ("done", "")
