from datetime import UTC, datetime

import pytest

from orchestrator.sessions import Copies, EventLog, Feed, Leases, Sessions
from pyairtable_platform.kernel import MemoryKeyValue

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def store():
    return MemoryKeyValue()


@pytest.fixture
def feed(store):
    return Feed(store)


@pytest.fixture
def log(database, store, feed):
    return EventLog(database, Copies(store), feed, now=lambda: NOW)


@pytest.fixture
def sessions(database, store, log):
    return Sessions(database, Copies(store), log)


@pytest.fixture
def leases(database):
    return Leases(database)


@pytest.fixture
async def session(sessions):
    """A session of ada's."""
    return await sessions.create("ada", at=NOW, title="Late flights")
