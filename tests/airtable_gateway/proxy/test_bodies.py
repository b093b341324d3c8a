"""Bodies that are too long, or never end, are refused before anything is done with them."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from airtable_gateway.proxy import app
from airtable_gateway.proxy.app import LARGEST

if TYPE_CHECKING:
    from tests.airtable_gateway.proxy.conftest import Proxy

HEADERS = {"Authorization": "Bearer key1"}
RECORDS = "http://here/v0/appGallery0000000/tblThings00000000"


async def test_a_body_longer_than_any_that_airtable_takes_is_refused(proxy: "Proxy") -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 1
            yield b" " * 1024 * 1024

    answer = await proxy.client.post(RECORDS, content=endless(), headers=HEADERS)

    assert (answer.status_code, answer.json()["error"]["type"]) == (413, "REQUEST_TOO_LARGE")
    assert read * 1024 * 1024 <= LARGEST + 2 * 1024 * 1024
    assert await proxy.changes() == []


async def test_a_body_that_does_not_end_is_given_up(proxy: "Proxy", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "PATIENCE_SECONDS", 0.05)

    async def stalled() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(30)

    answer = await proxy.client.post(RECORDS, content=stalled(), headers=HEADERS)

    assert (answer.status_code, answer.json()["error"]["type"]) == (408, "REQUEST_TIMEOUT")


async def test_a_body_of_nested_lists_without_end_is_airtables_to_refuse(proxy: "Proxy") -> None:
    answer = await proxy.client.post(RECORDS, content=b"[" * 200_000, headers=HEADERS)

    assert answer.status_code in (400, 422)
    assert [change.state for change in await proxy.changes()] == ["refused"]
