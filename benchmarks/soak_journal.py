"""kill -9 of a process that writes: afterwards its journal and the data agree.

    python benchmarks/soak_journal.py ROUNDS

Each round starts a gateway in a process of its own, lets it write from eight tasks, and kills it at a random
moment. The next one settles what was left and writes on. At the end every write that never came back is asked
for again under its key, as a client would, and the journal is held against the base.
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import requests

from airtable_gateway import (
    AirtableError,
    Author,
    Change,
    Endpoint,
    FixedEndpoint,
    JournaledGateway,
    RecordChange,
)
from airtable_gateway.journal.sqlite import SqliteJournal
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, TwinServer, create_app

_TOKEN = "patSoakSoakSoak.0123456789"
_TASKS = 8
_ORDERS = {
    "name": "Orders",
    "fields": [
        {"name": "Title", "type": "singleLineText"},
        {"name": "Amount", "type": "number", "options": {"precision": 0}},
    ],
}


def _gateway(url: str, journal: Path) -> JournaledGateway:
    kept = SqliteJournal(journal, sender_waits_for_disk=True)
    ports = Ports(before_write=kept.bring_to_disk)
    inner = PyAirtableGateway(FixedEndpoint(Endpoint(url, _TOKEN)), rate_limit=None, ports=ports)
    return JournaledGateway(inner, kept, settling_seconds=0.5)


def _say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


async def _write_on(url: str, journal: Path, base: str, seed: str) -> None:
    """Settle what was left, then write until the end, telling of each write before and after."""
    async with _gateway(url, journal) as gateway:
        await gateway.settled()
        _say(ready=True)
        await asyncio.gather(*(_task(gateway, base, f"{seed}-{task}") for task in range(_TASKS)))


async def _task(gateway: JournaledGateway, base: str, name: str) -> None:
    dice = random.Random(name)
    own: list[str] = []
    for number in range(10_000):
        key = f"{name}-{number}"
        what = dice.choice(["create", "create", "update", "delete", "upsert"]) if own else "create"
        target = dice.choice(own) if own else ""
        if what == "delete":
            own.remove(target)
        _say(key=key, what=what, target=target)
        made = await perform(gateway, base, key, what, target)
        _say(key=key, done=made)
        own += made if what != "update" else []


async def perform(gateway: JournaledGateway, base: str, key: str, what: str, target: str) -> list[str]:
    """One write under its key, the same for the same arguments; the ids of the records that it made."""
    signed = gateway.signed(Author("soak", "soak", key))
    amount = sum(key.encode()) * 1000 + int(key.rpartition("-")[2])
    match what:
        case "create":
            rows = [{"Title": f"{key}/{n}", "Amount": amount} for n in range(1 + amount % 3)]
            return [record.id for record in await signed.create(base, "Orders", rows)]
        case "update":
            await signed.update(base, "Orders", [RecordChange(target, {"Amount": amount})])
            return [target]
        case "upsert":
            rows = [{"Title": f"{key}/u", "Amount": amount}]
            return list((await signed.upsert(base, "Orders", rows, merge_on=["Title"])).created_ids)
        case _:
            await signed.delete(base, "Orders", [target])
            return []


class Soak:
    """The twin, the journal's file, and what the killed processes had said."""

    def __init__(self, url: str, base: str, journal: Path) -> None:
        self._url, self._base, self._journal = url, base, journal
        self.asked: dict[str, dict[str, Any]] = {}
        self.acknowledged: dict[str, list[str]] = {}

    def round(self, number: int) -> None:
        """One process, killed up to a second after its first write came back."""
        command = [
            sys.executable,
            __file__,
            "--write",
            self._url,
            str(self._journal),
            self._base,
            f"r{number}",
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == {"ready": True}
        while not self.acknowledged.keys() & self._heard(process.stdout.readline()):
            pass
        time.sleep(random.uniform(0.0, 1.0))
        os.kill(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
        for line in said.splitlines():
            # The last line may be cut short: the process was killed while it spoke.
            if line.endswith("}"):
                self._heard(line)

    def _heard(self, line: str) -> set[str]:
        """Note what the process said; the key that it spoke of."""
        told = json.loads(line)
        if "done" in told:
            self.acknowledged[told["key"]] = told["done"]
        else:
            self.asked[told["key"]] = told
        return {told["key"]}

    async def check(self) -> dict[str, int]:
        """Hold the journal against the base. Raises AssertionError."""
        async with _gateway(self._url, self._journal) as gateway:
            await gateway.settled()
            changes = await _all_changes(gateway)
            left = [change for change in changes if change.state == "intended"]
            assert not left, f"without outcome: {left}"
            by_key = {change.author.key: change for change in changes}
            for key in self.acknowledged:
                assert by_key[key].state == "applied", f"acknowledged and not applied: {by_key[key]}"
            _agree(changes, self._records())
            open_keys = [key for key in self.asked if key not in self.acknowledged]
            states = [by_key[key].state if key in by_key else "never begun" for key in open_keys]
            await self._ask_again(gateway, open_keys)
            changes = await _all_changes(gateway)
            _agree(changes, self._records())
            self._nothing_is_double(changes)
        counts = {f"open then {state}": states.count(state) for state in sorted(set(states))}
        return {"writes asked": len(self.asked), "acknowledged": len(self.acknowledged), **counts}

    async def _ask_again(self, gateway: JournaledGateway, keys: list[str]) -> None:
        """Each of them under its key; a target that a lost delete took is a refusal as good as any."""
        for key in keys:
            asked = self.asked[key]
            try:
                await perform(gateway, self._base, key, asked["what"], asked["target"])
            except AirtableError as error:
                if error.code not in {"record_not_found", "outcome_unknown"}:
                    raise

    def _nothing_is_double(self, changes: list[Change]) -> None:
        """No row that was asked for once is there twice, deleted ones counted as well."""
        made = [change for change in changes if change.state == "applied" and change.operation == "create"]
        keys = [change.author.key for change in made]
        assert len(keys) == len(set(keys)), "a key was executed twice"
        titles = [record["fields"]["Title"] for record in self._records().values()]
        assert len(titles) == len(set(titles)), "a record is there twice"

    def _records(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        offset = ""
        while True:
            answer = requests.get(
                f"{self._url}/v0/{self._base}/Orders",
                params={"offset": offset} if offset else {},
                headers={"Authorization": f"Bearer {_TOKEN}"},
                timeout=30,
            ).json()
            found |= {record["id"]: record for record in answer["records"]}
            offset = answer.get("offset", "")
            if not offset:
                return found


async def _all_changes(gateway: JournaledGateway) -> list[Change]:
    """All changes, the oldest first."""
    changes: list[Change] = []
    cursor = ""
    while True:
        page = await gateway.changes(limit=500, cursor=cursor)
        changes += page.changes
        cursor = page.cursor
        if not cursor:
            return changes[::-1]


def _agree(changes: list[Change], records: dict[str, dict[str, Any]]) -> None:
    """The journal, told from its beginning, tells what is in the base. Raises AssertionError."""
    told: dict[str, dict[str, Any]] = {}
    for change in changes:
        if change.state != "applied":
            continue
        for record_id, image in change.after.items():
            if image is None:
                told.pop(record_id, None)
            else:
                cells = {change.names[key]: value for key, value in image.fields.items()}
                told[record_id] = told.get(record_id, {}) | cells
    there = {record_id: record["fields"] for record_id, record in records.items()}
    different = {key: (told.get(key), there.get(key)) for key in told.keys() | there.keys()}
    different = {key: pair for key, pair in different.items() if pair[0] != pair[1]}
    assert not different, f"told and there: {different}"


def soak(rounds: int) -> dict[str, int]:
    """Kill so many processes, then check. Raises AssertionError."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(Path(folder) / "twin.db") as store,
        TwinServer(create_app(store, tokens=AnyToken())) as url,
    ):
        body = {"name": "Shop", "workspaceId": "wspSoakSoakSoak001", "tables": [_ORDERS]}
        bearer = {"Authorization": f"Bearer {_TOKEN}"}
        made = requests.post(f"{url}/v0/meta/bases", json=body, headers=bearer, timeout=30).json()
        run = Soak(url, made["id"], Path(folder) / "journal.db")
        for number in range(rounds):
            run.round(number)
        return asyncio.run(run.check())


def main(arguments: list[str]) -> None:
    """The soak, or one of its writing processes."""
    match arguments:
        case ["--write", url, journal, base, seed]:
            asyncio.run(_write_on(url, Path(journal), base, seed))
        case [rounds]:
            for name, count in soak(int(rounds)).items():
                print(f"{name:24} {count}")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
