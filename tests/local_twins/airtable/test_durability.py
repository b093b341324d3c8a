"""A killed process loses nothing that it acknowledged, does nothing twice, and computes as before.

TWIN_KILLS sets how often it is killed (`make soak-twin`), TWIN_SEED when.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests

from local_twins.airtable import Store, import_document

BASE = "appShop0000000000"
ORDERS = [f"recOrder00000000{number}" for number in range(1, 4)]
KILLS = int(os.environ.get("TWIN_KILLS", "3"))
SEED = int(os.environ.get("TWIN_SEED", "1"))
WRITERS = 3
HEADERS = {"Authorization": "Bearer patTest"}
SERVER = """
import sys, time
from local_twins.airtable import AnyToken, Store, TwinServer, create_app
server = TwinServer(create_app(Store.open(sys.argv[1]), tokens=AnyToken()))
print(server.start(), flush=True)
time.sleep(600)
"""
DOCUMENT: dict[str, Any] = {
    "bases": [
        {
            "id": BASE,
            "name": "Shop",
            "tables": [
                {
                    "name": "Orders",
                    "fields": [
                        {"name": "Code", "type": "singleLineText"},
                        {
                            "name": "Lines",
                            "type": "multipleRecordLinks",
                            "options": {"linkedTableId": "Lines"},
                        },
                        {
                            "name": "Total",
                            "type": "rollup",
                            "options": {
                                "recordLinkFieldId": "Lines",
                                "fieldIdInLinkedTable": "Twice",
                                "formula": "SUM(values)",
                            },
                        },
                    ],
                },
                {
                    "name": "Lines",
                    "fields": [
                        {"name": "Item", "type": "singleLineText"},
                        {"name": "Amount", "type": "number", "options": {"precision": 0}},
                        {"name": "Twice", "type": "formula", "options": {"formula": "{Amount} * 2"}},
                    ],
                },
            ],
            "records": {"Orders": [{"id": order, "fields": {"Code": order[-1]}} for order in ORDERS]},
        }
    ]
}


class Writer(threading.Thread):
    """Creates, moves and deletes lines of its own until the server is gone, and keeps what was acknowledged.

    `uncertain` is the one write that the kill may have cut off: the marks that it would have made or taken.
    """

    def __init__(self, url: str, name: str, seed: int) -> None:
        super().__init__(name=name)
        self.url = f"{url}/v0/{BASE}/Lines"
        self.random = Random(seed)
        self.session = requests.Session()
        self.session.headers.update(HEADERS)
        self.acknowledged: dict[str, tuple[str, int]] = {}
        self.gone: set[str] = set()
        self.uncertain: set[str] = set()
        self.stopped = threading.Event()

    def run(self) -> None:
        number = 0
        try:
            while not self.stopped.is_set():
                number += 1
                self.write(number)
        except requests.RequestException:
            pass  # the server is gone
        finally:
            self.session.close()

    def write(self, number: int) -> None:
        """One write; what it is to change is uncertain until it is acknowledged."""
        if number % 4 == 0 and self.acknowledged:
            self.change()
            return
        marks = [f"{self.name}-{number}-{place}" for place in range(self.random.randint(1, 3))]
        self.uncertain = set(marks)
        fields = [self.line(mark) for mark in marks]
        answer = self.session.post(
            self.url, json={"records": [{"fields": one} for one in fields]}, timeout=10
        )
        answer.raise_for_status()
        for mark, record in zip(marks, answer.json()["records"], strict=True):
            self.acknowledged[mark] = (record["id"], record["fields"]["Amount"])
        self.uncertain = set()

    def change(self) -> None:
        mark, (record, _) = self.random.choice(sorted(self.acknowledged.items()))
        self.uncertain = {mark}
        if self.random.random() < 0.5:
            self.session.delete(f"{self.url}/{record}", timeout=10).raise_for_status()
            del self.acknowledged[mark]
            self.gone.add(mark)
        else:
            fields = self.line(mark)
            self.session.patch(f"{self.url}/{record}", json={"fields": fields}, timeout=10).raise_for_status()
            self.acknowledged[mark] = (record, fields["Amount"])
        self.uncertain = set()

    def line(self, mark: str) -> dict[str, Any]:
        order = self.random.choice(ORDERS)
        return {"Item": mark, "Amount": self.random.randint(1, 9), "Orders": [order]}


@contextmanager
def served(database: Path) -> Iterator[tuple[int, str]]:
    """The database in a process of its own: its id and its address."""
    command = [sys.executable, "-c", SERVER, str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.pid, server.stdout.readline().strip()
        finally:
            server.kill()


def records(url: str, table: str) -> list[dict[str, Any]]:
    """All records of a table."""
    found, offset = [], ""
    while offset is not None:
        asked = {"offset": offset}
        page = requests.get(f"{url}/v0/{BASE}/{table}", params=asked, headers=HEADERS, timeout=10).json()
        found += page["records"]
        offset = page.get("offset")
    return found


def test_killed_at_random_under_write_load_it_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    database, random = tmp_path / "airtable.db", Random(SEED)
    with Store.open(database) as store:
        import_document(store, DOCUMENT)
    expected: dict[str, tuple[str, int]] = {}
    writers: list[Writer] = []

    for kill in range(KILLS + 1):
        with served(database) as (process, url):
            expected |= judged(writers, records(url, "Lines"), records(url, "Orders"), expected)
            if kill == KILLS:
                break
            seeds = [random.randrange(10**9) for _ in range(WRITERS)]
            writers = [Writer(url, f"{kill}.{place}", seed) for place, seed in enumerate(seeds)]
            for writer in writers:
                writer.start()
            time.sleep(random.uniform(0.05, 0.6))  # the moment of the kill is what is tried
            os.kill(process, signal.SIGKILL)
            for writer in writers:
                writer.stopped.set()
                writer.join()

    assert len(expected) > KILLS


def judged(
    writers: list[Writer],
    lines: list[dict[str, Any]],
    orders: list[dict[str, Any]],
    before: dict[str, tuple[str, int]],
) -> dict[str, tuple[str, int]]:
    """Hold what is on the disk against what was acknowledged; the lines of these writers that are there."""
    found = {line["fields"]["Item"]: line for line in lines}
    marks = Counter(line["fields"]["Item"] for line in lines)
    assert [mark for mark, times in marks.items() if times > 1] == []
    acknowledged = before | {key: value for writer in writers for key, value in writer.acknowledged.items()}
    uncertain = {mark for writer in writers for mark in writer.uncertain}
    for mark in acknowledged.keys() - uncertain:
        record, amount = acknowledged[mark]
        assert (found[mark]["id"], found[mark]["fields"]["Amount"]) == (record, amount)
    assert found.keys() - acknowledged.keys() <= uncertain
    assert not {mark for writer in writers for mark in writer.gone} & found.keys()
    whole_batches(writers, found)
    computed_right(lines, orders)
    return {mark: (line["id"], line["fields"]["Amount"]) for mark, line in found.items()}


def whole_batches(writers: list[Writer], found: dict[str, Any]) -> None:
    """A batch that was cut off is there as a whole or not at all."""
    for writer in writers:
        created = writer.uncertain - writer.acknowledged.keys() - writer.gone
        assert created & found.keys() in (set(), created)


def computed_right(lines: list[dict[str, Any]], orders: list[dict[str, Any]]) -> None:
    """Formulas of lines, both sides of links, and rollups over them."""
    amounts = {line["id"]: line["fields"]["Amount"] for line in lines}
    for line in lines:
        assert line["fields"]["Twice"] == 2 * line["fields"]["Amount"]
    for order in orders:
        linked = order["fields"].get("Lines", [])
        assert set(linked) == {line["id"] for line in lines if line["fields"]["Orders"] == [order["id"]]}
        assert order["fields"]["Total"] == sum(2 * amounts[line] for line in linked)


def test_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "bases.db"
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")

    with pytest.raises(sqlite3.DatabaseError, match="newer version: schema 99"):
        Store.open(path)
