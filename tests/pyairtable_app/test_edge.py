"""One address for every role."""

from contextlib import asynccontextmanager

from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from pyairtable_app.edge import create_edge
from pyairtable_app.roles import MCP


@asynccontextmanager
async def nothing():
    yield


def test_a_path_that_nobody_answers_is_refused_with_those_that_are():
    edge = create_edge({MCP: PlainTextResponse("mcp")}, nothing, PlainTextResponse("metrics"))

    with TestClient(edge) as client:
        answer = client.get("/mpc")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["detail"].startswith(
        "GET /mpc is not answered here, but by path: /health, /metrics, /mcp"
    )
