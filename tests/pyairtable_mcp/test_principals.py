"""What one principal has is not another's: changes, cursors, consent, keys of calls, files, credentials."""

import asyncio
import base64
import json
import re
from typing import Any

import pytest
from mcp import Client, MCPError
from starlette.responses import JSONResponse
from tests.pyairtable_mcp.conftest import WORK
from tests.pyairtable_mcp.guarded import ALL, READ, Plan, guarded, keys

from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document
from pyairtable_mcp import IDEMPOTENCY_KEY, build_server
from pyairtable_mcp.authorisation import CredentialStore, serve_service
from pyairtable_mcp.principal import ACTING, ACTING_USER, HISTORY

WORKERS = keys(ada=ALL, bob=ALL, eve=(*ALL, HISTORY), chat=(*ALL, ACTING), boss=(*ALL, ACTING, HISTORY))
TASKS = {"base_id": "Work", "table_id": "Tasks"}
PEOPLE = {"base_id": "Work", "table_id": "People"}


@pytest.fixture
async def server(airtable, tmp_path):
    async with guarded(airtable, Plan(WORKERS, exports=tmp_path / "exports")) as running:
        yield running


async def ask(server, who, tool, *, meta=None, mode="auto", **arguments):
    """Whether it was refused, the text, and the structure."""
    async with server.client(who, mode) as client:
        try:
            result = await client.call_tool(tool, arguments, **({"meta": meta} if meta else {}))
        except MCPError as error:
            return True, str(error), {}
    return bool(result.is_error), result.content[0].text, result.structured_content or {}


def handle_in(text):
    found = re.search(r"confirm='([^']+)'", text)
    assert found
    return found[1]


async def write(server, who, name, **more):
    refused, text, made = await ask(server, who, "create_record", **PEOPLE, fields={"Name": name}, **more)
    assert not refused, text
    return made


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_changes_of_others_are_shown_and_taken_back_by_whom_they_are_shown_to_alone(server, mode):
    made = await write(server, "ada", "New")

    own = await ask(server, "ada", "list_changes", mode=mode)
    others = await ask(server, "bob", "list_changes", mode=mode)
    all_of_them = await ask(server, "eve", "list_changes", mode=mode)
    full = await ask(server, "bob", "list_changes", change_id=made["change_id"])
    undone = await ask(server, "bob", "undo_change", change_id=made["change_id"], force=True)
    planned = await ask(server, "bob", "undo_change", change_id=made["change_id"], dry_run=True)
    by_eve = await ask(server, "eve", "undo_change", change_id=made["change_id"], dry_run=True)

    assert [change["by"] for change in own[2]["changes"]] == ["key:ada"]
    assert others[2]["changes"] == []
    assert [change["by"] for change in all_of_them[2]["changes"]] == ["key:ada"]
    for refused, text, _ in (full, undone, planned):
        assert refused
        assert "change" in text
        assert made["id"] not in text
    assert not by_eve[0]


async def test_the_call_of_another_is_not_shown_by_its_id_either(server):
    _, _, made = await ask(
        server, "ada", "batch_create_records", **PEOPLE, records=[{"Name": str(n)} for n in range(12)]
    )

    refused, text, _ = await ask(server, "bob", "list_changes", change_id=made["change_id"])

    assert refused
    assert "rec" not in text.replace("record", "")


async def test_a_cursor_opens_nothing_for_another_principal_or_another_tool(server):
    _, _, page = await ask(server, "ada", "get_records", **TASKS, max_records=2)
    _, _, found = await ask(server, "ada", "search_records", **TASKS, query="Task", max_records=2)
    cursor = page["cursor"]

    own = await ask(server, "ada", "get_records", **TASKS, max_records=2, cursor=cursor)
    answers = [
        await ask(server, "bob", "get_records", **TASKS, max_records=2, cursor=cursor),
        await ask(server, "ada", "search_records", **TASKS, query="Task", cursor=cursor),
        await ask(server, "ada", "get_records", **TASKS, cursor=found["cursor"]),
        await ask(server, "ada", "list_changes", cursor=cursor),
        await ask(server, "ada", "list_comments", **TASKS, record_id="recTask0000000001", cursor=cursor),
        await ask(server, "ada", "get_records", **PEOPLE, cursor=cursor),
        await ask(server, "ada", "get_records", **TASKS, cursor=cursor[:-2] + "AA"),
        await ask(server, "ada", "get_records", **TASKS, cursor="A" + cursor[1:]),
    ]

    assert not own[0]
    assert [refused for refused, _, _ in answers] == [True] * len(answers)
    assert all("cursor" in text for _, text, _ in answers)


async def test_a_handle_is_good_for_its_principal_its_arguments_and_once(server):
    task = TASKS | {"record_id": "recTask0000000001"}
    _, asked, _ = await ask(server, "ada", "delete_record", **task)
    handle = handle_in(asked)

    by_bob = await ask(server, "bob", "delete_record", **task, confirm=handle)
    other = await ask(server, "ada", "delete_record", **TASKS, record_id="recTask0000000002", confirm=handle)
    many = await ask(
        server, "ada", "delete_records", **TASKS, record_ids=["recTask0000000001"], confirm=handle
    )
    await ask(server, "bob", "update_record", **task, fields={"Name": "Meanwhile"})
    changed = await ask(server, "ada", "delete_record", **task, confirm=handle)
    _, asked, _ = await ask(server, "ada", "delete_record", **task)
    second = handle_in(asked)
    done = await ask(server, "ada", "delete_record", **task, confirm=second)
    again = await ask(server, "ada", "delete_record", **task, confirm=second)

    for refused, text, _ in (by_bob, other, many, changed):
        assert refused
        assert "confirm was refused" in text
    assert not done[0]
    assert again[0]


async def test_a_key_of_a_call_belongs_to_its_principal(server):
    key = {IDEMPOTENCY_KEY: "the-same"}
    first = await write(server, "ada", "Once", meta=key)
    repeated = await write(server, "ada", "Once", meta=key)
    others = await write(server, "bob", "Once", meta=key)

    assert repeated["id"] == first["id"]
    assert others["id"] != first["id"]


async def test_only_a_service_may_say_for_whom_it_acts(server):
    for who in ("ada", "chat"):
        await write(server, who, f"By {who}", meta={ACTING_USER: "grace"})
    await write(server, "chat", "By nobody")

    written = [
        (change.author.principal, change.author.tool) for change in (await server.journal.changes()).changes
    ]
    assert written == [
        ("key:chat", "create_record"),
        ("grace", "create_record"),
        ("key:ada", "create_record"),
    ]


async def test_whom_a_service_acts_for_sees_no_others_changes_and_shares_no_cursor(server):
    grace, linus = {ACTING_USER: "grace"}, {ACTING_USER: "linus"}
    key = {IDEMPOTENCY_KEY: "one"}
    made = await write(server, "chat", "Of grace", meta=grace | key)
    other = await write(server, "chat", "Of grace", meta=linus | key)
    _, _, own = await ask(server, "chat", "list_changes", meta=grace)
    _, _, all_of_them = await ask(server, "boss", "list_changes", meta=grace)
    _, _, page = await ask(server, "chat", "get_records", meta=grace, **TASKS, max_records=1)
    stolen, _, _ = await ask(
        server, "chat", "get_records", meta=linus, **TASKS, max_records=1, cursor=page["cursor"]
    )
    undone, _, _ = await ask(
        server, "chat", "undo_change", meta=linus, change_id=made["change_id"], dry_run=True
    )

    assert made["id"] != other["id"]
    assert [change["by"] for change in own["changes"]] == ["grace"]
    assert {change["by"] for change in all_of_them["changes"]} == {"grace", "linus"}
    assert stolen
    assert undone


@pytest.mark.parametrize("name", [5, "x" * 256, "a\nb", {"sub": "ada"}, ["ada"]])
async def test_a_service_that_names_nobody_sensible_is_refused(server, name):
    refused, text, _ = await ask(server, "chat", "list_bases", meta={ACTING_USER: name})
    ignored, _, _ = await ask(server, "ada", "list_bases", meta={ACTING_USER: name})

    assert (refused, ignored) == (True, False)
    assert "name of up to 255" in text


@pytest.mark.parametrize("name", ["key:bob", "key:owner", "service:chat"])
async def test_no_user_of_a_service_is_a_key_or_a_service(server, name):
    await write(server, "bob", "Of bob")
    refused, text, _ = await ask(server, "chat", "list_changes", meta={ACTING_USER: name})

    assert refused
    assert f"{name!r} is none" in text


async def test_a_part_of_this_process_calls_as_a_service(context):
    server = build_server(context)
    serve_service(server, "chat", sees_all_changes=False)
    call = PEOPLE | {"fields": {"Name": "New"}}
    grace: Any = {ACTING_USER: "grace"}
    async with Client(server) as client:
        await client.call_tool("create_record", call)
        await client.call_tool("create_record", call, meta=grace)
        own = await client.call_tool("list_changes", {}, meta=grace)

    written = [change.author.principal for change in (await context.gateway.changes()).changes]
    assert written == ["grace", "service:chat"]
    assert [change["by"] for change in own.structured_content["changes"]] == ["grace"]


@pytest.fixture
def credentials(tmp_path):
    store = CredentialStore.open(tmp_path / "c.json", base64.urlsafe_b64encode(bytes(32)).decode())
    for name in ("key:ada", "key:bob", "grace"):
        store.add(name, "pat" + name.removeprefix("key:").title())
    return store


class TwoEyes:
    """An Airtable that shows the base Work to Ada's token alone, and holds her reads back until told."""

    def __init__(self, inner):
        self._inner = inner
        self.seen = []
        self.held = False
        self.url = ""

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        token = dict(scope["headers"])[b"authorization"].decode()
        self.seen.append((token, scope["method"], scope["path"]))
        if token != "Bearer patAda" and scope["path"].startswith(("/v0/app", "/v0/meta/bases/")):
            denied = {"error": {"type": "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", "message": "No."}}
            await JSONResponse(denied, 403)(scope, receive, send)
            return
        while self.held and scope["method"] == "GET" and scope["path"].startswith("/v0/app"):
            await asyncio.sleep(0.01)
        await self._inner(scope, receive, send)


@pytest.fixture
def two_eyes():
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": [WORK]})
        app = TwoEyes(create_app(store, tokens=AnyToken()))
        with TwinServer(app) as url:
            app.url = url
            yield app


async def test_what_one_credential_sees_never_reaches_another(two_eyes, credentials):
    change = {"base_id": "appWork0000000001", "table_id": "tblTasks000000001"}
    one = change | {"record_id": "recTask0000000001", "fields": {"Name": "New"}}
    async with guarded(two_eyes.url, Plan(WORKERS, store=credentials)) as server:
        await ask(server, "ada", "update_record", **one)
        two_eyes.held = True
        by_ada = asyncio.create_task(ask(server, "ada", "update_record", **one))
        async with asyncio.timeout(20):
            while sum(token == "Bearer patAda" and method == "GET" for token, method, _ in two_eyes.seen) < 3:
                await asyncio.sleep(0.01)
        other = one | {"record_id": "recTask0000000002"}
        by_bob = asyncio.create_task(ask(server, "bob", "update_record", **other))
        async with asyncio.timeout(20):
            while not any(token == "Bearer patBob" for token, _, _ in two_eyes.seen):
                await asyncio.sleep(0.01)
        two_eyes.held = False
        (refused_ada, _, _), (refused_bob, _, _) = await by_ada, await by_bob
        changes = (await server.journal.changes(principal="key:bob")).changes

    assert (refused_ada, refused_bob) == (False, True)
    assert all("Task 2" not in json.dumps(change.before, default=str) for change in changes)


async def test_a_service_works_with_the_credential_of_whom_it_acts_for(two_eyes, credentials):
    async with guarded(two_eyes.url, Plan(WORKERS, store=credentials)) as server:
        await ask(server, "chat", "list_bases", meta={ACTING_USER: "grace"})
        nobodys = await ask(server, "chat", "list_bases", meta={ACTING_USER: "linus"})
        own = await ask(server, "chat", "list_bases")

    assert {token for token, _, _ in two_eyes.seen} == {"Bearer patGrace"}
    assert "No Airtable credential is stored for 'linus'" in nobodys[1]
    assert "No Airtable credential is stored for 'key:chat'" in own[1]


async def test_a_key_that_only_reads_sees_changes_by_its_scope_and_takes_none_back(airtable):
    only_reading = keys(ada=ALL, view=(READ, HISTORY))
    async with guarded(airtable, Plan(only_reading)) as server:
        made = await write(server, "ada", "New")
        _, _, seen = await ask(server, "view", "list_changes")
        refused, text, _ = await ask(server, "view", "undo_change", change_id=made["change_id"])

    assert len(seen["changes"]) == 1
    assert (refused, text) == (True, "Server returned an error response")


async def test_an_exported_file_is_read_by_whom_it_was_made_for_alone(airtable, tmp_path):
    folder = tmp_path / "exports"
    async with guarded(airtable, Plan(WORKERS, exports=folder, result_budget=1200)) as server:
        _, text, made = await ask(server, "ada", "export_table_csv", **TASKS)
        outcomes = []
        for who in ("ada", "bob"):
            async with server.client(who) as client:
                try:
                    read: Any = await client.read_resource(made["resource"])
                    outcomes.append(read.contents[0].text[:4])
                except MCPError as error:
                    outcomes.append(str(error))

    assert outcomes[0] == "Reco"
    assert "There is no export" in outcomes[1]
    assert str(folder) not in text + str(made)
