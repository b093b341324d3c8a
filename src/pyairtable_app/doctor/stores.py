"""The services' database and Redis."""

import time
from collections.abc import AsyncIterator

from pyairtable_app.doctor.finding import Finding, Findings
from pyairtable_app.doctor.patient import Patient
from pyairtable_app.errors import CannotStart

_PLATFORM = "pip install 'pyairtable-mcp[platform]'"


async def check(patient: Patient) -> list[Finding]:
    """Whether they are reached, and the tables are those of this version."""
    if patient.is_offline:
        return []
    tell = Findings("stores")
    return [finding for part in (_database, _redis) async for finding in part(patient, tell)]


async def _database(patient: Patient, tell: Findings) -> AsyncIterator[Finding]:
    given, folder = patient.settings.stores, patient.settings.data.folder
    is_file = given.database_url is None or given.database_url.value.startswith("sqlite")
    if given.database_url is None and not (folder / "services.db").exists():
        yield tell.ok("the services' database is a file of the data folder, made at the first start")
        return
    try:
        from pyairtable_app.migrations import FOLDER
        from pyairtable_platform.kernel import Database, Migrations, NotMigrated, Unavailable
    except ModuleNotFoundError as error:
        yield tell.wrong(f"the database needs the package {error.name}", _PLATFORM)
        return
    name = "SQLite" if is_file else "PostgreSQL"
    try:
        async with Database(given.database(folder)) as database:
            await Migrations(database, FOLDER).check()
    except NotMigrated as error:
        if is_file:
            yield tell.ok(
                "the services' database is of an older version; the next start brings it up to date"
            )
        else:
            yield tell.wrong(f"{name}: {error.detail}", "pyairtable-mcp migrate")
        return
    except Unavailable as error:
        yield tell.wrong(
            f"{name} is not reached: {error.detail}", "Look at DATABASE_URL, and whether it runs."
        )
        return
    yield tell.ok(f"{name} is reached, and its tables are up to date")


async def _redis(patient: Patient, tell: Findings) -> AsyncIterator[Finding]:
    from pyairtable_app.wiring.stores import Stores

    if patient.settings.stores.redis_url is None:
        return
    try:
        redis = Stores(patient.settings, is_watched=False).redis
    except CannotStart as error:
        yield tell.wrong(str(error), _PLATFORM)
        return
    if redis is None:
        return
    from redis.exceptions import RedisError

    started = time.perf_counter()
    try:
        await redis.get("doctor")
    except (RedisError, OSError) as error:
        found = f"Redis is not reached: {type(error).__name__}"
        yield tell.wrong(found, "Look at REDIS_URL (host, port, password), and whether it runs.")
    else:
        yield tell.ok(f"Redis answers in {(time.perf_counter() - started) * 1000:.0f} ms")
    finally:
        await redis.aclose()
