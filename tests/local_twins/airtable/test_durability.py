"""A killed process loses nothing that it acknowledged."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from local_twins.airtable import Store, create_app, export_document, import_document

BASE = "appShop0000000000"
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
                                "fieldIdInLinkedTable": "Amount",
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
                    ],
                },
            ],
            "records": {"Orders": [{"id": "recOrder000000001", "fields": {"Code": "O1"}}]},
        }
    ]
}


@pytest.mark.parametrize("acknowledged", [1, 7, 20])
def test_every_acknowledged_write_is_there_after_kill_9_with_its_rollup(
    tmp_path: Path, acknowledged: int
) -> None:
    database = tmp_path / "airtable.db"
    with Store.open(database) as store:
        import_document(store, DOCUMENT)

    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(database)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        written = [_write(url, amount) for amount in range(1, acknowledged + 1)]
        os.kill(server.pid, signal.SIGKILL)

    with Store.open(database) as store:
        base = export_document(store)["bases"][0]
        (order,), lines = base["records"].values()
        total = _total(store)
    assert [line["id"] for line in lines] == written
    assert order["fields"]["Lines"] == written
    assert total == sum(range(1, acknowledged + 1))


def _write(url: str, amount: int) -> str:
    fields = {"Item": "Pen", "Amount": amount, "Orders": ["recOrder000000001"]}
    headers = {"Authorization": "Bearer patTest"}
    answer = requests.post(f"{url}/v0/{BASE}/Lines", json={"fields": fields}, headers=headers, timeout=10)
    return str(answer.json()["id"])


def _total(store: Store) -> Any:
    from starlette.testclient import TestClient

    from local_twins.airtable import AnyToken

    client = TestClient(create_app(store, tokens=AnyToken()))
    answer = client.get(f"/v0/{BASE}/Orders", headers={"Authorization": "Bearer patTest"})
    return answer.json()["records"][0]["fields"]["Total"]


def test_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "bases.db"
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")

    with pytest.raises(sqlite3.DatabaseError, match="newer version: schema 99"):
        Store.open(path)
