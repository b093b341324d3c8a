"""Writes through the proxy whose answer was lost: looked for, and taken back if they are there."""

from typing import TYPE_CHECKING, Any

import pytest

from airtable_gateway import NotUndoable, Unreachable
from airtable_gateway.pyairtable_gateway import PyAirtableGateway

if TYPE_CHECKING:
    from tests.airtable_gateway.proxy.conftest import Proxy

BASE, THINGS = "appGallery0000000", "tblThings00000000"
TABLE, STOOL = "recTable000000000", "recStool000000000"


def losing(monkeypatch: pytest.MonkeyPatch, *, applied: bool) -> None:
    """Let answers of requests that are passed on be lost, the requests as well unless they are `applied`."""
    forward = PyAirtableGateway.forward

    async def lose(self: Any, request: Any) -> Any:
        if applied:
            await forward(self, request)
        raise Unreachable("The connection was lost.", may_be_applied=True)

    monkeypatch.setattr(PyAirtableGateway, "forward", lose)


def upsert(**fields: Any) -> Any:
    return {
        "records": [{"id": TABLE, "fields": fields}, {"fields": {"Name": "Stool", "Amount": 8}}],
        "performUpsert": {"fieldsToMergeOn": ["Name"]},
    }


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_an_upsert_by_id_that_was_applied_is_found_and_taken_back(
    proxy: "Proxy", monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    losing(monkeypatch, applied=True)

    answer = await proxy.ask(method, f"{BASE}/{THINGS}", upsert(Name="Desk"))
    [change] = await proxy.changes()
    await proxy.gateway.undo(change.id)

    assert (answer.status_code, change.state) == (500, "unknown")
    table, stool = await proxy.gateway.records(BASE, THINGS, [TABLE, STOOL], fresh=True)
    assert (table.fields["Name"], table.fields["Amount"], stool.fields["Amount"]) == ("Table", 12.5, 7)
    assert (await proxy.gateway.change(change.id)).state == "applied"


async def test_a_replacement_that_only_clears_is_not_taken_for_applied(
    proxy: "Proxy", monkeypatch: pytest.MonkeyPatch
) -> None:
    losing(monkeypatch, applied=False)
    body = {"records": [{"id": TABLE, "fields": {"Name": "Table"}}]}

    await proxy.ask("PUT", f"{BASE}/{THINGS}", {**body, "performUpsert": {"fieldsToMergeOn": ["Name"]}})

    [change] = await proxy.changes()
    with pytest.raises(NotUndoable, match=r"nobody knows|refused"):
        await proxy.gateway.undo(change.id)


async def test_a_comment_that_nobody_can_tell_of_stays_unknown(
    proxy: "Proxy", monkeypatch: pytest.MonkeyPatch
) -> None:
    losing(monkeypatch, applied=True)

    answer = await proxy.ask("POST", f"{BASE}/{THINGS}/{TABLE}/comments", {"text": "Hello"})

    [change] = await proxy.changes()
    assert (answer.status_code, change.state, change.operation) == (500, "unknown", "create_comment")
