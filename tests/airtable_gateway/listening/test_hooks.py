"""Where webhooks are kept: in memory or in a file, whose secrets nobody reads without the key."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis

from airtable_gateway.listening import Hook, Hooks, MemoryHooks
from airtable_gateway.listening.file_hooks import FileHooks
from airtable_gateway.listening.redis_hooks import RedisHooks

BASE = "appTestTestTest01"
KEY = b"k" * 32
HOOK = Hook(BASE, "achTestTestTest01", "https://example.com/airtable/_hooks/x", b"a secret of Airtable's")


@pytest.fixture
async def redis(redis_server: str) -> AsyncIterator[Redis]:
    redis = Redis.from_url(redis_server)
    yield redis
    await redis.aclose()


@pytest.fixture(params=["memory", "file", "redis"])
def hooks(request, tmp_path: Path, redis: Redis, redis_prefix: str) -> Hooks:
    match request.param:
        case "memory":
            return MemoryHooks()
        case "file":
            return FileHooks(tmp_path / "new" / "webhooks.json", KEY)
        case _:
            return RedisHooks(redis, KEY, prefix=redis_prefix)


async def test_a_webhook_is_kept_and_replaced(hooks: Hooks) -> None:
    newer = Hook(BASE, "achOtherOtherOth1", HOOK.url, b"another secret")

    assert await hooks.hook(BASE) is None
    async with hooks.changing():
        await hooks.keep(HOOK)
        assert await hooks.hook(BASE) == HOOK
        await hooks.keep(newer)
    assert await hooks.hook(BASE) == newer


@pytest.fixture
def at(tmp_path: Path) -> Callable[[bytes], FileHooks]:
    return lambda key: FileHooks(tmp_path / "webhooks.json", key)


async def test_the_file_is_its_owners_and_tells_no_secret(at, tmp_path: Path) -> None:
    async with at(KEY).changing():
        await at(KEY).keep(HOOK)

    file = tmp_path / "webhooks.json"
    assert b"secret of Airtable" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert await at(KEY).hook(BASE) == HOOK
    assert await at(b"x" * 32).hook(BASE) is None


@pytest.mark.parametrize(
    "content", ["", "[1]", '{"appTestTestTest01": {"id": 1}}', '{"appTestTestTest01": 1}']
)
async def test_a_file_that_cannot_be_read_holds_nothing(at, tmp_path: Path, content: str) -> None:
    (tmp_path / "webhooks.json").write_text(content)

    assert await at(KEY).hook(BASE) is None


async def test_a_secret_that_was_moved_to_another_webhook_is_none(at, tmp_path: Path) -> None:
    file = tmp_path / "webhooks.json"
    async with at(KEY).changing():
        await at(KEY).keep(HOOK)
    rows = json.loads(file.read_text())
    rows[BASE]["id"] = "achOtherOtherOth1"
    file.write_text(json.dumps(rows))

    assert await at(KEY).hook(BASE) is None


async def test_redis_is_told_no_secret(redis: Redis, redis_prefix: str) -> None:
    await RedisHooks(redis, KEY, prefix=redis_prefix).keep(HOOK)

    told = await redis.get(redis_prefix + BASE)
    assert isinstance(told, bytes)
    assert HOOK.secret not in told
    assert await RedisHooks(redis, b"x" * 32, prefix=redis_prefix).hook(BASE) is None


@pytest.mark.parametrize("kind", ["file", "redis"])
async def test_one_process_changes_webhooks_at_a_time(at, redis: Redis, redis_prefix: str, kind: str) -> None:
    inside: list[str] = []

    async def change(name: str) -> None:
        hooks: Hooks = at(KEY) if kind == "file" else RedisHooks(redis, KEY, prefix=redis_prefix)
        async with hooks.changing():
            inside.append(name)
            await asyncio.sleep(0)
            inside.append(name)

    await asyncio.gather(*(change(name) for name in "abcd"))

    assert inside[::2] == inside[1::2]
