"""A record that is read again is answered as it is now, whatever was done in between."""

from datetime import timedelta

import pytest
import requests

from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document
from local_twins.airtable.model import times

BASE = "appAgain000000001"
TABLE = "tblAgain000000001"
RECORD = "recAgain000000001"

DOCUMENT = {
    "users": [],
    "bases": [
        {
            "id": BASE,
            "name": "Again",
            "tables": [
                {
                    "id": TABLE,
                    "name": "Things",
                    "primaryFieldId": "fldAgain000000001",
                    "fields": [
                        {"id": "fldAgain000000001", "name": "Name", "type": "singleLineText"},
                        {
                            "id": "fldAgain000000002",
                            "name": "Loud",
                            "type": "formula",
                            "options": {"formula": "UPPER({Name})"},
                        },
                        {
                            "id": "fldAgain000000003",
                            "name": "Second",
                            "type": "formula",
                            "options": {"formula": "DATETIME_FORMAT(NOW(), 'X')"},
                        },
                    ],
                }
            ],
            "records": {TABLE: [{"id": RECORD, "fields": {"Name": "lamp"}}]},
        }
    ],
}


class Again:
    """A twin whose record is read over and over."""

    def __init__(self, url, store, move):
        self.url = url
        self.store = store
        self.move = move

    def ask(self, method="GET", path=f"{TABLE}/{RECORD}", token="patOne", **more):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.request(method, f"{self.url}/v0/{BASE}/{path}", headers=headers, timeout=10, **more)

    def read(self):
        """The record, read three times: the last answer may be a remembered one."""
        first, second, third = [self.ask() for _ in range(3)]
        assert first.content == second.content == third.content
        return third.json()


@pytest.fixture
def again():
    moved = [timedelta(0)]
    begun = times.now()

    def move(seconds):
        moved[0] += timedelta(seconds=seconds)

    with Store.open(":memory:", clock=lambda: begun + moved[0]) as store:
        import_document(store, DOCUMENT)
        with TwinServer(create_app(store, tokens=AnyToken())) as url:
            yield Again(url, store, move)


def test_a_change_is_seen_at_once_computed_cells_included(again):
    again.read()

    again.ask("PATCH", json={"fields": {"Name": "chair"}})

    assert again.read()["fields"]["Loud"] == "CHAIR"


def test_a_changed_schema_is_seen_at_once(again):
    again.read()

    requests.patch(
        f"{again.url}/v0/meta/bases/{BASE}/tables/{TABLE}/fields/fldAgain000000001",
        json={"name": "Title"},
        headers={"Authorization": "Bearer patOne"},
        timeout=10,
    )

    assert again.read()["fields"]["Title"] == "lamp"


def test_a_deleted_record_is_gone_at_once(again):
    again.read()

    again.ask("DELETE")

    # As the service answers for a record that is not there.
    assert again.ask().status_code == 403


def test_time_goes_on_in_formulas(again):
    before = int(again.read()["fields"]["Second"])

    again.move(60)

    assert int(again.read()["fields"]["Second"]) >= before + 60


def test_what_one_token_was_told_is_told_to_no_other(again):
    again.read()

    assert again.ask(token="").status_code == 401
    assert again.ask(token="patTwo").status_code == 200


def test_faults_strike_what_is_remembered_too(again):
    again.read()

    requests.put(
        f"{again.url}/_twin/faults",
        json={"rules": [{"fault": "503"}]},
        headers={"Authorization": "Bearer patOne"},
        timeout=10,
    )

    assert again.ask().status_code == 503


def test_each_answer_is_counted_and_noted(again):
    again.read()
    again.read()

    counts = requests.get(
        f"{again.url}/_twin/counts", headers={"Authorization": "Bearer patOne"}, timeout=10
    ).json()

    assert counts["requests"] == 6
    assert counts["answers"] == {"200": 6}


def test_what_another_process_wrote_is_seen_at_once(tmp_path):
    with Store.open(tmp_path / "bases.db") as store:
        import_document(store, DOCUMENT)
        with (
            TwinServer(create_app(store, tokens=AnyToken())) as url,
            Store.open(tmp_path / "bases.db") as other,
        ):
            again = Again(url, store, lambda _: None)
            again.read()
            with other.transaction():
                other.connection.execute(
                    "UPDATE records SET cells = json_replace(cells, '$.fldAgain000000001', 'chair')"
                )

            assert again.read()["fields"]["Name"] == "chair"
