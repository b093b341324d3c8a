"""One of the processes of the soak: it calls for some seconds and prints, as JSON, what it was answered."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from airtable_gateway import AirtableError, Gateway, OutcomeUnknown, RecordChange, RecordQuery
from pyairtable_app.settings import Settings
from pyairtable_app.wiring import Wiring

Answers = dict[str, list[Any]]

READERS = 6
"""Calls that wait at a time in each process, so that a turn is never left unused."""


async def main() -> None:
    """Do the work that the arguments name: `pace` or `faults`, for so many seconds."""
    work, name, base, seconds = sys.argv[1:5]
    answers: Answers = {"name": [name], "failures": []}
    wiring = Wiring(Settings.from_env(os.environ))
    async with wiring.running():
        await wiring.gateway.schema(base)
        print("ready", flush=True)
        until = time.monotonic() + float(seconds)
        await {"pace": _read, "faults": _write}[work](wiring.gateway, base, name, until, answers)
    print(json.dumps(answers))


async def _read(gateway: Gateway, base: str, name: str, until: float, answers: Answers) -> None:
    async def read(reader: int) -> None:
        number = 0
        while time.monotonic() < until:
            number += 1
            query = RecordQuery(filter_by_formula=f'{{Title}}="{name} {reader} {number}"')
            await _noted(answers, "reads", number, gateway.page(base, "Plain", query))

    await asyncio.gather(*(read(reader) for reader in range(READERS)))


async def _write(gateway: Gateway, base: str, name: str, until: float, answers: Answers) -> None:
    """Every kind of write, each in a loop of its own."""
    writer = _Writer(gateway, base, name, answers)
    record_id = await writer.create("Marked", "changed_record", f"{name} changed")

    async def loop(step: Callable[[int], Awaitable[object]]) -> None:
        number = 0
        while time.monotonic() < until:
            number += 1
            await step(number)

    await asyncio.gather(
        loop(lambda number: writer.update(record_id, number)),
        loop(writer.upsert),
        loop(writer.delete),
        loop(lambda _: writer.create("Marked", "marked", "marked")),
        loop(lambda number: writer.create("Plain", "distinct", f"{name} distinct {number}")),
        loop(lambda _: writer.create("Plain", "identical", "identical")),
        loop(lambda _: writer.create("Plain", "identical", "identical")),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """The writes of one process, whose answers are taken down."""

    gateway: Gateway
    base: str
    name: str
    answers: Answers

    async def update(self, record_id: str, number: int) -> None:
        """Give the record another title."""
        change = RecordChange(record_id, {"Title": f"{self.name} changed {number}"})
        call = self.gateway.update(self.base, "Marked", [change])
        await _noted(self.answers, "updates", number, call)

    async def upsert(self, number: int) -> None:
        """Make a record by its title."""
        row = {"Title": f"{self.name} upserted {number}", "Amount": number}
        call = self.gateway.upsert(self.base, "Plain", [row], merge_on=["Title"])
        await _noted(self.answers, "upserts", row["Title"], call)

    async def delete(self, number: int) -> None:
        """Make a record and delete it."""
        title = f"{self.name} deleted {number}"
        record_id = await self.create("Marked", "made", title)
        if record_id:
            call = self.gateway.delete(self.base, "Marked", [record_id])
            await _noted(self.answers, "deletes", title, call)

    async def create(self, table: str, kind: str, title: str) -> str:
        """The id of a new record, "" when it is unknown."""
        call = self.gateway.create(self.base, table, [{"Title": title}])
        created = await _noted(self.answers, kind, title, call)
        if not created:
            return ""
        self.answers.setdefault(f"{kind}_ids", []).append(created[0].id)
        return str(created[0].id)


async def _noted(answers: Answers, kind: str, what: object, call: Awaitable[Any]) -> Any:
    """What the call gives, taken down under its kind; None when it failed or its outcome is unknown."""
    try:
        answer = await call
    except OutcomeUnknown:
        answers.setdefault(f"{kind}_unknown", []).append(what)
    except AirtableError as error:
        answers["failures"].append(f"{kind} {what}: {type(error).__name__} {error}")
    else:
        answers.setdefault(kind, []).append(what)
        return answer
    return None


if __name__ == "__main__":
    asyncio.run(main())
