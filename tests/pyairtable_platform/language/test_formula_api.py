"""The formula engine over HTTP."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from pyairtable_platform.language import create_app


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app())


def test_a_formula_is_evaluated_with_the_python_names_of_the_arguments(client):
    answer = client.post(
        "/formula/evaluate",
        json={
            "text": 'DATETIME_FORMAT({D}, "LL") & " " & RECORD_ID() & DATESTR(TODAY())',
            "fields": {"D": "2026-11-23"},
            "field_types": {"D": "date"},
            "record": {"id": "rec1"},
            "now": "2026-01-02T03:04:05Z",
            "locale": "de",
        },
    )

    assert answer.status_code == 200
    assert answer.json() == {"value": "23. November 2026 rec12026-01-02"}


def test_a_failing_formula_gives_airtables_error_value(client):
    answer = client.post("/formula/evaluate", json={"text": "1/0"})

    assert answer.json() == {"value": {"specialValue": "Infinity"}}


def test_a_check_tells_every_problem_with_its_place(client):
    body = {"text": "LEFTT({Nme})", "field_types": {"Name": "singleLineText"}}

    answer = client.post("/formula/check", json=body).json()

    assert not answer["valid"]
    assert [problem["code"] for problem in answer["problems"]] == ["unknown_function", "unknown_field"]
    assert answer["problems"][1]["span"] == [6, 11]
    assert "Name" in answer["problems"][1]["suggestion"]


def test_the_functions_are_listed_with_their_signatures(client):
    functions = {row["name"]: row for row in client.get("/formula/functions").json()["functions"]}

    assert len(functions) >= 84
    assert functions["LEFT"]["signature"].startswith("LEFT(")


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"text": "1 +"}, 422, "caret"),
        ({"text": "NOPE()"}, 422, "NOPE"),
        ({"text": "1", "field": {}}, 422, "Known: text, "),
        ({"fields": {}}, 422, "text: Field required"),
        ({"text": "1", "time_zone": "Mars/Phobos"}, 422, "Mars/Phobos"),
        ({"text": "1", "locale": "xx"}, 422, "xx"),
        ([], 422, "JSON object"),
    ],
)
def test_a_refusal_is_a_problem_that_names_what_is_wrong(client, body: Any, status, said):
    answer = client.post("/formula/evaluate", json=body)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.text


@pytest.mark.parametrize(
    ("body", "status"), [("{", 400), ("[" * 100_000, 400), ("x" * (4 * 1024 * 1024 + 1), 413)]
)
def test_a_body_that_is_no_json_or_too_large_is_refused(client, body, status):
    assert client.post("/formula/evaluate", content=body).status_code == status
