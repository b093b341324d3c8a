"""Sums of the ledger, by day and by whoever or whatever spent."""

from datetime import UTC, datetime

import asyncpg
import pytest

from orchestrator.cost import Ledger, Priced, Reservation
from orchestrator.cost.report import Report
from orchestrator.model import Usage
from orchestrator.tables import TABLES
from pyairtable_platform.kernel import Database

MONDAY = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 0, 1, tzinfo=UTC)
START = datetime(2026, 11, 1, tzinfo=UTC)
END = datetime(2026, 12, 1, tzinfo=UTC)

CALLS = [
    # owner, session, model, tools, at, micros, is estimated
    ("ada", "ses_1", "gemini-3.8-flash", ("get_records",), MONDAY, 100, False),
    ("ada", "ses_1", "gemini-3.8-flash", (), TUESDAY, 50, False),
    ("ada", "ses_2", "gemini-4-argon", (), TUESDAY, 500, True),
    ("grace", "ses_3", "gemini-3.8-flash", ("get_records",), TUESDAY, 7, False),
]


@pytest.fixture
async def report(database):
    return await filled(database)


async def filled(database):
    """The sums over a ledger of these calls, and of one that is under way."""
    ledger = Ledger(database)
    for number, (owner, session, model, tools, at, micros, is_estimated) in enumerate(CALLS):
        request = f"req_{number}"
        await ledger.reserve(Reservation(request, session, "run", owner, model, 1000, tools), at=at)
        usage = Usage(prompt=micros, cached=1, output=2, thinking=3)
        await ledger.settle(request, usage, Priced(micros, is_estimated, {}), served=model, at=at)
    await ledger.reserve(Reservation("open", "ses_1", "run", "ada", "m", 1000), at=TUESDAY)
    return Report(database)


@pytest.mark.parametrize(
    ("by", "sums"),
    [
        ("day", [("2026-11-23", 1, 100), ("2026-11-24", 3, 557)]),
        ("user", [("ada", 3, 650), ("grace", 1, 7)]),
        ("model", [("gemini-4-argon", 1, 500), ("gemini-3.8-flash", 3, 157)]),
        ("session", [("ses_2", 1, 500), ("ses_1", 2, 150), ("ses_3", 1, 7)]),
        ("tool", [("", 2, 550), ("get_records", 2, 107)]),
    ],
)
async def test_calls_are_summed_by_group(report, by, sums):
    groups = await report.spent(by, since=START, until=END)

    assert [(group.group, group.calls, group.micros) for group in groups] == sums


async def test_sums_may_be_those_of_one_person_session_or_time(report):
    ada = await report.spent("user", since=START, until=END, owner="ada")
    first = await report.spent("session", since=START, until=END, session="ses_1")
    tuesday = await report.spent("user", since=TUESDAY, until=END)

    assert [group.group for group in ada] == ["ada"]
    assert [group.micros for group in first] == [150]
    assert sum(group.micros for group in tuesday) == 557


async def test_tokens_and_estimates_are_counted_too(report):
    total = (await report.spent("user", since=START, until=END, owner="ada"))[0]

    assert (total.prompt_tokens, total.cached_tokens, total.output_tokens, total.thinking_tokens) == (
        650,
        3,
        6,
        9,
    )
    assert total.estimated_calls == 1


async def test_days_are_those_of_utc_wherever_the_server_stands(postgres_url):
    server = await asyncpg.connect(postgres_url)
    name = await server.fetchval("SELECT current_database()")
    await server.execute(f"ALTER DATABASE \"{name}\" SET timezone TO 'Asia/Tokyo'")
    try:
        async with Database(postgres_url) as database:
            async with database.writing() as connection:
                await connection.run_sync(TABLES.create_all)
            days = await (await filled(database)).spent("day", since=START, until=END)
    finally:
        await server.execute(f'ALTER DATABASE "{name}" RESET timezone')
        await server.close()

    assert [day.group for day in days] == ["2026-11-23", "2026-11-24"]
