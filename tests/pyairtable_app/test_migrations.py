"""The steps of the database lead to the tables in the code, on SQLite and on PostgreSQL."""

import asyncio

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from orchestrator.tables import TABLES
from pyairtable_app.migrations import FOLDER
from pyairtable_platform.kernel import Database, Migrations, NotMigrated


@pytest.fixture
async def database(database_url):
    async with Database(database_url) as opened:
        yield opened


async def test_a_new_database_gets_the_tables_in_the_code(database):
    migrations = Migrations(database, FOLDER)

    assert not await migrations.is_current()
    await migrations.upgrade()

    assert await migrations.is_current()
    async with database.writing() as connection:
        differences = await connection.run_sync(
            lambda one: compare_metadata(MigrationContext.configure(one, opts={"compare_type": True}), TABLES)
        )
    assert differences == []


async def test_the_steps_may_be_taken_again_and_by_many_at_once(database):
    await asyncio.gather(*(Migrations(database, FOLDER).upgrade() for _ in range(3)))
    await Migrations(database, FOLDER).upgrade()

    assert await Migrations(database, FOLDER).is_current()


async def test_a_database_without_the_steps_says_what_to_run(database):
    with pytest.raises(NotMigrated, match=r"step none, not at .*pyairtable-mcp migrate"):
        await Migrations(database, FOLDER).check()


async def test_every_step_can_be_taken_back(database):
    await Migrations(database, FOLDER).upgrade()

    def down(connection):
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        return set(inspect(connection).get_table_names()) - {"alembic_version"}

    async with database.writing() as connection:
        assert await connection.run_sync(down) == set()
