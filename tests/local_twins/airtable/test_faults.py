"""Faults on purpose: what strikes which request, what the client sees, and what was done nevertheless."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from starlette.testclient import TestClient

from local_twins.airtable import AnyToken, Faults, FaultsRefused, Store, create_app

BASE = "appTest0000000000"


@pytest.fixture
def fail(http: Any) -> Callable[..., Any]:
    def ask(*rules: dict[str, Any], seed: int = 0) -> Any:
        answer = http.call("PUT", "../_twin/faults", json={"seed": seed, "rules": list(rules)})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


def create(http: Any) -> requests.Response:
    answer: requests.Response = http.call("POST", f"{BASE}/Tasks", json={"fields": {"Title": "x"}})
    return answer


def titles(http: Any) -> list[str]:
    return [record["fields"]["Title"] for record in http.call("GET", f"{BASE}/Tasks").json()["records"]]


def test_a_429_has_airtables_words_and_a_retry_after_only_when_asked(fail: Any, http: Any) -> None:
    fail({"fault": "429", "nth": 1}, {"fault": "429", "retryAfter": 30})

    plain, told = create(http), create(http)

    assert plain.status_code == told.status_code == 429
    assert plain.json() == {
        "error": {"type": "RATE_LIMIT_REACHED", "message": "Rate limit exceeded. Please try again later"}
    }
    assert "retry-after" not in plain.headers
    assert told.headers["retry-after"] == "30"


def test_a_503_tells_when_to_try_again_and_does_nothing(fail: Any, http: Any) -> None:
    fail({"fault": "503", "method": "POST"})

    answer = create(http)

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["error"]["type"] == "RETRIABLE_ERROR"
    assert titles(http) == []


def test_over_the_months_limit_only_the_meta_api_answers(fail: Any, http: Any) -> None:
    fail({"fault": "billing_limit"})

    assert create(http).json()["error"]["type"] == "PUBLIC_API_BILLING_LIMIT_EXCEEDED"
    assert http.call("GET", "meta/bases").status_code == 200


@pytest.mark.parametrize(("fault", "kept"), [("drop_before", []), ("drop_after", ["x"])])
def test_a_dropped_connection_gives_no_answer_whether_or_not_the_write_was_kept(
    fail: Any, http: Any, fault: str, kept: list[str]
) -> None:
    fail({"fault": fault, "method": ["POST", "PATCH"]})

    with pytest.raises(requests.ConnectionError):
        create(http)

    assert titles(http) == kept
    counts = http.call("GET", "../_twin/counts").json()
    assert counts["faults"] == {fault: 1}
    assert counts["writes"] == ({"create_records": 1} if kept else {})
    assert counts["answers"] == {"200": 1}


def test_latency_delays_the_answer_and_goes_with_another_fault(fail: Any, http: Any) -> None:
    fail({"fault": "latency", "seconds": 0.2}, {"fault": "503", "retryAfter": 0})

    before = time.monotonic()
    answer = create(http)

    assert time.monotonic() - before >= 0.2
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "0")


@pytest.mark.parametrize(
    ("rule", "statuses"),
    [
        ({"nth": 2}, [200, 503, 200, 200]),
        ({"nth": [1, 4]}, [503, 200, 200, 503]),
        ({"every": 2}, [200, 503, 200, 503]),
        ({"times": 1}, [503, 200, 200, 200]),
        ({"every": 2, "times": 1}, [200, 503, 200, 200]),
        ({"path": "/v0/app*/Tasks"}, [503, 503, 503, 503]),
        ({"path": "/v0/*/People*"}, [200, 200, 200, 200]),
        ({"method": "GET"}, [200, 200, 200, 200]),
        ({"probability": 0}, [200, 200, 200, 200]),
        ({"probability": 1}, [503, 503, 503, 503]),
    ],
)
def test_a_rule_strikes_the_requests_that_it_names(
    fail: Any, http: Any, rule: dict[str, Any], statuses: list[int]
) -> None:
    fail({"fault": "503", **rule})

    assert [create(http).status_code for _ in range(4)] == statuses


def test_the_same_seed_gives_the_same_faults_and_another_gives_others(fail: Any, http: Any) -> None:
    def statuses(seed: int) -> list[int]:
        fail({"fault": "503", "probability": 0.5}, seed=seed)
        return [create(http).status_code for _ in range(40)]

    first = statuses(1)

    assert statuses(1) == first
    assert statuses(2) != first
    assert {200, 503} == set(first)


def test_rules_tell_how_often_they_struck_and_go_away(fail: Any, http: Any) -> None:
    fail({"fault": "503", "every": 2})
    for _ in range(3):
        create(http)

    (rule,) = http.call("GET", "../_twin/faults").json()["rules"]
    assert (rule["fitted"], rule["struck"]) == (3, 1)
    assert http.call("DELETE", "../_twin/faults").json() == {"seed": 0, "rules": []}
    assert create(http).status_code == 200


def test_counts_begin_anew_when_asked(http: Any) -> None:
    create(http)

    before = http.call("GET", "../_twin/counts").json()
    after = http.call("DELETE", "../_twin/counts").json()

    assert before == {"requests": 1, "answers": {"200": 1}, "faults": {}, "writes": {"create_records": 1}}
    assert after == {"requests": 0, "answers": {}, "faults": {}, "writes": {}}


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ([], "rules"),
        ({"rules": {}}, "rules"),
        ({"rules": [], "more": 1}, "rules"),
        ({"rules": [], "seed": "x"}, "seed"),
        ({"rules": ["503"]}, "fault"),
        ({"rules": [{"fault": "500"}]}, "drop_after"),
        ({"rules": [{"fault": "503", "chance": 1}]}, "chance"),
        ({"rules": [{"fault": "latency"}]}, "seconds"),
        ({"rules": [{"fault": "503", "seconds": 1}]}, "seconds"),
        ({"rules": [{"fault": "latency", "seconds": -1}]}, "seconds"),
        ({"rules": [{"fault": "drop_after", "retryAfter": 1}]}, "retryAfter"),
        ({"rules": [{"fault": "503", "probability": 1.5}]}, "probability"),
        ({"rules": [{"fault": "503", "probability": True}]}, "probability"),
        ({"rules": [{"fault": "503", "nth": 0}]}, "nth"),
        ({"rules": [{"fault": "503", "nth": []}]}, "nth"),
        ({"rules": [{"fault": "503", "every": 0}]}, "every"),
        ({"rules": [{"fault": "503", "method": "post"}]}, "method"),
        ({"rules": [{"fault": "503", "path": ""}]}, "path"),
    ],
)
def test_rules_that_cannot_be_followed_are_refused_and_named(told: Any, named: str) -> None:
    with pytest.raises(FaultsRefused, match=named):
        Faults.of(told)


def test_bad_rules_over_http_change_nothing(fail: Any, http: Any) -> None:
    fail({"fault": "503"})

    answer = http.call("PUT", "../_twin/faults", json={"rules": [{"fault": "500"}]})

    assert answer.status_code == 422
    assert "drop_after" in answer.json()["error"]["message"]
    assert create(http).status_code == 503


def test_a_server_that_cannot_drop_connections_says_so(store: Store) -> None:
    client = TestClient(create_app(store, tokens=AnyToken()), headers={"Authorization": "Bearer patTest"})

    answer = client.put("/_twin/faults", json={"rules": [{"fault": "drop_before"}]})

    assert answer.status_code == 422
    assert "cannot drop" in answer.json()["error"]["message"]


def test_faults_strike_from_the_first_request_when_they_are_given_at_the_start(
    store: Store, serve: Callable[..., str], connect: Callable[[str], Any]
) -> None:
    http = connect(serve(store, faults=Faults.of({"rules": [{"fault": "503", "nth": 1}]})))

    assert [create(http).status_code for _ in range(2)] == [503, 200]
    http.close()


async def test_a_client_that_leaves_in_the_middle_of_a_request_is_no_failure() -> None:
    parts = iter(
        [{"type": "http.request", "body": b'{"fields"', "more_body": True}, {"type": "http.disconnect"}]
    )
    answers: list[Any] = []

    async def receive() -> Any:
        return next(parts)

    async def send(message: Any) -> None:
        answers.append(message)

    with Store.open(":memory:") as store:
        app = create_app(store, tokens=AnyToken())
        scope = {
            "type": "http",
            "method": "POST",
            "path": f"/v0/{BASE}/Tasks",
            "raw_path": f"/v0/{BASE}/Tasks".encode(),
            "query_string": b"",
            "headers": [(b"authorization", b"Bearer pat"), (b"content-type", b"application/json")],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "scheme": "http",
            "root_path": "",
        }
        await app(scope, receive, send)

    assert answers == []
