"""The process that answers questions to one copy: a line of JSON in, "ready", a line of JSON out.

It has no environment, opens no file but the copy, may write none, and has a limit of memory where the system
knows one. Who started it ends it when a question takes too long.
"""

import json
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from airtable_gateway.mirror.errors import MirrorError, MirrorUnusable, QueryRefused, QueryTooLarge
from airtable_gateway.mirror.port import QueryLimits
from airtable_gateway.mirror.querying.answering import MEMORY, Answering, open_duckdb

READY = "ready"
INSTALL = "SQL needs the package duckdb: install pyairtable-mcp[sql]."

_ORPHAN_SECONDS = 5.0
_ADDRESS_SPACE = 3 * 2**30
"""Bytes that the process may reserve; what DuckDB's own limit does not count is bounded by this."""


def main(path: str) -> None:
    """Answer until the input ends."""
    _limit_resources()
    answers = _sole_output()

    def say(value: Any) -> None:
        answers.write(json.dumps(value) + "\n")
        answers.flush()

    try:
        answering = Answering(Path(path), open_duckdb())
    except Exception as error:  # noqa: BLE001 - whatever it is, who started this must read it
        say(_refused(MirrorUnusable(f"DuckDB does not start: {error}.", hint=INSTALL)))
        return
    say(READY)
    for line in sys.stdin:
        say(_told(answering, json.loads(line), say))


def _told(answering: Answering, question: dict[str, Any], say: Callable[[Any], None]) -> dict[str, Any]:
    """The answer, or what stood in its way; "ready" is said when its own time begins."""
    try:
        statement = answering.prepare(question["statement"])
        say(READY)
        limits = QueryLimits(**question["limits"])
        with _ended_after(limits.seconds + _ORPHAN_SECONDS):
            return asdict(answering.answer(statement, limits))
    except MirrorError as error:
        return _refused(error)
    except MemoryError:
        return _refused(QueryTooLarge(f"The question needs more than {MEMORY} of memory."))
    except sqlite3.Error as error:
        return _refused(MirrorUnusable(f"The local copy cannot be read: {error}."))
    except Exception as error:  # noqa: BLE001 - no statement may end the process that others ask too
        return _refused(QueryRefused(f"The statement cannot be answered: {type(error).__name__}: {error}."))


@contextmanager
def _ended_after(seconds: float) -> Iterator[None]:
    """End this process when it takes longer: who started it would have, and is gone itself."""
    timer = threading.Timer(seconds, os._exit, [1])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _refused(error: MirrorError) -> dict[str, Any]:
    return {"error": type(error).__name__, "message": error.message, "hint": error.hint}


def _sole_output() -> TextIO:
    """Standard output for us alone: what a library prints must not stand between the answers."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - no path of ours
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return answers


def _limit_resources() -> None:
    if sys.platform == "win32":
        return
    import resource

    _lower(resource.RLIMIT_AS, _ADDRESS_SPACE)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(kind: int, wanted: int) -> None:
    import resource

    _, most = resource.getrlimit(kind)
    limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    # macOS refuses some limits; who started this process watches it in any case.
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (limit, limit))
