"""The role gateway: Airtable's own clients, changed in nothing but endpoint and key."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from pyairtable import Api
from pyairtable.formulas import match
from pyairtable.models.schema import TableSchema

COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))
BASE, TABLE = "appStudio00000000", "Tasks"


@pytest.fixture(scope="module")
def data(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(seeded, tmp_path_factory.mktemp("gateway") / "data"))


@pytest.fixture(scope="module")
def url(data: Path) -> Iterator[str]:
    """The address of the role, served alone on the sample bases."""
    process = subprocess.Popen(
        [COMMAND, "serve", "gateway", "--port", "0"],
        env={"DATA_DIR": str(data), "GATEWAY_KEYS": "ada:key1, bob:key2", "AIRTABLE_RATE_LIMIT": "off"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    yield next(found[1] for line in process.stdout if (found := re.search(r"(http://\S+)/health", line)))
    process.terminate()
    process.communicate(timeout=20)


@pytest.fixture(scope="module")
def api(url: str) -> Api:
    return Api("key1", endpoint_url=url)


@pytest.fixture(scope="module")
def tasks(api: Api) -> str:
    """The name of a text field of the table that the tests write to."""
    schema = next(table for table in api.base(BASE).schema().tables if table.name == TABLE)
    return _primary(schema)


def _primary(schema: TableSchema) -> str:
    return next(field.name for field in schema.fields if field.id == schema.primary_field_id)


def test_records_are_made_read_changed_and_deleted(api: Api, tasks: str) -> None:
    table = api.table(BASE, TABLE)

    made = table.create({tasks: "One"})
    many = table.batch_create([{tasks: f"Many {number}"} for number in range(12)])
    changed = table.update(made["id"], {tasks: "Uno"})
    replaced = table.update(made["id"], {tasks: "Eins"}, replace=True)
    table.batch_update([{"id": record["id"], "fields": {tasks: "Changed"}} for record in many])
    found = table.all(formula=match({tasks: "Changed"}))
    gone = table.batch_delete([record["id"] for record in many])

    assert table.get(made["id"])["fields"][tasks] == "Eins"
    assert (made["fields"][tasks], changed["fields"][tasks]) == ("One", "Uno")
    assert replaced["fields"][tasks] == "Eins"
    assert len(found) == 12
    assert all(record["deleted"] for record in gone)
    assert table.delete(made["id"]) == {"id": made["id"], "deleted": True}


def test_upserts_say_what_they_did(api: Api, tasks: str) -> None:
    table = api.table(BASE, TABLE)

    first = table.batch_upsert([{"fields": {tasks: "Upserted"}}], key_fields=[tasks])
    second = table.batch_upsert([{"fields": {tasks: "Upserted"}}], key_fields=[tasks])

    assert len(first["createdRecords"]) == 1
    assert second["updatedRecords"] == first["createdRecords"]


def test_fields_are_told_by_id_when_that_is_asked(url: str, tasks: str) -> None:
    table = Api("key1", endpoint_url=url, use_field_ids=True).table(BASE, TABLE)

    made = table.create({tasks: "By id"})

    assert all(name.startswith("fld") for name in made["fields"])
    assert made["fields"] == table.get(made["id"])["fields"]


def test_schemas_comments_and_files_pass(api: Api, tasks: str) -> None:
    table = api.table(BASE, TABLE)
    record = table.create({tasks: "Talked about"})
    field = table.create_field("Files of the test", "multipleAttachments")

    comment = table.add_comment(record["id"], "Hello")
    upload = table.api.request(
        "POST",
        f"{api.endpoint_url}/v0/{BASE}/{record['id']}/{field.id}/uploadAttachment",
        json={"contentType": "text/plain", "filename": "a.txt", "file": "aGVsbG8="},
    )

    assert [read.id for read in table.comments(record["id"])] == [comment.id]
    assert upload["fields"][field.id][0]["filename"] == "a.txt"
    assert field.name in [known.name for known in api.base(BASE).table(TABLE, force=True).schema().fields]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "type"),
    [
        ("GET", f"{BASE}/Absent", None, 403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"),
        ("GET", f"{BASE}/{TABLE}?filterByFormula=(", None, 422, "INVALID_FILTER_BY_FORMULA"),
        ("POST", f"{BASE}/{TABLE}", {"fields": {"Absent": 1}}, 422, "UNKNOWN_FIELD_NAME"),
        ("POST", f"{BASE}/{TABLE}", {"field": {}}, 422, "INVALID_REQUEST_MISSING_FIELDS"),
        ("PATCH", f"{BASE}/{TABLE}/recAbsentAbsent01", {"fields": {}}, 404, "MODEL_ID_NOT_FOUND"),
        ("DELETE", f"{BASE}/{TABLE}/recAbsentAbsent01", None, 404, "MODEL_ID_NOT_FOUND"),
        ("DELETE", f"{BASE}/{TABLE}?records[]=recAbsentAbsent01", None, 404, "NOT_FOUND"),
        ("DELETE", f"{BASE}/{TABLE}?records=recAbsentAbsent01", None, 422, "INVALID_RECORDS"),
        ("PATCH", f"{BASE}/{TABLE}/nonsense", {"fields": {}}, 404, "NOT_FOUND"),
        ("PUT", f"{BASE}/{TABLE}/nonsense", {"fields": {}}, 404, "NOT_FOUND"),
        ("DELETE", f"{BASE}/{TABLE}/nonsense", None, 404, "NOT_FOUND"),
        ("POST", f"{BASE}/{TABLE}", {"records": [{"fields": {}}] * 11}, 422, "INVALID_RECORDS"),
        ("DELETE", f"{BASE}/{TABLE}/rec!", None, 404, "NOT_FOUND"),
        ("GET", f"appAbsentAbsent01/{TABLE}", None, 404, "NOT_FOUND"),
    ],
)
def test_refusals_are_airtables(
    url: str, method: str, path: str, body: object, status: int, type: str
) -> None:
    answer = requests.request(
        method, f"{url}/v0/{path}", json=body, headers={"Authorization": "Bearer key1"}, timeout=30
    )

    error = answer.json()["error"]
    assert (answer.status_code, error if isinstance(error, str) else error["type"]) == (status, type)


@pytest.mark.parametrize("authorization", ["", "Bearer key3", "Bearer ", "key1"])
def test_nobody_gets_in_without_a_key_of_the_list(url: str, authorization: str) -> None:
    answer = requests.get(f"{url}/v0/meta/bases", headers={"Authorization": authorization}, timeout=30)

    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "AUTHENTICATION_REQUIRED")


def test_another_host_name_is_refused(url: str) -> None:
    headers = {"Authorization": "Bearer key1", "Host": "evil.example"}

    assert requests.get(f"{url}/v0/meta/bases", headers=headers, timeout=30).status_code == 400


def test_the_journal_knows_whose_key_wrote(url: str, data: Path, tasks: str) -> None:
    Api("key2", endpoint_url=url).table(BASE, TABLE).create({tasks: "By Bob"})

    with sqlite3.connect(f"file:{data / 'journal.db'}?mode=ro", uri=True) as journal:
        [dump] = ["\n".join(line for line in journal.iterdump() if "By Bob" in line)]

    assert "key:bob" in dump


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"GATEWAY_KEYS": "key1"}, "GATEWAY_KEYS: an entry has no name"),
        ({"GATEWAY_KEYS": "ada:"}, "GATEWAY_KEYS: each entry is name:key"),
        ({"GATEWAY_KEYS_FILE": "/nowhere/keys"}, "GATEWAY_KEYS_FILE=/nowhere/keys: the file cannot be read"),
        ({"ALLOWED_BASES": "Studio"}, "not served with READ_ONLY, ALLOWED_BASES"),
    ],
)
def test_what_cannot_be_kept_is_not_served(data: Path, variables: dict[str, str], said: str) -> None:
    ended = subprocess.run(
        [COMMAND, "serve", "gateway", "--port", "0"],
        env={"DATA_DIR": str(data), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode != 0
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_body_that_is_no_json_is_refused_by_airtable_itself(url: str) -> None:
    headers = {"Authorization": "Bearer key1", "Content-Type": "application/json"}

    answer = requests.post(f"{url}/v0/{BASE}/{TABLE}", data=b"{", headers=headers, timeout=30)

    assert answer.status_code in (400, 422)
    assert "error" in json.loads(answer.text)
