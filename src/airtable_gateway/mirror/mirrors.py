"""The copies that one process keeps: files in a folder, a bounded number of them open and on the disk."""

import asyncio
import hashlib
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from airtable_gateway.endpoint import Endpoint
from airtable_gateway.hearing import ForeignChanges
from airtable_gateway.mirror.errors import MirrorsNotKept, TooManyMirrors
from airtable_gateway.mirror.keeping import Keeping
from airtable_gateway.mirror.port import BaseMirror
from airtable_gateway.mirror.source import MirrorSource

if TYPE_CHECKING:
    from airtable_gateway.mirror.kept import KeptMirror

_REST_CHECK_SECONDS = 30.0


class Mirrors:
    """See `MirrorKeeper`. `async with mirrors:` lets all of them go in the end.

    A copy that nobody has used for `idle_seconds` is put to rest. At most `open_limit` are open at once, and
    `file_limit` lie in the folder: the one that was used longest ago makes room.
    """

    def __init__(
        self,
        folder: Path,
        *,
        open_limit: int = 8,
        file_limit: int = 32,
        idle_seconds: float = 600.0,
        keeping: Keeping | None = None,
    ) -> None:
        self._folder = folder
        self._open_limit = open_limit
        self._file_limit = file_limit
        self._idle_seconds = idle_seconds
        self._keeping = keeping or Keeping()
        self._mirrors: dict[str, KeptMirror] = {}
        self._resting: asyncio.Task[None] | None = None
        self._room = asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._resting = asyncio.create_task(self._put_to_rest())
        return self

    async def __aexit__(self, *exc: object) -> None:
        resting, self._resting = self._resting, None
        if resting is not None:
            resting.cancel()
            await asyncio.gather(resting, return_exceptions=True)
        await asyncio.gather(*(mirror.rest() for mirror in self._mirrors.values()))

    async def mirror(
        self, source: MirrorSource, endpoint: Endpoint, base_id: str, tables: Collection[str]
    ) -> BaseMirror:
        """See `MirrorKeeper.mirror`."""
        from airtable_gateway.mirror.kept import KeptMirror

        key = _key(endpoint, base_id, tables)
        mirror = self._mirrors.get(key)
        if mirror is None:
            path = self._folder / f"{key}.db"
            mirror = KeptMirror(source, base_id, path, tuple(tables), self._keeping, self._make_room)
            self._mirrors[key] = mirror
        mirror.source = source
        return mirror

    async def heard(self, changes: ForeignChanges) -> None:
        """See `Hearer`: copies of the base that are open look at once for what changed."""
        for mirror in self._mirrors.values():
            if mirror.base_id == changes.base_id:
                mirror.hurry()

    async def _make_room(self, wanted: "KeptMirror") -> None:
        """Let one more be opened. Raises TooManyMirrors."""
        if self._resting is None:
            raise MirrorsNotKept("The copies of bases are closed.")
        async with self._room:
            others = [mirror for mirror in self._mirrors.values() if mirror is not wanted]
            opened = [mirror for mirror in others if mirror.is_open or mirror.is_used]
            unused = sorted((mirror for mirror in opened if not mirror.is_used), key=lambda one: one.used_at)
            if len(opened) >= self._open_limit:
                if not unused:
                    raise TooManyMirrors(
                        f"{len(opened)} bases are in use as local copies, the most there may be."
                    )
                await unused[0].rest()
            await asyncio.to_thread(_remove_oldest, self._folder, self._file_limit, wanted.path)

    async def _put_to_rest(self) -> None:
        clock = self._keeping.clock
        while True:
            await clock.sleep(min(_REST_CHECK_SECONDS, self._idle_seconds))
            for mirror in self._mirrors.values():
                is_idle = not mirror.is_used and clock.now() - mirror.used_at >= self._idle_seconds
                if mirror.is_open and is_idle:
                    await mirror.rest()


def _key(endpoint: Endpoint, base_id: str, tables: Collection[str]) -> str:
    """Names the file: who may see something else has another one, and the name tells nobody a token."""
    folded = sorted(table.strip().casefold() for table in tables)
    parts = [endpoint.name or endpoint.url, endpoint.token, base_id, *folded]
    return f"{base_id}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}"


def _remove_oldest(folder: Path, limit: int, wanted: Path) -> None:
    """Leave room for one more file; one that any process has open stays."""
    from filelock import FileLock, Timeout

    if wanted.exists() or not folder.exists():
        return
    files = sorted(folder.glob("*.db"), key=lambda path: path.stat().st_mtime)
    for path in files[: max(0, len(files) + 1 - limit)]:
        lock = FileLock(path.with_name(f"{path.name}.lock"))
        with suppress(Timeout, OSError), lock.acquire(timeout=0):
            for name in ("", "-wal", "-shm"):
                path.with_name(path.name + name).unlink(missing_ok=True)
