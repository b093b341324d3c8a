"""The field types over HTTP."""

import pytest
from starlette.testclient import TestClient

from pyairtable_platform.language import create_app


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app())


def test_a_value_is_checked_and_brought_into_its_normal_form(client):
    body = {"type": "phoneNumber", "value": "(415) 555-2671", "options": {"default_region": "US"}}

    answer = client.post("/fields/check", json=body).json()

    assert answer == {"ok": True, "value": "+14155552671", "text": answer["text"], "problems": []}


def test_what_is_wrong_comes_with_a_code_a_message_and_a_suggestion(client):
    body = {
        "type": "singleSelect",
        "value": "Dne",
        "options": {"choices": [{"name": "Done"}]},
        "mode": "airtable",
    }

    answer = client.post("/fields/check", json=body).json()

    assert not answer["ok"]
    assert answer["problems"][0]["code"] == "unknown_choice"
    assert answer["problems"][0]["suggestion"] == "Done"


def test_a_value_is_converted_with_a_verdict(client):
    whole = client.post(
        "/fields/convert", json={"value": "17", "from_type": "singleLineText", "to_type": "number"}
    )
    hopeless = client.post(
        "/fields/convert", json={"value": "x", "from_type": "singleLineText", "to_type": "date"}
    )

    assert (whole.json()["value"], whole.json()["loss"]) == (17, "lossless")
    assert whole.json()["why"] == ""
    assert hopeless.json()["loss"] == "impossible"
    assert hopeless.json()["why"]


def test_a_columns_type_is_inferred(client):
    answer = client.post(
        "/fields/infer", json={"values": ["2026-01-01", "2026-02-03", "soon", "2026-04-05", "2026-05-06"]}
    )

    assert answer.json()["type"] == "date"
    assert answer.json()["exceptions"] == ["soon"]


@pytest.mark.parametrize("odd", ['"half \\ud83d"', '{"a": "\\ud83d"}', '["\\ud83d"]'])
def test_values_that_json_cannot_carry_are_told_as_far_as_it_can(client, odd):
    columns = [f"[1, 2, 3, 4, {odd}]", f"[{odd}, {odd}, {odd}, {odd}]"]

    for column in columns:
        answer = client.post(
            "/fields/infer", content=f'{{"values": {column}}}', headers={"content-type": "application/json"}
        )
        assert answer.status_code == 200


def test_every_type_is_listed_with_its_options(client):
    types = {row["name"]: row for row in client.get("/fields/types").json()["types"]}

    assert len(types) >= 34
    assert types["rating"]["options_schema"]["properties"]["max"]
    assert types["formula"]["computed"]
    assert types["phoneNumber"]["strict_options"]["default_region"]["type"] == "string"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/fields/check", {"type": "email"}),
        ("/fields/check", {"type": "email", "value": 1, "mode": "lax"}),
        ("/fields/convert", {"value": "2026-01-01", "from_type": "date", "to_type": "email", "locale": "xx"}),
        ("/fields/infer", {"values": "x"}),
    ],
)
def test_wrong_arguments_are_refused(client, path, body):
    answer = client.post(path, json=body)

    assert answer.status_code == 422
    assert answer.json()["title"]
