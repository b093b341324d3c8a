import pytest

from orchestrator.tables import TABLES
from pyairtable_platform.kernel import Database


@pytest.fixture
async def database(database_url):
    """An open database with the agent's tables, once SQLite and once PostgreSQL."""
    async with Database(database_url) as opened:
        async with opened.writing() as connection:
            await connection.run_sync(TABLES.create_all)
        yield opened
