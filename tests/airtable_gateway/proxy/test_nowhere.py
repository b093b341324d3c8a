"""Paths that lead nowhere and bodies that are no JSON: Airtable's own answer, and no way shut for others."""

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.airtable_gateway.proxy.conftest import Airtable, Proxy

BASE, THINGS, TABLE = "appGallery0000000", "tblThings00000000", "recTable000000000"
MERGED = {"performUpsert": {"fieldsToMergeOn": ["Name"]}}
WITHOUT_PLACE = {"name": "x", "workspaceId": "nope", "tables": [{"name": "T", "fields": []}]}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "nope/Tasks", None),
        ("GET", "nowhere/at/all/really", None),
        ("POST", "nope/Tasks", {"fields": {}}),
        ("PUT", "meta/bases", {}),
        ("DELETE", "meta/bases", None),
        ("PATCH", "meta/whoami", {}),
        ("POST", "meta/bases", WITHOUT_PLACE),
    ],
)
async def test_a_path_that_leads_nowhere_is_airtables_to_refuse(
    proxy: "Proxy", airtable: "Airtable", method: str, path: str, body: Any
) -> None:
    answer = await proxy.ask(method, path, body)

    assert (answer.status_code, answer.content) == airtable.straight(method, path, body)
    assert answer.status_code == 404


async def test_who_asks_for_what_is_not_there_shuts_the_way_for_nobody(proxy: "Proxy") -> None:
    for _ in range(20):
        await proxy.ask("GET", "nope/Tasks")

    assert (await proxy.ask("GET", "meta/bases")).status_code == 200


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e400"])
async def test_a_number_that_is_none_in_json_is_airtables_to_refuse(
    proxy: "Proxy", airtable: "Airtable", number: str
) -> None:
    answer = await proxy.ask("POST", f"{BASE}/{THINGS}", f'{{"fields": {{"Amount": {number}}}}}'.encode())

    assert (answer.status_code, answer.content) == (422, airtable.app.said)
    assert [change.state for change in await proxy.changes()] == ["refused"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"fields": {"\\ud800": 1}}',
        b'{"fields": {"Name": "\\uDC00"}}',
        b'{"fields": {"Name": "\xed\xa0\x80"}}',
    ],
)
async def test_half_a_character_is_airtables_to_refuse(
    proxy: "Proxy", airtable: "Airtable", body: bytes
) -> None:
    answer = await proxy.ask("POST", f"{BASE}/{THINGS}", body)

    assert (answer.status_code, answer.content) == (422, airtable.app.said)
    assert [change.state for change in await proxy.changes()] == ["refused"]


async def test_a_character_told_in_two_halves_is_one(proxy: "Proxy") -> None:
    answer = await proxy.ask("POST", f"{BASE}/{THINGS}", b'{"fields": {"Name": "\\ud83d\\ude80"}}')

    assert answer.json()["fields"]["Name"] == "\N{ROCKET}"


async def test_half_a_character_in_airtables_answer_reaches_the_client(
    proxy: "Proxy", airtable: "Airtable"
) -> None:
    async def halved(_scope: Any, _receive: Any, send: Any) -> None:
        said = json.dumps({"id": TABLE, "fields": {"Name": "half \ud83d"}}).encode()
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": said})

    airtable.app.app = halved

    answer = await proxy.ask("GET", f"{BASE}/{THINGS}/{TABLE}")

    assert answer.status_code == 200
    assert json.loads(answer.text)["fields"] == {"Name": "half \ud83d"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"{BASE}/{THINGS}", {"fields": {"Name": "X"}, "typecast": "yes"}),
        ("POST", f"{BASE}/{THINGS}", {"fields": {"Name": "X"}, "returnFieldsByFieldId": "yes"}),
        ("PATCH", f"{BASE}/{THINGS}/{TABLE}?returnFieldsByFieldId=yes", {"fields": {"Name": "X"}}),
        ("PATCH", f"{BASE}/{THINGS}", {"records": [{"id": "", "fields": {"Name": "X"}}]}),
        ("PATCH", f"{BASE}/{THINGS}", {"records": [{"id": "nope", "fields": {"Name": "X"}}]}),
        ("PATCH", f"{BASE}/{THINGS}", {**MERGED, "records": [{"id": "nope", "fields": {"Name": "X"}}]}),
        ("PATCH", f"{BASE}/{THINGS}", {**MERGED, "records": [{"id": 5, "fields": {"Name": "X"}}]}),
        ("DELETE", f"{BASE}/{THINGS}?records[]=", None),
        ("DELETE", f"{BASE}/{THINGS}?records[]={TABLE}&records[]=nope", None),
    ],
)
async def test_a_write_that_airtable_would_not_understand_is_airtables_to_refuse(
    proxy: "Proxy", airtable: "Airtable", method: str, path: str, body: Any
) -> None:
    answer = await proxy.ask(method, path, body)

    assert (answer.status_code, answer.content) == airtable.straight(method, path, body)
    assert answer.status_code == 422


async def test_the_head_of_an_answer_is_that_of_the_answer(proxy: "Proxy") -> None:
    for _ in range(20):
        await proxy.ask("HEAD", f"{BASE}/{THINGS}/listRecords")

    answers = [await proxy.ask(method, f"{BASE}/{THINGS}") for method in ("HEAD", "GET")]
    absent = [await proxy.ask(method, f"{BASE}/{THINGS}/listRecords") for method in ("HEAD", "GET")]

    assert [answer.status_code for answer in (*answers, *absent)] == [200, 200, 404, 404]
    assert answers[0].headers["content-type"] == answers[1].headers["content-type"]
