"""Copies that a process keeps: fresh while in use, shared by file, apart by credential, and let go of."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import pytest

from airtable_gateway import (
    BaseMirror,
    Endpoint,
    FixedEndpoint,
    ForeignChanges,
    Freshness,
    MirrorNotReady,
    MirrorsNotKept,
    NotFound,
    QueryLimits,
    RecordChange,
    Refused,
    TooManyMirrors,
)
from airtable_gateway.clock import Clock
from airtable_gateway.mirror.keeping import Keeping
from airtable_gateway.mirror.mirrors import Mirrors
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import ListedTokens, Store, create_app, import_document

BASE, OTHER, TASKS, FIRST = "appWork0000000001", "appOther000000009", "tblTasks000000001", "recTask0000000011"
_SCOPES = ["data.records:read", "data.records:write", "schema.bases:read", "schema.bases:write"]
_TOKENS = ListedTokens(
    {
        "patAll": {"user": "usrLocalDeveloper"},
        "patSecond": {"user": "usrLocalDeveloper"},
        "patNoHooks": {"user": "usrLocalDeveloper", "scopes": _SCOPES},
    }
)


def _base(name: str, mark: str) -> dict[str, Any]:
    """A base with two tables, whose ids end with the mark."""

    def table(table_id: str, table_name: str, *fields: dict[str, Any]) -> dict[str, Any]:
        return {"id": table_id, "name": table_name, "primaryFieldId": fields[0]["id"], "fields": list(fields)}

    task = {"id": f"fldTaskName00000{mark}", "name": "Name", "type": "singleLineText"}
    hours = {"id": f"fldHours00000000{mark}", "name": "Hours", "type": "number", "options": {"precision": 1}}
    person = {"id": f"fldPersonName000{mark}", "name": "Name", "type": "singleLineText"}
    tasks, people = f"tblTasks00000000{mark}", f"tblPeople0000000{mark}"
    records = [
        {"id": f"recTask00000000{mark}1", "fields": {"Name": "One", "Hours": 1}},
        {"id": f"recTask00000000{mark}2", "fields": {"Name": "Two", "Hours": 2}},
    ]
    return {
        "id": f"app{name}00000000000001"[:16] + mark,
        "name": name,
        "tables": [table(tasks, "Tasks", task, hours), table(people, "People", person)],
        "records": {tasks: records, people: []},
    }


@pytest.fixture
def url(stage) -> Iterator[str]:
    server, url = stage
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": [_base("Work", "1"), _base("Other", "9")]})
        server.app = create_app(store, tokens=_TOKENS)
        yield url


@asynccontextmanager
async def _gateway(
    url: str, mirrors: Mirrors | None, token: str = "patAll"
) -> AsyncIterator[PyAirtableGateway]:
    endpoint = FixedEndpoint(Endpoint(url, token))
    async with PyAirtableGateway(endpoint, rate_limit=None, ports=Ports(mirrors=mirrors)) as gateway:
        if mirrors is None:
            yield gateway
            return
        async with mirrors:
            yield gateway


@pytest.fixture
async def gateway(url, tmp_path) -> AsyncIterator[PyAirtableGateway]:
    """A gateway whose copies are refreshed when they are asked, and hardly by themselves."""
    async with _gateway(url, Mirrors(tmp_path, keeping=Keeping(pause_seconds=3600))) as opened:
        yield opened


@pytest.fixture
async def somebody(url) -> AsyncIterator[PyAirtableGateway]:
    """Who changes the base from elsewhere."""
    async with _gateway(url, None) as opened:
        yield opened


async def _names(mirror: BaseMirror, table: str = "Tasks") -> list[str]:
    answer = await mirror.query(f'SELECT "Name" FROM "{table}" ORDER BY 1', QueryLimits())
    return [row[0] for row in answer.rows]


class Heard:
    """Notes what is told, and waits for it."""

    def __init__(self) -> None:
        self.all: list[ForeignChanges] = []
        self._told = asyncio.Event()

    async def __call__(self, changes: ForeignChanges) -> None:
        self.all.append(changes)
        self._told.set()

    async def next(self) -> ForeignChanges:
        async with asyncio.timeout(20):
            await self._told.wait()
        self._told.clear()
        return self.all[-1]


@pytest.fixture(params=["webhook", "polling"])
async def either_way(request, url, tmp_path) -> AsyncIterator[PyAirtableGateway]:
    """A gateway that may make a webhook, and one that may not and sweeps each time."""
    token = "patAll" if request.param == "webhook" else "patNoHooks"
    keeping = Keeping(pause_seconds=3600, sweep_seconds=0)
    async with _gateway(url, Mirrors(tmp_path, keeping=keeping), token) as opened:
        mirror = await opened.mirror(BASE)
        assert (await mirror.refresh()).way == request.param
        yield opened


CHANGES: dict[str, tuple[Callable[[PyAirtableGateway], Any], list[str]]] = {
    "created": (lambda other: other.create(BASE, "Tasks", [{"Name": "Three"}]), ["One", "Three", "Two"]),
    "updated": (
        lambda other: other.update(BASE, "Tasks", [RecordChange(FIRST, {"Name": "Eins"})]),
        ["Eins", "Two"],
    ),
    "deleted": (lambda other: other.delete(BASE, "Tasks", [FIRST]), ["Two"]),
}


@pytest.mark.parametrize("kind", CHANGES)
async def test_what_somebody_else_changes_is_seen_in_sql_and_told(either_way, somebody, kind):
    change, names = CHANGES[kind]
    mirror, heard = await either_way.mirror(BASE), Heard()
    async with mirror.listening(heard):
        assert await _names(mirror) == ["One", "Two"]
        await change(somebody)

        await mirror.refresh()

        assert await _names(mirror) == names
    assert heard.all == [ForeignChanges(BASE, frozenset({TASKS}))]


async def test_a_new_table_and_a_renamed_field_are_seen_in_sql_and_told(either_way, somebody):
    mirror, heard = await either_way.mirror(BASE), Heard()
    async with mirror.listening(heard):
        assert await _names(mirror) == ["One", "Two"]
        await somebody.update_field(BASE, "Tasks", "Hours", name="Effort")
        table = await somebody.create_table(BASE, "New one", [{"name": "Name", "type": "singleLineText"}])
        await somebody.create(BASE, table.id, [{"Name": "There"}])

        await mirror.refresh()

        answer = await mirror.query('SELECT sum("Effort") FROM Tasks', QueryLimits())
        assert answer.rows == [[3.0]]
        assert await _names(mirror, "New one") == ["There"]
    assert heard.all[-1].reshapes
    assert table.id in heard.all[-1].table_ids


async def test_what_did_not_change_is_nobodys_news(either_way):
    mirror, heard = await either_way.mirror(BASE), Heard()
    async with mirror.listening(heard):
        await mirror.refresh()
        await mirror.refresh()

    assert heard.all == []


async def test_a_copy_is_kept_fresh_by_itself_while_somebody_listens(url, tmp_path, somebody):
    async with _gateway(url, Mirrors(tmp_path, keeping=Keeping(pause_seconds=0.05))) as gateway:
        mirror, heard = await gateway.mirror(BASE), Heard()
        async with mirror.listening(heard):
            await mirror.refresh()
            await somebody.create(BASE, "Tasks", [{"Name": "Three"}])

            assert (await heard.next()).table_ids == {TASKS}


async def test_who_is_told_of_a_change_reads_what_is_new(url, tmp_path, somebody):
    endpoint, mirrors = (
        FixedEndpoint(Endpoint(url, "patAll")),
        Mirrors(tmp_path, keeping=Keeping(pause_seconds=3600)),
    )
    ports = Ports(mirrors=mirrors)
    async with (
        PyAirtableGateway(endpoint, rate_limit=None, record_ttl_seconds=600, ports=ports) as gateway,
        mirrors,
    ):
        mirror, read = await gateway.mirror(BASE), []

        async def hear(changes: ForeignChanges) -> None:
            read.append((await gateway.record(BASE, "Tasks", FIRST)).fields["Name"])

        async with mirror.listening(hear):
            await mirror.refresh()
            assert (await gateway.record(BASE, "Tasks", FIRST)).fields["Name"] == "One"
            await somebody.update(BASE, "Tasks", [RecordChange(FIRST, {"Name": "Eins"})])

            await mirror.refresh()

    assert read == ["Eins"]


async def test_a_copy_looks_at_once_when_somebody_knows_of_a_change(url, tmp_path, somebody):
    mirrors = Mirrors(tmp_path, keeping=Keeping(pause_seconds=3600))
    async with _gateway(url, mirrors) as gateway:
        mirror, heard = await gateway.mirror(BASE), Heard()
        async with mirror.listening(heard):
            await mirror.refresh()
            await somebody.create(BASE, "Tasks", [{"Name": "Three"}])
            await mirrors.heard(ForeignChanges(BASE, frozenset({TASKS})))

            assert (await heard.next()).table_ids == {TASKS}


async def test_a_young_copy_is_not_refreshed_again(gateway, somebody):
    mirror = await gateway.mirror(BASE)
    first = await mirror.refresh()
    await somebody.create(BASE, "Tasks", [{"Name": "Three"}])

    assert await mirror.refresh(max_age_seconds=600) == first
    assert (await mirror.refresh()).records == 3


async def test_a_refresh_that_was_under_way_before_a_change_does_not_do_for_who_asks_after(
    gateway, somebody, monkeypatch
):
    mirror = await gateway.mirror(BASE)
    await mirror.refresh()
    read, go_on, ask = asyncio.Event(), asyncio.Event(), gateway.webhook_payloads

    async def slow(*given: Any, **options: Any) -> Any:
        page = await ask(*given, **options)
        read.set()
        await go_on.wait()
        return page

    monkeypatch.setattr(gateway, "webhook_payloads", slow)
    early = asyncio.create_task(mirror.refresh())
    await read.wait()
    await somebody.create(BASE, "Tasks", [{"Name": "Three"}])
    late = asyncio.create_task(mirror.refresh())
    await asyncio.sleep(0)
    go_on.set()

    assert (await late).records == 3
    assert (await early).as_of < (await late).as_of


async def test_each_credential_has_a_copy_of_its_own(url, tmp_path):
    mirrors = Mirrors(tmp_path, keeping=Keeping(pause_seconds=3600))
    async with _gateway(url, mirrors) as gateway, AsyncExitStack() as stack:
        second = PyAirtableGateway(
            FixedEndpoint(Endpoint(url, "patSecond")), rate_limit=None, ports=Ports(mirrors=mirrors)
        )
        await stack.enter_async_context(second)
        copies = [await gateway.mirror("Work"), await gateway.mirror(BASE), await second.mirror(BASE)]
        for copy in copies:
            await copy.refresh()

    assert copies[0] is copies[1]
    assert len(list(tmp_path.glob("*.db"))) == 2
    assert not any("pat" in path.name for path in tmp_path.iterdir())


async def test_tables_that_are_not_wanted_are_not_copied(gateway):
    mirror = await gateway.mirror(BASE, tables=["tasks"])

    assert (await mirror.refresh()).records == 2
    with pytest.raises(Exception, match="no table 'People'"):
        await _names(mirror, "People")


async def test_a_second_process_reads_what_the_first_one_keeps(url, tmp_path, somebody):
    keeping = Keeping(pause_seconds=3600)
    async with (
        _gateway(url, Mirrors(tmp_path, keeping=keeping)) as one,
        _gateway(url, Mirrors(tmp_path, keeping=keeping)) as two,
    ):
        kept, followed, heard = await one.mirror(BASE), await two.mirror(BASE), Heard()
        await kept.refresh()
        async with followed.listening(heard):
            first = await followed.refresh()
            assert (first.is_ours, first.records) == (False, 2)
            await somebody.create(BASE, "Tasks", [{"Name": "Three"}])
            await kept.refresh()

            assert (await followed.refresh()).records == 3
            assert await _names(followed) == ["One", "Three", "Two"]
    assert heard.all == [ForeignChanges(BASE, frozenset({TASKS}))]


async def test_the_second_process_goes_on_when_the_first_one_ends(url, tmp_path, somebody):
    keeping = Keeping(pause_seconds=3600)
    async with _gateway(url, Mirrors(tmp_path, keeping=keeping)) as two:
        followed = await two.mirror(BASE)
        async with _gateway(url, Mirrors(tmp_path, keeping=keeping)) as one:
            await (await one.mirror(BASE)).refresh()
            assert not (await followed.refresh()).is_ours
        await somebody.create(BASE, "Tasks", [{"Name": "Three"}])

        fresh = await followed.refresh()

        assert (fresh.is_ours, fresh.records) == (True, 3)
        assert len(await two.webhooks(BASE)) == 1


async def test_a_copy_that_is_not_there_yet_says_how_far_it_is(url, tmp_path):
    keeping = Keeping(pause_seconds=3600, patience_seconds=0)
    async with _gateway(url, Mirrors(tmp_path, keeping=keeping)) as gateway:
        mirror = await gateway.mirror(BASE)
        with pytest.raises(MirrorNotReady, match="records so far"):
            await mirror.refresh()

        async with asyncio.timeout(20):
            while True:
                with suppress(MirrorNotReady):
                    assert (await mirror.refresh(max_age_seconds=600)).records == 2
                    break
                await asyncio.sleep(0.01)


async def test_a_copy_grows_old_while_airtable_is_away(gateway, stage):
    mirror = await gateway.mirror(BASE)
    first = await mirror.refresh()
    server, _ = stage

    async def away(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 429, "headers": [(b"retry-after", b"900")]})
        await send({"type": "http.response.body", "body": b"{}"})

    server.app = away

    assert await mirror.refresh() == first
    assert await _names(mirror) == ["One", "Two"]


async def test_a_base_that_the_credential_may_no_longer_see_is_not_shown(gateway, stage):
    mirror = await gateway.mirror(BASE)
    await mirror.refresh()
    server, _ = stage
    body = b'{"error": {"type": "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", "message": "No."}}'

    async def refuse(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    server.app = refuse
    for age in (0.0, 1e9):
        with pytest.raises((Refused, NotFound)):
            await mirror.refresh(max_age_seconds=age)


async def test_a_broken_file_is_made_anew(gateway, tmp_path):
    mirror = await gateway.mirror(BASE)
    await mirror.refresh()
    [path] = tmp_path.glob("*.db")
    await mirror.rest()
    path.write_bytes(b"no database at all" * 1000)

    assert (await mirror.refresh()).records == 2


async def test_no_more_copies_are_open_than_may_be(url, tmp_path):
    async with _gateway(url, Mirrors(tmp_path, open_limit=1, keeping=Keeping(pause_seconds=3600))) as gateway:
        one, other = await gateway.mirror(BASE), await gateway.mirror(OTHER)
        await one.refresh()
        await other.refresh()
        assert (await one.refresh()).records == 2

        async with one.listening(Heard()):
            with pytest.raises(TooManyMirrors):
                await other.refresh()


async def test_no_more_files_are_kept_than_may_be(url, tmp_path):
    mirrors = Mirrors(tmp_path, open_limit=1, file_limit=1, keeping=Keeping(pause_seconds=3600))
    async with _gateway(url, mirrors) as gateway:
        for base in (BASE, OTHER):
            await (await gateway.mirror(base)).refresh()

        assert [path.name[:17] for path in tmp_path.glob("*.db")] == [OTHER]


async def test_a_copy_that_nobody_uses_is_put_to_rest_and_wakes_up(url, tmp_path):
    moments, slept = [0.0], asyncio.Event()

    async def sleep(seconds: float) -> None:
        slept.set()
        await asyncio.sleep(0.01)

    keeping = Keeping(pause_seconds=3600, clock=Clock(now=lambda: moments[0], sleep=sleep))
    async with _gateway(url, Mirrors(tmp_path, idle_seconds=600, keeping=keeping)) as gateway:
        mirror: Any = await gateway.mirror(BASE)
        await mirror.refresh()
        moments[0] = 601.0
        async with asyncio.timeout(20):
            while mirror.is_open:
                await asyncio.sleep(0.01)

        assert await _names(mirror) == ["One", "Two"]
        assert mirror.is_open


async def test_a_gateway_without_copies_says_so(somebody):
    with pytest.raises(MirrorsNotKept):
        await somebody.mirror(BASE)


async def test_nothing_is_at_work_after_the_end(url, tmp_path):
    before = asyncio.all_tasks()
    async with _gateway(url, Mirrors(tmp_path, keeping=Keeping(pause_seconds=0.01))) as gateway:
        mirror = await gateway.mirror(BASE)
        fresh: Freshness = await mirror.refresh()
        assert await _names(mirror) == ["One", "Two"]

    assert fresh.records == 2
    assert asyncio.all_tasks() == before
    with pytest.raises(MirrorsNotKept):
        await mirror.refresh()
