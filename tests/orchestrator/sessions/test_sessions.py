"""Sessions belong to their owners, and a lease lets one run at a time go on with them."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.events import ModelMessage, UserMessage
from orchestrator.sessions import Copies, EventLog, Feed, SessionBusy, SessionNotFound, Sessions
from pyairtable_platform.kernel import Database, Unavailable

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


async def test_a_session_is_found_by_its_owner_and_by_nobody_else(sessions, session):
    assert await sessions.get(session.id, "ada") == session
    with pytest.raises(SessionNotFound):
        await sessions.get(session.id, "grace")


@pytest.mark.parametrize("method", ["rename", "delete", "export"])
async def test_nobody_touches_a_session_of_someone_else(sessions, session, method):
    arguments = {"rename": ("New",), "delete": (), "export": ()}[method]
    options = {"at": NOW} if method == "rename" else {}

    with pytest.raises(SessionNotFound):
        await getattr(sessions, method)(session.id, "grace", *arguments, **options)

    assert (await sessions.get(session.id, "ada")).title == "Late flights"


async def test_a_list_begins_with_what_changed_last(sessions, log, session):
    other = await sessions.create("ada", at=NOW - timedelta(days=1), title="Old")
    await sessions.create("grace", at=NOW, title="Not ada's")

    assert [one.id for one in await sessions.list("ada")] == [session.id, other.id]
    assert [one.id for one in await sessions.list("ada", before=NOW)] == [other.id]
    assert [one.id for one in await sessions.list("ada", limit=1)] == [session.id]


@pytest.mark.parametrize(
    ("search", "is_found"),
    [
        ("late", True),
        ("UNITED", True),
        ("1545", True),
        ("hidden thought", False),
        ("100%", True),
        ("1_0", False),
    ],
)
async def test_a_search_looks_at_titles_and_at_what_was_said(sessions, log, session, search, is_found):
    await log.append(
        session.id,
        UserMessage("r", "How late is united?"),
        ModelMessage(
            "r",
            ({"text": "a hidden thought", "thought": True}, {"text": "UA 1545 was 100% late."}),
            "STOP",
            {},
            "m",
        ),
    )

    assert bool(await sessions.list("ada", search=search)) == is_found


async def test_a_session_may_be_renamed_exported_and_deleted(sessions, log, session):
    await log.append(session.id, UserMessage("r", "Hello"))

    await sessions.rename(session.id, "ada", "Flights", at=LATER)
    exported = await sessions.export(session.id, "ada")
    await sessions.delete(session.id, "ada")

    assert exported["session"]["title"] == "Flights"
    assert exported["events"] == [
        {"number": 1, "at": NOW.isoformat(), "kind": "user_message", "run": "r", "text": "Hello"}
    ]
    with pytest.raises(SessionNotFound):
        await sessions.get(session.id, "ada")
    assert await log.read(session.id) == []


async def test_a_session_whose_time_is_over_is_removed(sessions, session):
    short = await sessions.create("ada", at=NOW, lives=timedelta(minutes=5))

    assert await sessions.purge(at=LATER) == 1
    assert [one.id for one in await sessions.list("ada")] == [session.id]
    with pytest.raises(SessionNotFound):
        await sessions.get(short.id, "ada")


async def test_a_session_lives_on_from_each_change(sessions, log):
    said = await sessions.create("ada", at=NOW, lives=timedelta(minutes=5))
    renamed = await sessions.create("ada", at=NOW - timedelta(minutes=4), lives=timedelta(minutes=5))
    await log.append(said.id, UserMessage("r", "Hello"))
    await sessions.rename(renamed.id, "ada", "Kept", at=NOW)

    assert await sessions.purge(at=NOW + timedelta(minutes=4)) == 0
    assert (await sessions.get(said.id, "ada")).expires_at == NOW + timedelta(minutes=5)
    assert await sessions.purge(at=NOW + timedelta(minutes=6)) == 2


async def test_a_session_in_which_a_run_goes_on_is_not_removed(sessions, leases):
    short = await sessions.create("ada", at=NOW, lives=timedelta(minutes=5))
    lease = await leases.take(short.id, at=NOW)

    assert await sessions.purge(at=LATER) == 0
    await leases.give_back(lease)
    assert await sessions.purge(at=LATER) == 1


async def test_a_taint_stays(sessions, session):
    await sessions.taint(session.id)

    assert (await sessions.get(session.id, "ada")).is_tainted


async def test_of_twenty_runs_at_once_one_gets_the_session(leases, session):
    async def takes():
        try:
            await leases.take(session.id, at=NOW)
        except SessionBusy:
            return False
        return True

    assert sum(await asyncio.gather(*(takes() for _ in range(20)))) == 1


async def test_a_lease_that_was_given_back_or_ran_out_is_free(leases, session):
    first = await leases.take(session.id, at=NOW)
    await leases.give_back(first)
    await leases.take(session.id, at=NOW)

    assert await leases.left_behind(at=NOW) == []
    assert await leases.left_behind(at=NOW + timedelta(seconds=31)) == [session.id]
    await leases.take(session.id, at=NOW + timedelta(seconds=31))


async def test_a_lease_that_is_renewed_is_kept(leases, session):
    lease = await leases.take(session.id, at=NOW)
    await leases.renew(lease, at=NOW + timedelta(seconds=20))

    with pytest.raises(SessionBusy):
        await leases.take(session.id, at=NOW + timedelta(seconds=40))


async def test_a_run_hears_that_it_should_stop(leases, session):
    assert not await leases.ask_to_stop(session.id, at=NOW)
    lease = await leases.take(session.id, at=NOW)

    assert not await leases.renew(lease, at=NOW)
    assert await leases.ask_to_stop(session.id, at=NOW)
    assert await leases.renew(lease, at=NOW)


async def test_a_lease_of_no_session_is_refused(leases):
    with pytest.raises(SessionNotFound):
        await leases.take("ses_none", at=NOW)


async def test_while_the_database_is_gone_copies_are_read_and_nothing_is_written(
    sessions, log, session, store, free_port
):
    await log.append(session.id, UserMessage("r", "one"), UserMessage("r", "two"))
    async with Database(f"postgresql://postgres@127.0.0.1:{free_port}/gone") as gone:
        blind_log = EventLog(gone, Copies(store), Feed(store))
        blind = Sessions(gone, Copies(store), blind_log)

        assert (await blind.get(session.id, "ada")).title == "Late flights"
        assert [one.event for one in await blind_log.read(session.id, after=1)] == [UserMessage("r", "two")]
        with pytest.raises(SessionNotFound):
            await blind.get(session.id, "grace")
        with pytest.raises(Unavailable):
            await blind_log.append(session.id, UserMessage("r", "three"))
        with pytest.raises(Unavailable):
            await blind.get("ses_never_seen", "ada")
