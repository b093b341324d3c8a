"""Airtable tells what others change, and the gateway forgets what it kept of it."""

import asyncio
import base64
import hmac
import json
import logging
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
import requests

from airtable_gateway import Endpoint, FixedEndpoint, ForeignChanges, RecordQuery
from airtable_gateway.listening import HOOKS, Hook, MemoryHooks
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway

if TYPE_CHECKING:
    from tests.airtable_gateway.listening.conftest import Listening, Shop


async def titles(listening: "Listening", shop: "Shop") -> list[Any]:
    page = await listening.gateway.page(shop.base_id, shop.table_id, RecordQuery())
    return [record.fields["Title"] for record in page.records]


def orders(shop: "Shop") -> str:
    return f"{shop.base_id}/{shop.table_id}"


async def test_a_foreign_record_is_seen_as_soon_as_airtable_tells(listening: Any, shop: "Shop") -> None:
    async with listening() as ours:
        assert await titles(ours, shop) == []
        await ours.seen_to(shop.base_id)
        assert await titles(ours, shop) == []

        await shop.change("POST", orders(shop), {"fields": {"Title": "Foreign"}})

        assert await ours.heard() == ForeignChanges(shop.base_id, frozenset({shop.table_id}))
        assert await titles(ours, shop) == ["Foreign"]


async def test_a_foreign_field_is_seen_as_soon_as_airtable_tells(listening: Any, shop: "Shop") -> None:
    fields = f"meta/bases/{shop.base_id}/tables/{shop.table_id}/fields"
    async with listening() as ours:
        await ours.gateway.schema(shop.base_id)
        await ours.seen_to(shop.base_id)
        await ours.gateway.schema(shop.base_id)

        await shop.change("POST", fields, {"name": "Foreign", "type": "singleLineText"})

        assert (await ours.heard()).reshapes
        schema = await ours.gateway.schema(shop.base_id)
        assert [field.name for field in schema.table("Orders").fields] == ["Title", "Foreign"]


async def test_a_base_has_one_webhook_however_often_we_start(listening: Any, shop: "Shop") -> None:
    hooks = MemoryHooks()
    for _ in range(3):
        async with listening(hooks) as ours:
            await titles(ours, shop)
            await ours.seen_to(shop.base_id)

    [webhook] = shop.webhooks()
    kept = await hooks.hook(shop.base_id)
    assert kept
    assert webhook["id"] == kept.webhook_id
    assert webhook["notificationUrl"] == f"{ours.url}{HOOKS}/{shop.base_id}"
    assert shop.count("POST", "/webhooks") == 1


@pytest.mark.parametrize("lost", ["the secret", "the address"])
async def test_a_webhook_of_no_more_use_is_replaced(listening: Any, shop: "Shop", lost: str) -> None:
    hooks = MemoryHooks()
    async with listening(hooks, address="" if lost == "the secret" else "http://127.0.0.1:9") as ours:
        await titles(ours, shop)
        await ours.seen_to(shop.base_id)
    [before] = shop.webhooks()

    async with listening(MemoryHooks() if lost == "the secret" else hooks) as ours:
        await titles(ours, shop)
        await ours.seen_to(shop.base_id)
        [after] = shop.webhooks()
        await shop.change("POST", orders(shop), {"fields": {"Title": "Foreign"}})

        assert await ours.heard()

    assert after["id"] != before["id"]


async def test_where_others_have_all_places_none_is_made(
    listening: Any, shop: "Shop", caplog: pytest.LogCaptureFixture
) -> None:
    specification = {"options": {"filters": {"dataTypes": ["tableData"]}}}
    for _ in range(10):
        await shop.change("POST", f"bases/{shop.base_id}/webhooks", {"specification": specification})

    with caplog.at_level(logging.WARNING):
        async with listening() as ours:
            await titles(ours, shop)
            await ours.seen_to(shop.base_id)
            ours.clock.pass_by()
            while len(ours.clock.slept) < 2:
                await asyncio.sleep(0.01)

    assert len(shop.webhooks()) == 10
    assert shop.count("POST", "/webhooks") == 10
    assert [record.message for record in caplog.records if "No webhook" in record.message] == [
        (
            f"No webhook for {shop.base_id}, so that others' changes are seen later: "
            f"The base {shop.base_id} has 10 webhooks, and Airtable keeps no more."
        )
    ]


async def test_each_check_extends_its_life_and_turns_it_on_again(listening: Any, shop: "Shop") -> None:
    async with listening() as ours:
        await titles(ours, shop)
        await ours.seen_to(shop.base_id)
        [webhook] = shop.webhooks()
        switch = f"bases/{shop.base_id}/webhooks/{webhook['id']}/enableNotifications"
        await shop.change("POST", switch, {"enable": False})
        await shop.change("POST", orders(shop), {"fields": {"Title": "Unannounced"}})

        ours.clock.pass_by()

        assert await ours.heard() == ForeignChanges(shop.base_id, frozenset({shop.table_id}))
        [webhook] = shop.webhooks()
        assert webhook["areNotificationsEnabled"]
        assert shop.count("POST", "/refresh") == 1
        assert ours.clock.slept[0] < 7 * 24 * 3600


async def test_a_webhook_that_somebody_deleted_is_made_again(listening: Any, shop: "Shop") -> None:
    async with listening() as ours:
        await titles(ours, shop)
        await ours.seen_to(shop.base_id)
        [webhook] = shop.webhooks()
        await shop.change("DELETE", f"bases/{shop.base_id}/webhooks/{webhook['id']}")

        await signed_ping(ours, shop, "2026-11-25T12:00:00.000Z")

        assert (await ours.heard()).is_whole
        [again] = shop.webhooks()
        assert again["id"] != webhook["id"]


async def signed_ping(ours: "Listening", shop: "Shop", moment: str, **parts: Any) -> int:
    """Send a ping as Airtable would; the status of the answer."""
    hook = await ours.hooks.hook(shop.base_id)
    assert hook
    told = {"base": {"id": hook.base_id}, "webhook": {"id": hook.webhook_id}, "timestamp": moment} | parts
    body = json.dumps(told).encode()
    mac = hmac.new(hook.secret, body, sha256).hexdigest()
    return await ping(ours, shop.base_id, body, f"hmac-sha256={mac}")


async def ping(ours: "Listening", base_id: str, body: bytes, mac: str | None) -> int:
    headers = {} if mac is None else {"X-Airtable-Content-MAC": mac}
    answer = await asyncio.to_thread(
        requests.post, f"{ours.url}{HOOKS}/{base_id}", data=body, headers=headers, timeout=10
    )
    return answer.status_code


async def test_a_ping_that_comes_again_is_taken_and_reads_nothing(listening: Any, shop: "Shop") -> None:
    async with listening() as ours:
        await titles(ours, shop)
        await ours.seen_to(shop.base_id)

        first = await signed_ping(ours, shop, "2026-11-25T12:00:00.000Z")
        while shop.count("GET", "/payloads") < 1:
            await asyncio.sleep(0)
        again = [await signed_ping(ours, shop, "2026-11-25T12:00:00.000Z") for _ in range(20)]
        older = await signed_ping(ours, shop, "2026-11-25T11:59:59.000Z")

        assert (first, set(again), older) == (204, {204}, 204)
        assert shop.count("GET", "/payloads") == 1


@pytest.mark.parametrize("wrong", ["no signature", "another secret", "another body", "another base", "Ü"])
async def test_what_airtable_did_not_send_is_refused(listening: Any, shop: "Shop", wrong: str) -> None:
    async with listening() as ours:
        await titles(ours, shop)
        await ours.seen_to(shop.base_id)
        hook = await ours.hooks.hook(shop.base_id)
        body = json.dumps(
            {"base": {"id": shop.base_id}, "webhook": {"id": hook.webhook_id}, "timestamp": "2026-11-25"}
        ).encode()
        mac = "hmac-sha256=" + hmac.new(hook.secret, body, sha256).hexdigest()
        forged = "hmac-sha256=" + hmac.new(b"guess", body, sha256).hexdigest()

        status = {
            "no signature": await ping(ours, shop.base_id, body, None),
            "another secret": await ping(ours, shop.base_id, body, forged),
            "another body": await ping(ours, shop.base_id, body + b" ", mac),
            "another base": await ping(ours, "appOtherOtherOth1", body, mac),
            "Ü": await ping(ours, shop.base_id, body, "hmac-sha256=\xfc"),
        }[wrong]

        assert status == 403
        assert shop.count("GET", "/payloads") == 0


@pytest.mark.parametrize("part", [{"webhook": {"id": "achOther"}}, {"base": {"id": "appOther"}}, {"base": 1}])
async def test_a_signed_ping_about_something_else_is_refused(listening: Any, shop: "Shop", part: Any) -> None:
    async with listening() as ours:
        await titles(ours, shop)
        await ours.seen_to(shop.base_id)

        assert await signed_ping(ours, shop, "2026-11-25T12:00:00.000Z", **part) == 403


async def test_a_long_body_is_refused(listening: Any, shop: "Shop") -> None:
    async with listening() as ours:
        assert await ping(ours, shop.base_id, b"x" * 20_000, "hmac-sha256=") == 413


async def test_what_cannot_be_read_is_told_as_anything(
    listening: Any, shop: "Shop", monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening() as ours:
        await titles(ours, shop)
        await ours.seen_to(shop.base_id)
        monkeypatch.setattr("airtable_gateway.listening.listener._PATIENCE_SECONDS", 0)

        await signed_ping(ours, shop, "2026-11-25T12:00:00.000Z")

        assert (await ours.heard()).is_whole


async def test_a_ping_for_a_webhook_of_another_process_is_heard_here(listening: Any, shop: "Shop") -> None:
    hooks = MemoryHooks()
    async with listening(hooks) as theirs:
        await titles(theirs, shop)
        await theirs.seen_to(shop.base_id)
        async with listening(hooks) as ours:
            assert await signed_ping(ours, shop, "2026-11-25T12:00:00.000Z") == 204

            assert (await ours.heard()).is_whole

    assert len(shop.webhooks()) == 1


def test_a_secret_does_not_print() -> None:
    hook = Hook("appTestTestTest01", "achTest", "https://example.com", base64.b64decode("c2VjcmV0"))

    assert "secret" not in repr(hook)


async def test_a_cache_that_processes_share_forgets_for_all_of_them(
    listening: Any, shop: "Shop", shared_cache: Any
) -> None:
    theirs = PyAirtableGateway(
        FixedEndpoint(Endpoint(shop.url, "patAnother")),
        rate_limit=None,
        record_ttl_seconds=600,
        ports=Ports(cache=shared_cache(), is_shared=True),
    )
    fields = f"meta/bases/{shop.base_id}/tables/{shop.table_id}/fields"
    async with theirs, listening(cache=shared_cache(), is_shared=True) as ours:
        await titles(ours, shop)
        await ours.seen_to(shop.base_id)
        assert await theirs.page(shop.base_id, shop.table_id, RecordQuery())
        assert (await theirs.schema(shop.base_id)).table("Orders")

        await shop.change("POST", orders(shop), {"fields": {"Title": "Foreign"}})
        await ours.heard()
        page = await theirs.page(shop.base_id, shop.table_id, RecordQuery())
        await shop.change("POST", fields, {"name": "Foreign", "type": "singleLineText"})
        await ours.heard()
        schema = await theirs.schema(shop.base_id)

    assert [record.fields["Title"] for record in page.records] == ["Foreign"]
    assert len(schema.table("Orders").fields) == 2
