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
        ({"text": "1", "dialect": "excel"}, 422, "excel"),
        ({"text": "1", "dialect": None}, 422, "dialect"),
        ({"text": 5}, 422, "text: Input should be a valid string, not 5"),
        ({"text": "1", "fields": []}, 422, "fields"),
        ({"text": "1", "fields": "A=1"}, 422, "fields"),
        ({"text": "1", "field_types": {"A": 1}}, 422, "field_types.A"),
        ({"text": "1", "now": "soon"}, 422, "soon"),
        ({"text": "1", "now": "0001-01-01T00:00:00+14:00"}, 422, "outside the years 1 to 9999"),
        ({"text": "1", "record": {"created_time": "soon"}}, 422, "record.created_time"),
        ({"text": "1", "record": {"createdTime": None}}, 422, "record.createdTime"),
        ({"text": "1", "switches": {"mid_strat": "one"}}, 422, "there is no switch 'mid_strat'"),
        ({"text": "1", "switches": {"mid_start": "two"}}, 422, "mid_start is one of one, zero, not 'two'"),
        ({"text": "1", "switches": []}, 422, "switches"),
        ({"text": "IFERROR(1, 2)"}, 422, "IF(ISERROR(value), otherwise, value)"),
        ("1", 422, "JSON object"),
        ([], 422, "JSON object"),
    ],
)
@pytest.mark.parametrize("path", ["/formula/evaluate", "/formula/explain"])
def test_a_refusal_is_a_problem_that_names_what_is_wrong(client, path, body: Any, status, said):
    answer = client.post(path, json=body)

    assert answer.status_code == status
    assert answer.json()["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.text


_BODIES: list[tuple[str | bytes, int, str]] = [
    ("{", 400, "not JSON"),
    (b"\xff", 400, "not JSON"),
    ("[" * 100_000, 400, "not JSON"),
    ('{"text": "1", "fields": {"A": NaN}}', 400, "NaN"),
    ('{"text": "1", "fields": {"A": -Infinity}}', 400, "-Infinity"),
    ('{"text": "1", "fields": {"A": 1e999}}', 400, "1e999"),
    ('{"text": "1", "fields": {"A": ' + "9" * 5_000 + "}}", 400, "not JSON"),
    ("x" * (4 * 1024 * 1024 + 1), 413, "4,194,304"),
]


@pytest.mark.parametrize(("body", "status", "said"), _BODIES)
@pytest.mark.parametrize("path", ["/formula/evaluate", "/formula/check", "/formula/explain"])
def test_a_body_that_is_no_json_or_too_large_is_refused(client, path, body, status, said):
    answer = client.post(path, content=body)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said in answer.text


@pytest.mark.parametrize("path", ["/formula/evaluate", "/formula/explain"])
def test_arrays_in_arrays_without_end_are_answered_or_refused(client, path):
    for depth in (300, 900):
        answer = client.post(
            path, content='{"text": "{A}", "fields": {"A": ' + "[" * depth + "]" * depth + "}}"
        )

        assert answer.status_code in (200, 422)


@pytest.mark.parametrize("path", ["/formula/evaluate", "/formula/explain"])
def test_half_a_character_comes_back_as_it_came(client, path):
    answer = client.post(path, content='{"text": "{A} & 1", "fields": {"A": "\\ud83d"}}')

    assert answer.status_code == 200
    assert answer.json()["value"] == "\ud83d1"


@pytest.mark.parametrize(
    "body", ['{"text": "\\ud83d"}', '{"text": "1", "\\ud83d": 1}', '{"text": "1", "dialect": "\\ud83d"}']
)
def test_half_a_character_in_an_argument_is_refused(client, body):
    answer = client.post("/formula/evaluate", content=body)

    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_the_extended_dialect_is_spoken_where_it_is_asked_for(client):
    body = {"text": "IFERROR(1 / 0, 'none')", "dialect": "extended"}

    assert client.post("/formula/evaluate", json=body).json() == {"value": "none"}
    assert client.post("/formula/check", json=body).json()["valid"]


def test_switches_and_times_of_the_record_are_taken(client):
    body = {
        "text": 'MID("abc", 1, 1) & DATESTR(CREATED_TIME()) & DATESTR(LAST_MODIFIED_TIME({A}))',
        "fields": {"A": 1},
        "record": {
            "created_time": "2024-01-02T23:00:00",
            "field_modified_times": {"A": "2024-02-03T00:00:00Z"},
        },
        "switches": {"mid_start": "zero"},
    }

    assert client.post("/formula/evaluate", json=body).json() == {"value": "b2024-01-022024-02-03"}


def test_an_explanation_tells_each_part_what_was_skipped_and_where_an_error_arose(client):
    body = {"text": "IF({A}, VALUE({B}) + 1, 0)", "fields": {"A": 1, "B": "many"}}

    answer = client.post("/formula/explain", json=body).json()

    assert answer["value"] == {"error": "#ERROR!"}
    steps = {step["text"]: step for step in answer["steps"]}
    assert steps["{A}"] == {
        "kind": "field",
        "text": "{A}",
        "span": [3, 6],
        "depth": 1,
        "evaluated": True,
        "value": 1,
    }
    assert steps["VALUE({B})"]["origin"]
    assert "many" in steps["VALUE({B})"]["error"]
    assert "origin" not in steps["VALUE({B}) + 1"]
    assert not steps["0"]["evaluated"]


def test_an_explanation_stays_short_however_long_its_values_are(client):
    body = {"text": 'REPT("x", 90000)' + ' & ""' * 5_000, "fields": {}}

    answer = client.post("/formula/explain", json=body)

    assert answer.status_code == 200
    assert len(answer.content) < 20_000_000
    assert answer.json()["steps"][0]["shortened"]
    assert len(answer.json()["value"]) == 90_000


def test_the_functions_of_the_extended_dialect_are_listed_too(client):
    answer = client.get("/formula/functions", params={"dialect": "extended"}).json()["functions"]

    assert {row["dialect"] for row in answer} == {"airtable", "extended"}
    assert all(row["examples"] for row in answer)
    assert {row["dialect"] for row in client.get("/formula/functions").json()["functions"]} == {"airtable"}


@pytest.mark.parametrize("query", ["dialect=excel", "dialekt=extended"])
def test_an_unknown_query_is_refused(client, query):
    answer = client.get(f"/formula/functions?{query}")

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
