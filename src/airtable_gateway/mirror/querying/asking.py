"""Our side of the process that answers questions: started when one is asked, ended when it takes too long."""

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import airtable_gateway
from airtable_gateway.mirror import errors
from airtable_gateway.mirror.errors import (
    MirrorError,
    MirrorUnusable,
    QueryRefused,
    QueryTooLarge,
    QueryTooSlow,
)
from airtable_gateway.mirror.port import QueryAnswer, QueryLimits

_START_SECONDS = 30.0
_LOAD_SECONDS = 60.0
"""How long its tables may take to be loaded, before the question's own time begins."""
_GRACE_SECONDS = 1.0
"""After its time the question is interrupted; some functions of DuckDB do not heed that."""
_LONGEST_LINE = 64 * 2**20

# Isolated (-I): neither the environment nor the folder that it is started in says what is imported.
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from airtable_gateway.mirror.querying.worker import main; main(sys.argv[2])"
)
_HOME = Path(airtable_gateway.__file__).parent.parent


class Asking:
    """Puts questions to the copy in the file `path`, one after the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process, None when there is none."""
        return self._process.pid if self._process is not None else None

    async def ask(self, statement: str, limits: QueryLimits) -> QueryAnswer:
        """The answer. Raises QueryRefused, MirrorNotReady, MirrorUnusable."""
        async with self._turn:
            try:
                told = await self._exchange(statement, limits)
            except BaseException:
                # It may still be at work for somebody who waits no longer.
                await self._end()
                raise
        if "error" in told:
            raise _error(told)
        return QueryAnswer(
            [(name, type) for name, type in told["columns"]], told["rows"], is_cut=told["is_cut"]
        )

    async def close(self) -> None:
        """End the process."""
        async with self._turn:
            await self._end()

    async def _exchange(self, statement: str, limits: QueryLimits) -> dict[str, Any]:
        process = await self._started()
        question = json.dumps({"statement": statement, "limits": asdict(limits)}) + "\n"
        try:
            assert process.stdin is not None  # noqa: S101 - it was started with a pipe
            process.stdin.write(question.encode())
            await process.stdin.drain()
        except OSError as error:
            raise MirrorUnusable("The process that answers questions has ended.") from error
        try:
            told = await self._line(process, _LOAD_SECONDS)
        except TimeoutError as error:
            raise QueryRefused(
                f"The tables could not be loaded in {_LOAD_SECONDS:g} s.", hint="Name fewer tables."
            ) from error
        if isinstance(told, dict):
            return told
        try:
            answer: dict[str, Any] = await self._line(process, limits.seconds + _GRACE_SECONDS)
        except TimeoutError as error:
            raise QueryTooSlow(f"The answer took longer than {limits.seconds:g} s.") from error
        return answer

    async def _line(self, process: asyncio.subprocess.Process, seconds: float) -> Any:
        """What it says next. Raises TimeoutError, and QueryTooLarge when it has ended."""
        assert process.stdout is not None  # noqa: S101 - it was started with a pipe
        async with asyncio.timeout(seconds):
            line = await process.stdout.readline()
        if not line:
            raise QueryTooLarge("The process that computed the answer has ended, as for lack of memory.")
        return json.loads(line)

    async def _started(self) -> asyncio.subprocess.Process:
        """The process, made if there is none. Raises MirrorUnusable."""
        if self._process is not None and self._process.returncode is None:
            return self._process
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-c",
            _START,
            str(_HOME),
            str(self._path.absolute()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=None if sys.platform == "win32" else {},
            limit=_LONGEST_LINE,
        )
        try:
            told = await self._line(self._process, _START_SECONDS)
        except (TimeoutError, QueryTooLarge) as error:
            raise MirrorUnusable("The process that answers questions did not start.") from error
        if isinstance(told, dict):
            raise _error(told)
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _error(told: Mapping[str, Any]) -> MirrorError:
    """The error that the process tells of."""
    kind: type[MirrorError] = getattr(errors, told["error"])
    return kind(told["message"], hint=told["hint"])
