"""A copy of 50,000 records brought up to date after 100 changes: at most a second of the mirror's own time.

Its own time is what passes while it does not wait for the gateway: the twin's share is not the mirror's.
Then questions in SQL: the first one starts DuckDB's process and loads the table, later ones what changed.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from airtable_gateway import Endpoint, FixedEndpoint, QueryLimits, RecordChange
from airtable_gateway.mirror.mirror import Mirror
from airtable_gateway.mirror.querying.asking import Asking
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document

RECORDS, CHANGES, LIMIT_SECONDS = 50_000, 100, 1.0

_BASE, _TABLE = "appBenchBenchBen1", "tblBenchBenchBen1"


class Timed:
    """A gateway that adds up how long it was waited for."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.seconds = 0.0
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        async def timed(*arguments: Any, **options: Any) -> Any:
            began = time.perf_counter()
            try:
                return await method(*arguments, **options)
            finally:
                self.seconds += time.perf_counter() - began
                self.calls += 1

        return timed


def _document() -> dict[str, Any]:
    fields = [
        {"id": "fldBenchBenchBen1", "name": "Name", "type": "singleLineText"},
        {"id": "fldBenchBenchBen2", "name": "Amount", "type": "number", "options": {"precision": 0}},
        {"id": "fldBenchBenchBen3", "name": "Notes", "type": "multilineText"},
        {
            "id": "fldBenchBenchBen4",
            "name": "Double",
            "type": "formula",
            "options": {"formula": "{Amount} * 2"},
        },
    ]
    table = {"id": _TABLE, "name": "Rows", "primaryFieldId": fields[0]["id"], "fields": fields}
    records = [
        {
            "id": f"rec{number:014}",
            "createdTime": "2026-01-01T00:00:00.000Z",
            "fields": {"Name": f"Row {number}", "Amount": number, "Notes": f"Some notes of row {number}."},
        }
        for number in range(RECORDS)
    ]
    base = {"id": _BASE, "name": "Bench", "workspaceId": "wspBenchBenchBen1", "tables": [table]}
    return {"users": [], "bases": [base | {"records": {_TABLE: records}}]}


async def _measure(url: str, folder: Path) -> None:
    endpoint = FixedEndpoint(Endpoint(url, "patBench"))
    async with PyAirtableGateway(endpoint, rate_limit=None) as gateway:
        timed = Timed(gateway)
        async with Mirror(timed, _BASE, folder / "mirror.db") as mirror:
            await _timed_refresh(f"the first copy of {RECORDS} records", mirror, timed)
            for start in range(0, CHANGES, 10):
                # Spread over the table, as people's changes are.
                ids = [f"rec{(start + n) * (RECORDS // CHANGES):014}" for n in range(10)]
                await gateway.update(_BASE, _TABLE, [RecordChange(key, {"Amount": -1}) for key in ids])
            own = await _timed_refresh(f"after {CHANGES} changes", mirror, timed)
            changed = await _asked(mirror, timed, folder / "mirror.db")
    if changed != CHANGES:
        raise SystemExit(f"{changed} changes in the copy, {CHANGES} were made")
    verdict = "holds" if own <= LIMIT_SECONDS else "DOES NOT HOLD"
    print(f"own time after {CHANGES} changes <= {LIMIT_SECONDS} s: {verdict}")


async def _asked(mirror: Mirror, gateway: Any, path: Path) -> int:
    """How many changes DuckDB finds."""
    asking = Asking(path)
    try:
        for what in ("the first question", "the same again", "another one"):
            changed = await _timed_question(what, asking)
        await gateway.update(
            _BASE, _TABLE, [RecordChange(f"rec{n:014}", {"Notes": "new"}) for n in range(10)]
        )
        await mirror.refresh()
        await _timed_question("one after ten more changes", asking)
    finally:
        await asking.close()
    return changed


async def _timed_question(what: str, asking: Asking) -> int:
    began = time.perf_counter()
    answer = await asking.ask("SELECT count(*) FILTER (Amount = -1), avg(Double) FROM Rows", QueryLimits())
    print(f"{what:38} {time.perf_counter() - began:8.3f} s")
    return int(answer.rows[0][0])


async def _timed_refresh(what: str, mirror: Mirror, timed: Timed) -> float:
    timed.seconds, timed.calls = 0.0, 0
    began = time.perf_counter()
    await mirror.refresh()
    whole = time.perf_counter() - began
    own = whole - timed.seconds
    print(f"{what:38} {whole:8.3f} s, its own {own:8.3f} s, {timed.calls} calls")
    return own


def main() -> None:
    """Print the measurement."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "twin.db") as store:
        import_document(store, _document())
        with TwinServer(create_app(store, tokens=AnyToken())) as url:
            asyncio.run(_measure(url, Path(folder)))


if __name__ == "__main__":
    main()
