"""Webhooks kept in a file, for the processes that share its folder."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from filelock import AsyncFileLock

from airtable_gateway.listening.hooks import Hook
from airtable_gateway.listening.sealing import Seal


class FileHooks:
    """See `Hooks`; secrets are sealed with `key`."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._seal = Seal(key)

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[None]:
        """See `Hooks.changing`."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        async with AsyncFileLock(self._path.with_suffix(".lock"), is_singleton=False):
            yield

    async def hook(self, base_id: str) -> Hook | None:
        """See `Hooks.hook`."""
        rows = await asyncio.to_thread(self._rows)
        return self._seal.hook(base_id, rows.get(base_id))

    async def keep(self, hook: Hook) -> None:
        """See `Hooks.keep`."""
        await asyncio.to_thread(self._keep, hook)

    def _keep(self, hook: Hook) -> None:
        self._write({**self._rows(), hook.base_id: self._seal.row(hook)})

    def _rows(self) -> dict[str, Any]:
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            # What cannot be read is made anew: a webhook whose secret is lost can be replaced.
            return {}
        return rows if isinstance(rows, dict) else {}

    def _write(self, rows: Mapping[str, Any]) -> None:
        """In one step, and for its owner alone: a reader never sees half of it."""
        draft = self._path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(rows, indent=1), encoding="utf-8")
        draft.replace(self._path)
