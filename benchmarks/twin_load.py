"""The local Airtable under load: 50,000 records of ten plain fields, one server process, synchronous=FULL.

`twin_load.py FLIGHTS` measures the import of a whole year of flights besides, from the file that
`scripts/make_flights.py --full` makes.
"""

import json
import random
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from load_client import Connection, milliseconds, rate, request

COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))
BARE = Path(__file__).with_name("bare_route.py")
RECORDS = 50_000
BASE, TABLE = "appLoad0000000000", "tblLoad0000000000"
ROUNDS = 5
ISO = {"name": "iso", "format": "YYYY-MM-DD"}
FIELDS: list[dict[str, Any]] = [
    {"name": "Name", "type": "singleLineText"},
    {"name": "Notes", "type": "multilineText"},
    {"name": "Amount", "type": "number", "options": {"precision": 2}},
    {"name": "Price", "type": "currency", "options": {"precision": 2, "symbol": "$"}},
    {"name": "Share", "type": "percent", "options": {"precision": 1}},
    {"name": "Done", "type": "checkbox", "options": {"icon": "check", "color": "greenBright"}},
    {"name": "Status", "type": "singleSelect", "options": {"choices": [{"name": "Todo"}, {"name": "Done"}]}},
    {"name": "Day", "type": "date", "options": {"dateFormat": ISO}},
    {"name": "Email", "type": "email"},
    {"name": "Stars", "type": "rating", "options": {"max": 5, "icon": "star", "color": "yellowBright"}},
]
FILTERS = {
    "number": "{Amount} > 900",
    "text": 'FIND("ab", {Name})',
    "logic": 'AND({Status} = "Done", {Stars} >= 4, NOT({Done}))',
    "date": "IS_AFTER({Day}, DATETIME_PARSE('2026-10-01'))",
    "mixed": 'OR({Price} * {Share} > 450, LOWER(LEFT({Email}, 2)) = "zz")',
}


def record(rng: random.Random) -> dict[str, Any]:
    """The cells of a record, none of them empty but for an open checkbox."""
    word = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=12))
    cells = {
        "Name": word,
        "Notes": f"{word} {word[::-1]}\n" * 2,
        "Amount": round(rng.uniform(0, 1000), 2),
        "Price": round(rng.uniform(0, 1000), 2),
        "Share": round(rng.random(), 3),
        "Status": rng.choice(("Todo", "Done")),
        "Day": f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "Email": f"{word}@example.com",
        "Stars": rng.randint(1, 5),
    }
    return cells | ({"Done": True} if rng.random() < 0.5 else {})


def document(rng: random.Random) -> dict[str, Any]:
    """The base in import format."""
    table = {"id": TABLE, "name": "Load", "fields": FIELDS}
    records = [{"id": f"recLoad{place:010}", "fields": record(rng)} for place in range(RECORDS)]
    return {"bases": [{"id": BASE, "name": "Load", "tables": [table], "records": {TABLE: records}}]}


@contextmanager
def started(command: list[str], url: str = "") -> Iterator[str]:
    """A server process; its address is `url`, or what it prints."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        line = "" if url else server.stdout.readline()
        address = url or next(word for word in line.split() if word.startswith("http")).split("/v0")[0]
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            Connection(address).__exit__()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"{address} does not answer")


def report(what: str, measured: float, unit: str, limit: str = "") -> None:
    """One line of the result."""
    print(f"  {what:<44} {measured:>9,.2f} {unit:<12} {limit}")


def measure(url: str, folder: Path, rng: random.Random) -> None:
    """Read, list, filter and write."""
    single = request("GET", f"{BASE}/{TABLE}/recLoad0000012345")
    _reading(url, single, folder)
    with Connection(url) as connection:
        _listing(connection)
        _filtering(connection)
        _writing(connection, rng)


def _reading(url: str, single: bytes, folder: Path) -> None:
    answer = folder / "record.json"
    with Connection(url) as connection:
        connection.send(single)
        answer.write_bytes(connection.receive())
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    bare_url = f"http://127.0.0.1:{port}"
    with started([sys.executable, str(BARE), str(answer), str(port)], bare_url):
        requests = [request("GET", f"{BASE}/{TABLE}/recLoad{n * 7 % RECORDS:010}") for n in range(2000)]
        first = rate(url, requests)
        rounds = [(rate(bare_url, requests), rate(url, requests)) for _ in range(ROUNDS)]
    bare, twin = (statistics.median(column) for column in zip(*rounds, strict=True))
    report("read one record, bare Starlette route", bare, "a second")
    report("read one record for the first time, twin", first, "a second")
    report("read one record again, twin", twin, "a second")
    report("first time / bare", first / bare, "")
    report("twin / bare", statistics.median(ours / theirs for theirs, ours in rounds), "", ">= 0.6")


def _listing(connection: Connection) -> None:
    taken, offset = [], ""
    for _ in range(200):
        asked = request("GET", f"{BASE}/{TABLE}?pageSize=100" + (f"&offset={offset}" if offset else ""))
        began = time.perf_counter()
        connection.send(asked)
        body = connection.receive()
        taken.append((time.perf_counter() - began) * 1000)
        offset = json.loads(body).get("offset", "")
    report("page of 100, p50", statistics.median(taken), "ms", "<= 4 ms")


def _filtering(connection: Connection) -> None:
    for name, text in FILTERS.items():
        asked = request("GET", f"{BASE}/{TABLE}?filterByFormula={quote(text)}")
        taken = milliseconds(connection, [asked] * 7)
        report(f"filter over all, {name}, p50", statistics.median(taken), "ms", "<= 300 ms")


def _writing(connection: Connection, rng: random.Random) -> None:
    tens = [
        request("POST", f"{BASE}/{TABLE}", {"records": [{"fields": record(rng)} for _ in range(10)]})
        for _ in range(200)
    ]
    report("create ten, p50", statistics.median(milliseconds(connection, tens)), "ms", "<= 6 ms")
    ones = [
        request("PATCH", f"{BASE}/{TABLE}/recLoad{n:010}", {"fields": {"Amount": n / 4}}) for n in range(200)
    ]
    report("update one, p50", statistics.median(milliseconds(connection, ones)), "ms")
    merged = [
        request(
            "PATCH",
            f"{BASE}/{TABLE}",
            {
                "performUpsert": {"fieldsToMergeOn": ["Name"]},
                "records": [{"fields": {"Name": f"new{n % 5}", "Amount": n}}],
            },
        )
        for n in range(30)
    ]
    report("upsert one, p50", statistics.median(milliseconds(connection, merged)), "ms")


def main() -> None:
    """Print what was measured, and what ought to hold."""
    rng = random.Random(50)
    print(f"The local Airtable, {RECORDS:,} records of {len(FIELDS)} fields, one server process:")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "load.json"
        source.write_text(json.dumps(document(rng)), encoding="utf-8")
        command = [COMMAND, "twin", "airtable", "--port", "0", "--db", str(folder / "load.db")]
        with started([*command, "--import", str(source)]) as url:
            measure(url, folder, rng)
        if len(sys.argv) > 1:
            flights(Path(sys.argv[1]), folder)


def flights(source: Path, folder: Path) -> None:
    """Import a year of flights, and create some that a rollup over 58,000 links depends on."""
    print("NYC Flights 2013, the whole year, with links, lookups and rollups:")
    command = [COMMAND, "twin", "airtable", "--port", "0", "--db", str(folder / "flights.db")]
    began = time.perf_counter()
    with started([*command, "--import", str(source)]) as url, Connection(url) as connection:
        report("import", time.perf_counter() - began, "s", "<= 90 s")
        base = connection.ask(request("GET", "meta/bases"))["bases"][0]["id"]
        united = quote('{Code} = "UA"')
        airline = connection.ask(request("GET", f"{base}/Airlines?filterByFormula={united}"))["records"][0]
        report("links that its rollups gather", airline["fields"]["Flight count"], "")
        created = [
            request("POST", f"{base}/Flights", {"fields": {"Airline": [airline["id"]], "Departure delay": n}})
            for n in range(5)
        ]
        report(
            "create one flight of that airline, p50",
            statistics.median(milliseconds(connection, created)),
            "ms",
        )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    report("peak memory of that process", peak, "MB", "<= 600 MB")


if __name__ == "__main__":
    main()
