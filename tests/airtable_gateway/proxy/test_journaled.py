"""What goes through the proxy is noted, answered as Airtable does, and taken back where that can be."""

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from airtable_gateway import ForeignChanges, NotUndoable, Refused
from airtable_gateway.pyairtable_gateway import PyAirtableGateway

if TYPE_CHECKING:
    from tests.airtable_gateway.proxy.conftest import Airtable, Proxy

BASE, THINGS, PARTS = "appGallery0000000", "tblThings00000000", "tblParts000000000"
TABLE, STOOL = "recTable000000000", "recStool000000000"
NAME, FILES = "fldName0000000000", "fldFiles000000000"
FILE = {"contentType": "text/plain", "filename": "a.txt", "file": "aGVs\nbG8=\n"}


def upsert(*records: Any, on: str = "Name") -> Any:
    return {"records": list(records), "performUpsert": {"fieldsToMergeOn": [on]}}


BY_ID = upsert(
    {"id": TABLE, "fields": {"Name": "Desk", "Amount": None}}, {"fields": {"Name": "Stool", "Done": False}}
)
NEW = upsert({"id": STOOL, "fields": {"Amount": 1}}, {"fields": {"Name": "Bench", "Kin": [TABLE]}})
REPLACING = upsert({"fields": {"Name": "Table", "Amount": 3}}, {"fields": {"Name": "New"}})

WRITES: dict[str, tuple[str, str, Any, str]] = {
    "upsert by id": ("PATCH", f"{BASE}/{THINGS}", BY_ID, "upsert"),
    "upsert that also makes": ("PATCH", f"{BASE}/Things", NEW, "upsert"),
    "upsert that replaces": ("PUT", f"{BASE}/{THINGS}", REPLACING, "upsert"),
    "upsert told by field id": (
        "PATCH",
        f"{BASE}/{THINGS}",
        {**BY_ID, "returnFieldsByFieldId": True},
        "upsert",
    ),
    "comment": ("POST", f"{BASE}/{THINGS}/{TABLE}/comments", {"text": "Hello"}, "create_comment"),
    "upload": ("POST", f"{BASE}/{TABLE}/{FILES}/uploadAttachment", FILE, "upload_attachment"),
    "upload by name": ("POST", f"{BASE}/{STOOL}/Files/uploadAttachment", FILE, "upload_attachment"),
    "table renamed": (
        "PATCH",
        f"meta/bases/{BASE}/tables/{PARTS}",
        {"name": "Pieces", "description": "x"},
        "update_table",
    ),
    "field renamed": (
        "PATCH",
        f"meta/bases/{BASE}/tables/{THINGS}/fields/{NAME}",
        {"name": "Title"},
        "update_field",
    ),
}


@pytest.mark.parametrize("kind", WRITES)
async def test_a_write_is_answered_as_airtable_does_noted_and_taken_back(
    proxy: "Proxy", airtable: "Airtable", kind: str
) -> None:
    method, path, body, operation = WRITES[kind]
    before = shown(airtable)

    answer = await proxy.ask(method, path, body)
    [change] = await proxy.changes()
    written = shown(airtable)
    said = airtable.app.said

    assert answer.status_code == 200
    assert answer.content == json.dumps(json.loads(said), ensure_ascii=False, separators=(",", ":")).encode()
    assert (change.operation, change.author.principal, change.state) == (operation, "ada", "applied")
    assert change.undo.level in ("full", "partial")
    assert written != before

    await proxy.gateway.undo(change.id)

    assert shown(airtable) == before


def shown(airtable: "Airtable") -> str:
    """All that is in the base, but for times of changes and the order of links."""
    export = airtable.export()
    tables = [
        {key: table.get(key) for key in ("name", "description", "fields")} for table in export["tables"]
    ]
    records = [
        (record["id"], sorted((name, _normal(value)) for name, value in record["fields"].items()))
        for rows in export["records"].values()
        for record in rows
    ]
    comments = airtable.comments(THINGS, TABLE)
    return json.dumps([tables, sorted(records), comments], sort_keys=True)


def _normal(value: Any) -> str:
    return json.dumps(sorted(map(str, value)) if isinstance(value, list) else value)


async def test_a_comment_that_is_changed_or_deleted_is_there_again(
    proxy: "Proxy", airtable: "Airtable"
) -> None:
    comments = f"{BASE}/{THINGS}/{TABLE}/comments"
    made = (await proxy.ask("POST", comments, {"text": "Hello"})).json()

    changed = await proxy.ask("PATCH", f"{comments}/{made['id']}", {"text": "Bye"})
    said_of_change = airtable.app.said
    deleted = await proxy.ask("DELETE", f"{comments}/{made['id']}")

    assert (changed.content, deleted.content) == (said_of_change, airtable.app.said)
    for change in (await proxy.changes())[:2]:
        await proxy.gateway.undo(change.id)
    assert [comment["text"] for comment in airtable.comments(THINGS, TABLE)] == ["Hello"]


@pytest.mark.parametrize(
    ("method", "path", "body", "operation", "because"),
    [
        (
            "POST",
            f"meta/bases/{BASE}/tables",
            {"name": "New", "fields": [{"name": "A", "type": "singleLineText"}]},
            "create_table",
            "deletes neither",
        ),
        (
            "POST",
            f"meta/bases/{BASE}/tables/{PARTS}/fields",
            {"name": "Colour", "type": "singleLineText", "description": "x"},
            "create_field",
            "deletes neither",
        ),
        (
            "POST",
            "meta/bases",
            {
                "name": "Second",
                "workspaceId": "wspGallery0000000",
                "tables": [{"name": "T", "fields": [{"name": "A", "type": "singleLineText"}]}],
            },
            "create_base",
            "deletes neither",
        ),
        ("POST", f"{BASE}/{PARTS}/sync/abc", b"Part,Weight\nNut,2\n", "forward", "does not know"),
        (
            "PATCH",
            f"meta/bases/{BASE}/tables/{PARTS}",
            {"name": "Pieces", "dateDependencySettings": None},
            "forward",
            "does not know",
        ),
    ],
)
async def test_what_cannot_be_taken_back_is_noted_and_says_why(
    proxy: "Proxy", method: str, path: str, body: Any, operation: str, because: str
) -> None:
    await proxy.ask(method, path, body)

    [change] = await proxy.changes()
    assert (change.operation, change.undo.level, change.author.principal) == (operation, "none", "ada")
    with pytest.raises(NotUndoable, match=because if change.state == "applied" else "refused"):
        await proxy.gateway.undo(change.id)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", f"{BASE}/{THINGS}", upsert({"id": "recAbsent00000000", "fields": {"Name": "X"}})),
        ("PATCH", f"{BASE}/{THINGS}", upsert({"id": TABLE, "fields": {"Absent": "X"}})),
        ("PATCH", f"{BASE}/Absent", upsert({"id": TABLE, "fields": {"Name": "X"}})),
        ("PATCH", f"{BASE}/{THINGS}", upsert(*[{"fields": {"Name": "X"}}] * 11)),
        ("POST", f"{BASE}/{THINGS}/recAbsent00000000/comments", {"text": "Hello"}),
        ("POST", f"{BASE}/{THINGS}/{TABLE}/comments", {"txt": "Hello"}),
        ("DELETE", f"{BASE}/{THINGS}/{TABLE}/comments/comAbsent00000000", None),
        ("POST", f"{BASE}/{TABLE}/fldAbsent00000000/uploadAttachment", FILE),
        ("POST", f"{BASE}/{TABLE}/{FILES}/uploadAttachment", {"file": 1}),
        ("PATCH", f"meta/bases/{BASE}/tables/tblAbsent00000000", {"name": "X"}),
        ("PATCH", f"meta/bases/{BASE}/tables/{THINGS}/fields/fldAbsent00000000", {"name": "X"}),
        ("POST", f"meta/bases/{BASE}/tables/{THINGS}/fields", {"name": "Name", "type": "singleLineText"}),
        ("POST", f"{BASE}/{THINGS}", b"{"),
        ("POST", f"{BASE}/{THINGS}", {"records": []}),
        (
            "PATCH",
            f"{BASE}/{THINGS}",
            {"records": [{"fields": {"Name": "X"}}], "performUpsert": {"fieldsToMergeOn": []}},
        ),
    ],
)
async def test_a_refusal_is_airtables_own_and_is_noted(
    proxy: "Proxy", airtable: "Airtable", method: str, path: str, body: Any
) -> None:
    before = shown(airtable)

    answer = await proxy.ask(method, path, body)

    assert answer.status_code >= 400
    assert answer.content == airtable.app.said
    assert [change.state for change in await proxy.changes()] == ["refused"]
    assert shown(airtable) == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", f"{BASE}/{THINGS}", upsert({"fields": {"Absent": "X"}})),
        ("PATCH", f"{BASE}/Absent", upsert({"fields": {"Name": "X"}})),
        ("POST", f"{BASE}/{THINGS}", {"fields": {"Absent": "X"}}),
        ("PATCH", f"{BASE}/{THINGS}/recAbsent00000000", {"fields": {"Name": "X"}}),
        ("DELETE", f"{BASE}/{THINGS}/recAbsent00000000", None),
        ("DELETE", f"{BASE}/{THINGS}?{'&'.join(['records[]=' + TABLE] * 11)}", None),
    ],
)
async def test_a_refusal_before_airtable_is_asked_is_in_its_words(
    proxy: "Proxy", airtable: "Airtable", method: str, path: str, body: Any
) -> None:
    answer = await proxy.ask(method, path, body)

    status, said = airtable.straight(method, path, body)
    assert (answer.status_code, answer.content) == (status, said)


async def test_reads_lists_and_webhooks_are_no_changes(proxy: "Proxy") -> None:
    hooks = f"bases/{BASE}/webhooks"
    specification = {"options": {"filters": {"dataTypes": ["tableData"]}}}

    answers = [
        await proxy.ask("GET", f"{BASE}/{THINGS}"),
        await proxy.ask("POST", f"{BASE}/{THINGS}/listRecords", {"maxRecords": 1}),
        await proxy.ask("POST", hooks, {"specification": specification}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert await proxy.changes() == []


async def test_who_watches_hears_of_what_was_written(proxy: "Proxy") -> None:
    await proxy.ask("PATCH", f"{BASE}/{THINGS}", BY_ID)
    await proxy.ask("PATCH", f"meta/bases/{BASE}/tables/{PARTS}", {"name": "Pieces"})
    await proxy.ask("POST", f"{BASE}/{THINGS}/{TABLE}/comments", {"text": "Hello"})
    await proxy.ask("PATCH", f"{BASE}/{THINGS}", upsert({"fields": {"Absent": 1}}))

    assert proxy.heard == [
        ForeignChanges(BASE, frozenset({THINGS})),
        ForeignChanges(BASE, reshapes=True),
    ]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"{BASE}/{THINGS}", {"fields": {"Name": "Bench", "Parts": ["recLeg00000000000"]}}),
        ("POST", f"{BASE}/{THINGS}", {"records": [{"fields": {NAME: "Ünï"}}], "returnFieldsByFieldId": True}),
        ("PATCH", f"{BASE}/{THINGS}/{TABLE}?returnFieldsByFieldId=1", {"fields": {"Amount": 1.25}}),
        ("PUT", f"{BASE}/{THINGS}", {"records": [{"id": TABLE, "fields": {"Name": "Bare"}}]}),
        ("PATCH", f"{BASE}/{THINGS}", upsert({"fields": {"Name": "Table", "Amount": 3}})),
        ("DELETE", f"{BASE}/{THINGS}/{TABLE}", None),
        ("DELETE", f"{BASE}/{THINGS}?records[]={TABLE}&records[]={STOOL}", None),
    ],
)
async def test_writes_that_may_go_together_are_answered_as_airtable_does(
    proxy: "Proxy", airtable: "Airtable", method: str, path: str, body: Any
) -> None:
    answer = await proxy.ask(method, path, body)
    noted = await proxy.changes()
    airtable.begin_anew()
    status, said = airtable.straight(method, path, body)

    assert (answer.status_code, unlike(answer.content)) == (status, unlike(said))
    assert [change.state for change in noted] == ["applied"]


def unlike(answer: bytes) -> str:
    """The answer without what no two answers share: times, and ids of what was made."""
    text = json.dumps(json.loads(answer), ensure_ascii=False, separators=(",", ":"))
    assert answer.decode() == text
    return re.sub(r"(rec|fld)[0-9A-Za-z]{14}|[0-9-]{10}T[0-9:.]+Z", "*", text)


async def test_who_may_not_read_the_schema_still_gets_cells_by_id(
    proxy: "Proxy", airtable: "Airtable", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PyAirtableGateway, "schema", _refuse)

    answer = await proxy.ask(
        "POST", f"{BASE}/{THINGS}", {"fields": {"Name": "Bench"}, "returnFieldsByFieldId": True}
    )

    assert answer.json()["fields"][NAME] == "Bench"
    [change] = await proxy.changes()
    assert (change.operation, change.undo.level, change.state) == ("forward", "none", "applied")


async def _refuse(*_: Any, **__: Any) -> Any:
    raise Refused("You are not permitted to perform this operation", status=403, type="INVALID_PERMISSIONS")


async def test_who_may_not_read_comments_still_changes_them(
    proxy: "Proxy", airtable: "Airtable", monkeypatch: pytest.MonkeyPatch
) -> None:
    comments = f"{BASE}/{THINGS}/{TABLE}/comments"
    made = (await proxy.ask("POST", comments, {"text": "Hello"})).json()
    monkeypatch.setattr(PyAirtableGateway, "comments", _refuse)

    answer = await proxy.ask("PATCH", f"{comments}/{made['id']}", {"text": "Bye"})

    assert answer.json()["text"] == "Bye"
    change, _ = await proxy.changes()
    assert (change.operation, change.undo.level, change.state) == ("update_comment", "none", "applied")


async def test_of_a_long_body_of_an_unknown_kind_the_hash_is_noted(proxy: "Proxy") -> None:
    await proxy.ask("POST", f"{BASE}/{THINGS}", {"typo": "x" * 100_000})

    [change] = await proxy.changes()
    assert change.operation == "forward"
    assert set(change.arguments) == {"method", "path", "query", "size", "sha256"}
