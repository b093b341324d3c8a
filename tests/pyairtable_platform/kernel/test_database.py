"""A database holds its promises, whether it is a file or a server."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, Table, insert, select, text, update

from pyairtable_platform.kernel import Database, Unavailable, UnknownDatabase
from pyairtable_platform.kernel.columns import Json, Moment, metadata

TABLES = metadata()
COUNTS = Table(
    "counts",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("value", Integer, nullable=False),
    Column("at", Moment),
    Column("data", Json),
)


@pytest.fixture
async def counts(database):
    """The table, with one row of value 0."""
    async with database.writing() as connection:
        await connection.run_sync(TABLES.create_all)
        await connection.execute(insert(COUNTS).values(id=1, value=0))
    return database


async def value(database):
    async with database.reading() as connection:
        return await connection.scalar(select(COUNTS.c.value).where(COUNTS.c.id == 1))


async def test_what_a_block_wrote_is_there_afterwards(counts):
    async with counts.writing() as connection:
        await connection.execute(update(COUNTS).values(value=7))

    assert await value(counts) == 7


async def test_a_block_that_raises_has_written_nothing(counts):
    async def half_way():
        async with counts.writing() as connection:
            await connection.execute(update(COUNTS).values(value=7))
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await half_way()

    assert await value(counts) == 0


async def test_thirty_writers_at_once_lose_nothing(counts):
    async def add_one():
        async with counts.writing() as connection:
            await connection.execute(update(COUNTS).values(value=COUNTS.c.value + 1))

    await asyncio.gather(*(add_one() for _ in range(30)))

    assert await value(counts) == 30


async def test_a_reader_sees_one_moment_while_another_writes(counts):
    async with counts.reading() as reader:
        before = await reader.scalar(select(COUNTS.c.value))
        async with counts.writing() as writer:
            await writer.execute(update(COUNTS).values(value=9))
        still = await reader.scalar(select(COUNTS.c.value)) if counts.is_sqlite else before

    assert (before, still, await value(counts)) == (0, 0, 9)


async def test_a_moment_comes_back_aware_and_in_utc(counts):
    berlin = datetime(2026, 11, 25, 12, 30, tzinfo=timezone(timedelta(hours=1)))

    async with counts.writing() as connection:
        await connection.execute(update(COUNTS).values(at=berlin))
    async with counts.reading() as connection:
        kept = await connection.scalar(select(COUNTS.c.at))

    assert kept == datetime(2026, 11, 25, 11, 30, tzinfo=UTC)
    assert kept.utcoffset() == timedelta(0)


async def test_a_moment_without_a_zone_is_refused(counts):
    with pytest.raises(Exception, match="has no time zone"):
        async with counts.writing() as connection:
            await connection.execute(update(COUNTS).values(at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the fault


async def test_json_comes_back_as_it_was(counts):
    data = {"text": 'quoted "ü"', "odd": "\x00 \ud800", "list": [1, 2.5, None, True], "nested": {"a": []}}

    async with counts.writing() as connection:
        await connection.execute(update(COUNTS).values(data=data))
    async with counts.reading() as connection:
        assert await connection.scalar(select(COUNTS.c.data)) == data


@pytest.mark.parametrize("url", ["mysql://root@127.0.0.1/test", "service.db", ""])
def test_a_database_that_is_not_spoken_is_refused_by_name(url):
    with pytest.raises(UnknownDatabase, match="sqlite:///FILE or postgresql://"):
        Database(url)


async def test_a_server_that_does_not_answer_is_unavailable(free_port):
    async with Database(f"postgresql://postgres@127.0.0.1:{free_port}/test") as database:
        with pytest.raises(Unavailable):
            await database.ping()


async def test_a_database_that_answers_says_so(database):
    await database.ping()


async def add(database, amount):
    async with database.writing() as connection:
        await connection.execute(update(COUNTS).values(value=COUNTS.c.value + amount))


async def test_what_is_written_together_is_committed_together(counts):
    async with counts.together():
        await add(counts, 1)
        await add(counts, 10)

    assert await value(counts) == 11


async def test_what_is_written_together_is_undone_together(counts):
    async def half_way():
        async with counts.together():
            await add(counts, 1)
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await half_way()

    assert await value(counts) == 0


async def test_one_task_does_not_join_another(counts):
    async def fail_or_add(number):
        async with counts.together():
            await add(counts, 1)
            if number % 2:
                raise RuntimeError("half way")

    await asyncio.gather(*(fail_or_add(number) for number in range(10)), return_exceptions=True)

    assert await value(counts) == 5


async def test_a_slow_question_keeps_nobody_else_from_being_answered(postgres_url):
    async with Database(postgres_url, read_seconds=1.5) as database:

        async def ask_slowly():
            async with database.reading() as connection:
                await connection.execute(text("SELECT pg_sleep(30)"))

        slow = asyncio.create_task(ask_slowly())
        while not slow.done():
            await database.ping()
        with pytest.raises(Unavailable):
            await slow

        await database.ping()


async def test_a_server_that_answers_nothing_is_left_alone_for_a_while(postgres_url):
    async with Database(postgres_url, read_seconds=0.2) as database:
        with pytest.raises(Unavailable):
            async with database.reading() as connection:
                await connection.execute(text("SELECT pg_sleep(30)"))

        with pytest.raises(Unavailable):
            await database.ping()
