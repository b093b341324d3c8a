"""What the protocol promises of webhooks, in the words of Airtable's documentation."""

from typing import TYPE_CHECKING

import pytest

from airtable_gateway import Gateway, InvalidRequest, NewWebhook, PayloadPage, Unreachable, Webhook

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import ScriptedAirtable

BASE, HOOK = "appTestTestTest01", "achTestTestTest01"
HOOKS = f"/v0/bases/{BASE}/webhooks"
SPECIFICATION = {"options": {"filters": {"dataTypes": ["tableData"]}}}
WEEK = "2026-12-02T08:00:00.000Z"


async def test_a_webhook_is_made_and_its_secret_does_not_print(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(f"POST {HOOKS}", {"id": HOOK, "macSecretBase64": "c2VjcmV0", "expirationTime": WEEK})

    made = await gateway.create_webhook(BASE, SPECIFICATION)

    assert made == NewWebhook(HOOK, "c2VjcmV0", WEEK)
    assert "c2VjcmV0" not in repr(made)
    assert airtable.requests[-1].body == {"notificationUrl": None, "specification": SPECIFICATION}


async def test_webhooks_are_listed(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    told = {
        "id": HOOK,
        "specification": SPECIFICATION,
        "notificationUrl": "https://example.com/changed",
        "cursorForNextPayload": 7,
        "isHookEnabled": True,
        "areNotificationsEnabled": False,
        "expirationTime": WEEK,
        "lastSuccessfulNotificationTime": None,
        "lastNotificationResult": None,
    }
    airtable.on(f"GET {HOOKS}", {"webhooks": [told]})

    [webhook] = await gateway.webhooks(BASE)

    assert webhook == Webhook(
        HOOK,
        cursor=7,
        is_enabled=True,
        notifies=False,
        notification_url="https://example.com/changed",
        expiration_time=WEEK,
        specification=SPECIFICATION,
    )


async def test_notifications_are_turned_off_and_the_life_is_made_longer(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(f"POST {HOOKS}/{HOOK}/enableNotifications", (200, ""))
    airtable.on(f"POST {HOOKS}/{HOOK}/refresh", {"expirationTime": WEEK})
    airtable.on(f"DELETE {HOOKS}/{HOOK}", (200, ""))

    await gateway.enable_webhook(BASE, HOOK, enabled=False)
    ends = await gateway.refresh_webhook(BASE, HOOK)
    await gateway.delete_webhook(BASE, HOOK)

    assert airtable.requests[0].body == {"enable": False}
    assert ends == WEEK
    assert airtable.count(f"DELETE {HOOKS}/{HOOK}") == 1


async def test_payloads_are_read_from_a_number_on(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    payload = {"timestamp": WEEK, "baseTransactionNumber": 4, "payloadFormat": "v0"}
    airtable.on(f"GET {HOOKS}/{HOOK}/payloads", {"payloads": [payload], "cursor": 4, "mightHaveMore": True})

    page = await gateway.webhook_payloads(BASE, HOOK, cursor=3, limit=10)

    assert page == PayloadPage([payload], cursor=4, might_have_more=True)
    assert airtable.requests[-1].query == {"cursor": ["3"], "limit": ["10"]}


async def test_a_base_is_named_for_webhooks_as_for_everything(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on("GET /v0/meta/bases", airtable.bases("Shop"))
    airtable.on(f"GET {HOOKS}", {"webhooks": []})

    assert await gateway.webhooks("shop") == []


async def test_what_cannot_be_an_id_is_refused_before_airtable_is_asked(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    with pytest.raises(InvalidRequest, match="no webhook's id"):
        await gateway.delete_webhook(BASE, "ach/../x")

    assert airtable.requests == []


async def test_a_webhook_is_never_made_twice(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    airtable.on(f"POST {HOOKS}", "drop", {})

    with pytest.raises(Unreachable, match="may have been applied"):
        await gateway.create_webhook(BASE, SPECIFICATION)

    assert airtable.count(f"POST {HOOKS}") == 1
