"""The command `twin airtable`: served with faults, kept, brought back, and filled from another Airtable."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from local_twins.airtable import AnyToken, Store, TwinServer, create_app, export_document, import_document
from pyairtable_app.cli import main

BASE = "appTest0000000000"
ADA = {"id": "usrAda00000000000", "email": "ada@example.com", "name": "Ada"}


def link(name: str, table: str) -> dict[str, Any]:
    return {"name": name, "type": "multipleRecordLinks", "options": {"linkedTableId": table}}


DOCUMENT: dict[str, Any] = {
    "users": [ADA],
    "bases": [
        {
            "id": BASE,
            "name": "Work",
            "tables": [
                {
                    "name": "Tasks",
                    "fields": [
                        {"name": "Title", "type": "singleLineText"},
                        {"name": "Hours", "type": "number", "options": {"precision": 1}},
                        {"name": "Double", "type": "formula", "options": {"formula": "{Hours} * 2"}},
                        {"name": "State", "type": "singleSelect", "options": {"choices": [{"name": "Todo"}]}},
                        {"name": "Lead", "type": "singleCollaborator"},
                        {"name": "Notes", "type": "richText"},
                        {"name": "Files", "type": "multipleAttachments"},
                        {
                            "name": "Owner",
                            "type": "multipleRecordLinks",
                            "options": {"linkedTableId": "People"},
                        },
                        {
                            "name": "Owner name",
                            "type": "multipleLookupValues",
                            "options": {"recordLinkFieldId": "Owner", "fieldIdInLinkedTable": "Name"},
                        },
                        {"name": "Number", "type": "autoNumber"},
                        {"name": "Changed", "type": "lastModifiedTime"},
                    ],
                },
                {
                    "name": "People",
                    "fields": [
                        {"name": "Name", "type": "singleLineText"},
                        {
                            "name": "Tasks",
                            "type": "multipleRecordLinks",
                            "options": {"linkedTableId": "Tasks"},
                        },
                        {
                            "name": "Hours",
                            "type": "rollup",
                            "options": {
                                "recordLinkFieldId": "Tasks",
                                "fieldIdInLinkedTable": "Hours",
                                "formula": "SUM(values)",
                                "result": {"type": "number", "options": {"precision": 1}},
                            },
                        },
                    ],
                },
            ],
            "records": {
                "People": [{"id": f"recPerson000000{n:02}", "fields": {"Name": f"P{n}"}} for n in range(3)],
                "Tasks": [
                    {
                        "id": f"recTask000000{n:04}",
                        "createdTime": "2026-01-02T03:04:05.000Z",
                        "modifiedTime": "2026-02-03T04:05:06.000Z",
                        "number": n + 7,
                        "fields": {
                            "Title": f"T{n}",
                            "Hours": n / 2,
                            "State": "Todo",
                            "Lead": ADA,
                            "Notes": "**x**",
                            "Owner": [f"recPerson000000{(n * 2 + place) % 3:02}" for place in range(2)],
                        },
                    }
                    for n in range(120)
                ],
            },
        }
    ],
}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "bases.db"
    with Store.open(path) as store:
        import_document(store, DOCUMENT)
    return path


def exported(path: Path) -> Any:
    with Store.open(path) as store:
        return export_document(store)


def test_bases_are_kept_in_a_file_and_brought_back(database: Path, tmp_path: Path, capsys: Any) -> None:
    before = exported(database)
    main(["twin", "airtable", "--db", str(database), "snapshot", str(tmp_path / "kept.db")])
    database.unlink()

    main(["twin", "airtable", "restore", str(tmp_path / "kept.db"), "--db", str(database)])

    assert exported(database) == before
    assert "Brought back Work" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["snapshot", "bases.db"], "exists already"),
        (["restore", "nothing.db"], "nothing.db"),
        (["import", "--from-airtable", "Work"], "AIRTABLE_API_KEY"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    database: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("AIRTABLE_API_KEY", "AIRTABLE_TOKEN", "AIRTABLE_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    before = exported(database)

    with pytest.raises(SystemExit):
        main(["twin", "airtable", "--db", str(database), *arguments])

    assert said in capsys.readouterr().err
    assert exported(database) == before


class _Shelf(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def shelf() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Shelf) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hello.txt"
        server.shutdown()
        thread.join()


def seen(url: str) -> dict[str, Any]:
    """What a client sees of the base; files by their bytes."""

    def get(path: str, **params: str) -> Any:
        headers = {"Authorization": "Bearer patTest"}
        return requests.get(f"{url}/v0/{path}", params=params, headers=headers, timeout=10).json()

    tables = get(f"meta/bases/{BASE}/tables")
    told: dict[str, Any] = {"tables": tables}
    for table in tables["tables"]:
        told[table["name"]], offset = [], ""
        while offset is not None:
            page = get(f"{BASE}/{table['id']}", offset=offset)
            told[table["name"]] += page["records"]
            offset = page.get("offset")
    for record in told["Tasks"]:
        record["fields"]["Files"] = [
            (item["id"], item["filename"], item["size"], requests.get(item["url"], timeout=10).content)
            for item in record["fields"].get("Files", ())
        ]
    return told


def test_a_base_is_copied_from_another_airtable_with_records_links_and_files(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(database) as source, TwinServer(create_app(source, tokens=AnyToken())) as url:
        task = {"contentType": "text/plain", "filename": "hello.txt", "file": "aGVsbG8="}
        answer = requests.post(
            f"{url}/v0/{BASE}/recTask0000000003/Files/uploadAttachment",
            json=task,
            headers={"Authorization": "Bearer patTest"},
            timeout=10,
        )
        assert answer.status_code == 200, answer.text
        monkeypatch.setenv("AIRTABLE_ENDPOINT_URL", url)
        monkeypatch.setenv("AIRTABLE_API_KEY", "patTest")
        monkeypatch.setenv("AIRTABLE_RATE_LIMIT", "off")
        monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
        copy = tmp_path / "copy.db"

        main(
            [
                "twin",
                "airtable",
                "--db",
                str(copy),
                "--allow-private-urls",
                "import",
                "--from-airtable",
                "Work",
            ]
        )

        with Store.open(copy) as store, TwinServer(create_app(store, tokens=AnyToken())) as copied:
            assert seen(copied) == seen(url)


def test_whoever_is_known_already_keeps_the_name_that_is_known_here(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {**ADA, "name": "Countess Lovelace"}
    with Store.open(tmp_path / "copy.db") as store:
        import_document(store, {"users": [known]})
    monkeypatch.setenv("AIRTABLE_API_KEY", "patTest")
    monkeypatch.setenv("AIRTABLE_RATE_LIMIT", "off")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))

    with Store.open(database) as source, TwinServer(create_app(source, tokens=AnyToken())) as url:
        monkeypatch.setenv("AIRTABLE_ENDPOINT_URL", url)
        main(["twin", "airtable", "import", "--from-airtable", BASE, "--db", str(tmp_path / "copy.db")])

    assert exported(tmp_path / "copy.db")["users"] == [known]


@contextmanager
def served(*arguments: str) -> Iterator[str]:
    """The command in a process of its own, and its address."""
    script = "import sys; from pyairtable_app.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", script, "twin", "airtable", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().split(" at ")[1].split("/v0")[0]
        finally:
            process.kill()


def test_faults_of_a_file_strike_and_connections_are_dropped(database: Path, tmp_path: Path) -> None:
    faults = tmp_path / "faults.json"
    rules = [{"fault": "503", "nth": 1}, {"fault": "drop_after", "method": "POST"}]
    faults.write_text(json.dumps({"rules": rules}))

    with served("--db", str(database), "--faults", str(faults)) as url:
        session = requests.Session()
        session.headers["Authorization"] = "Bearer patTest"
        refused = session.get(f"{url}/v0/{BASE}/People", timeout=10)
        with pytest.raises(requests.ConnectionError):
            session.post(f"{url}/v0/{BASE}/People", json={"fields": {"Name": "new"}}, timeout=10)
        people = session.get(f"{url}/v0/{BASE}/People", timeout=10).json()["records"]
        session.close()

    assert refused.status_code == 503
    assert people[-1]["fields"]["Name"] == "new"


def test_a_file_of_faults_that_cannot_be_followed_is_named(
    database: Path, tmp_path: Path, capsys: Any
) -> None:
    faults = tmp_path / "faults.json"
    faults.write_text('{"rules": [{"fault": "418"}]}')

    with pytest.raises(SystemExit):
        main(["twin", "airtable", "--db", str(database), "--faults", str(faults)])

    assert "drop_after" in capsys.readouterr().err


def test_files_by_address_are_fetched_from_this_machine_only_when_that_is_allowed(
    database: Path, shelf: str
) -> None:
    with served("--db", str(database), "--allow-private-urls") as url:
        session = requests.Session()
        session.headers["Authorization"] = "Bearer patTest"
        record = f"{url}/v0/{BASE}/Tasks/recTask0000000001"
        session.patch(record, json={"fields": {"Files": [{"url": shelf}]}}, timeout=10)

        def files() -> Any:
            return session.get(record, timeout=10).json()["fields"]["Files"]

        assert any("size" in files()[0] for _ in range(2000))  # asked until the file has come
        assert requests.get(files()[0]["url"], timeout=10).content == b"hello"
        session.close()
