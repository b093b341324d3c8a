"""Webhooks: what is watched, what was noted in whose names, and what of them never reaches a model."""

import base64
import errno
import os
from dataclasses import replace
from typing import Any

import pytest

from airtable_gateway import Webhook
from pyairtable_mcp import webhook_secrets
from pyairtable_mcp.webhook_news import News

TASK = "recTask0000000001"
EXAMPLE = "https://example.com/told"


async def test_what_a_webhook_notes_is_read_in_names_and_cells(call, context):
    made = await call("create_webhook", fields=["hours", "Owner"], changes=["changed"])
    await context.gateway.create_field(
        "Work", "Tasks", "Done", "checkbox", options={"icon": "check", "color": "greenBright"}
    )
    await call("update_record", record_id=TASK, fields={"Hours": 7, "Owner": ["recAda00000000001"]})
    await call("update_record", record_id=TASK, fields={"Name": "Not watched"})

    noted = await call("list_webhook_payloads", webhook_id=made["id"])
    nothing = await call("list_webhook_payloads", webhook_id=made["id"], from_number=noted["next_number"])

    [change] = noted["changes"]
    assert (change["table"], change["change"], change["id"]) == ("Tasks", "changed", TASK)
    assert change["fields"] == {"Hours": 7, "Owner": ["recAda00000000001"]}
    assert change["before"] == {"Hours": 0.5, "Owner": ["recBob00000000001"]}
    assert (change["number"], change["source"]) == (1, "publicApi")
    assert change["by"]
    assert nothing == {"changes": [], "next_number": 2}


async def test_records_fields_and_tables_are_watched_in_a_whole_base(call, context):
    made = await call("create_webhook", table="", watch=["records", "fields", "tables"])
    record = await call("create_record", fields={"Name": "New", "Status": "Done"})
    await call.agreed("delete_record", record_id=record["id"])
    await context.gateway.update_field("Work", "Tasks", "Hours", name="Time")
    await context.gateway.update_table("Work", "Tasks", name="Jobs")
    await context.gateway.create_table("Work", "Fresh", [{"name": "Name", "type": "singleLineText"}])

    first = await call("list_webhook_payloads", webhook_id=made["id"], limit=2)
    rest = await call("list_webhook_payloads", webhook_id=made["id"], from_number=first["next_number"])

    told = [*first["changes"], *rest["changes"]]
    assert first["more"]
    assert "more" not in rest
    assert [change["change"] for change in told] == [
        "created",
        "deleted",
        "field changed",
        "table changed",
        "table created",
    ]
    assert [change["number"] for change in told] == [1, 2, 3, 4, 5]
    assert told[0]["fields"]["Status"] == "Done"
    assert told[2]["fields"]["name"] == "Time"
    assert told[2]["before"]["name"] == "Hours"
    assert told[3]["fields"]["name"] == "Jobs"
    assert told[4]["fields"]["name"] == "Fresh"


async def test_webhooks_are_listed_refreshed_and_ended(call):
    made = await call("create_webhook", view="Grid view", changes=["created", "deleted"])
    place = {"webhook_id": made["id"]}

    [listed] = (await call("list_webhooks"))["webhooks"]
    shown = await call("refresh_webhook", **place, dry_run=True)
    refreshed = await call("refresh_webhook", **place, notifications="off")
    would = await call("delete_webhook", **place, dry_run=True)
    asked = await call.refused("delete_webhook", **place)
    ended = await call.agreed("delete_webhook", **place)
    changes = await call("list_changes", base_id=None, table_id=None)
    left = await call("list_webhooks")

    assert listed == {
        "id": made["id"],
        "watch": ["records"],
        "scope": "Tasks, Grid view (viwTasks000000001)",
        "changes": ["created", "deleted"],
        "enabled": True,
        "expires": made["expires"],
        "next_number": 1,
    }
    assert shown["differences"][0]["before"]["expires"] == made["expires"]
    assert refreshed["expires"] >= made["expires"]
    assert refreshed["notifies"] is False
    assert would["differences"][0]["before"] | {"expires": listed["expires"]} == listed
    assert "forget what it noted" in asked
    assert ended == {"id": made["id"], "deleted": True}
    assert left == {"webhooks": []}
    assert changes["changes"] == []
    assert not any("change_id" in answer for answer in (made, refreshed, ended))


async def test_the_secret_of_pings_goes_to_a_file_of_the_owner_and_never_into_an_answer(
    call, context, tmp_path
):
    folder = tmp_path / "webhooks"
    kept = call.on(replace(context, secrets=folder))

    dry = await kept("create_webhook", notification_url=EXAMPLE, dry_run=True)
    made = await kept("create_webhook", notification_url=EXAMPLE)
    text = await kept.text("list_webhooks")
    [file] = folder.iterdir()
    secret = file.read_text().strip()
    await kept.agreed("delete_webhook", webhook_id=made["id"])

    assert dry["differences"][0]["after"]["notification_url"] == EXAMPLE
    assert made["secret_file"] == str(file)
    assert len(base64.b64decode(secret)) >= 32
    assert secret not in str(made) + text
    assert not list(folder.iterdir())


async def test_a_webhook_whose_secret_cannot_be_kept_is_not_left_behind(call, context, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(webhook_secrets, "keep", full)
    said = await call.on(replace(context, secrets=tmp_path)).refused(
        "create_webhook", notification_url=EXAMPLE
    )

    assert "No space left" in said
    assert await call("list_webhooks") == {"webhooks": []}


async def test_an_address_needs_a_place_for_its_secret(call):
    said = await call.refused("create_webhook", notification_url=EXAMPLE)

    assert "no folder for the secret" in said
    assert await call("list_webhooks") == {"webhooks": []}


@pytest.mark.parametrize("url", ["http://127.0.0.1/x", "http://169.254.169.254/", "file:///etc/passwd"])
async def test_an_address_inside_a_network_is_not_pinged(call, context, tmp_path, url):
    await call.on(replace(context, secrets=tmp_path)).refused("create_webhook", notification_url=url)

    assert await call("list_webhooks") == {"webhooks": []}


class Ended:
    """A gateway to a base whose webhooks have all ended."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def webhooks(self, base: str) -> list[Webhook]:
        return [replace(one, is_enabled=False) for one in await self._inner.webhooks(base)]


async def test_a_webhook_that_has_ended_says_so_when_it_has_nothing_more_to_tell(call, context):
    made = await call("create_webhook")
    await call("update_record", record_id=TASK, fields={"Hours": 7})
    ended = call.on(replace(context, gateway=Ended(context.gateway)))

    noted = await ended("list_webhook_payloads", webhook_id=made["id"])
    refused = await ended.refused("list_webhook_payloads", webhook_id=made["id"], from_number=2)

    assert [change["id"] for change in noted["changes"]] == [TASK]
    assert "notes nothing any more" in refused
    assert "get_records" in refused
    assert "create_webhook" in refused


@pytest.mark.parametrize("options", [{}, {"dry_run": True}, {"notifications": "on"}])
async def test_a_webhook_that_has_ended_is_not_brought_back(call, context, options):
    made = await call("create_webhook")
    ended = call.on(replace(context, gateway=Ended(context.gateway)))

    refused = await ended.refused("refresh_webhook", webhook_id=made["id"], **options)

    assert "notes nothing any more" in refused
    assert "create_webhook" in refused


async def test_what_is_not_there_is_refused_with_what_is(call):
    made = await call("create_webhook")
    missing = [
        await call.refused(tool, webhook_id="achNothing0000001")
        for tool in ("refresh_webhook", "delete_webhook", "list_webhook_payloads")
    ]
    alone = await call.refused("create_webhook", table="", view="Grid view")
    field = await call.refused("create_webhook", fields=["Huors"])

    assert all(made["id"] in said and "no webhook 'achNothing0000001'" in said for said in missing)
    assert "give table_id too" in alone
    assert "Hours" in field
    assert len((await call("list_webhooks"))["webhooks"]) == 1


@pytest.mark.parametrize(
    ("code", "step"),
    [
        ("INVALID_FILTERS", "create_webhook"),
        ("INVALID_HOOK", "create_webhook"),
        ("INTERNAL_ERROR", "get_records"),
    ],
)
def test_a_failure_that_airtable_notes_comes_with_the_next_step(code, step):
    [row] = News(None).rows(1, {"error": True, "code": code})

    assert row["change"] == f"lost ({code})"
    assert step in row["advice"]


def test_a_payload_that_airtable_lost_says_so_and_unknown_ids_stay_ids():
    lost = {"error": True, "code": "INVALID_HOOK", "timestamp": "2026-11-25T12:00:00.000Z"}
    unknown = {
        "changedTablesById": {
            "tblX": {
                "changedRecordsById": {"recX": {"current": {"cellValuesByFieldId": {"fldX": 1}}}},
                "destroyedFieldIds": ["fldY"],
            }
        },
        "destroyedTableIds": ["tblY"],
    }

    rows = [*News(None).rows(1, lost), *News(None).rows(2, unknown)]

    assert [row["change"] for row in rows] == [
        "lost (INVALID_HOOK)",
        "field deleted",
        "changed",
        "table deleted",
    ]
    assert rows[2]["fields"] == {"fldX": 1}
