import pytest

from pyairtable_platform.kernel import Database, KeyValue, MemoryKeyValue
from pyairtable_platform.kernel.keyvalue.redis import RedisKeyValue


@pytest.fixture
async def database(database_url):
    """An open database, once SQLite and once PostgreSQL."""
    async with Database(database_url) as opened:
        yield opened


@pytest.fixture(params=["memory", "redis"])
async def keyvalue(request, redis_prefix):
    """An open key-value store, once in memory and once in Redis."""
    made: KeyValue = MemoryKeyValue()
    if request.param == "redis":
        # A busy machine may answer late; that a frozen one does not hold anyone up has a test of its own.
        url = request.getfixturevalue("redis_server")
        made = RedisKeyValue(url, prefix=redis_prefix, timeout_seconds=5)
    async with made as opened:
        yield opened
