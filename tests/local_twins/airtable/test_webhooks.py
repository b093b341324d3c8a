"""Webhooks: what is told to whom, in Airtable's form; pings that are signed, repeated and given up."""

import copy
import queue
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pyairtable import Api
from pyairtable.models import WebhookNotification

from local_twins.airtable import ListedTokens, PingRules, Store, WebhookPings

BASE = "appTest0000000000"
TASKS, PEOPLE = "tblTasks000000000", "tblPeople00000000"
TITLE, HOURS, STATUS, OWNER = (
    "fldTaTitle0000000",
    "fldTaHours0000000",
    "fldTaStatus000000",
    "fldTaOwner0000000",
)
TASK, ADA, BOB = "recTask0000000001", "recPersonAda00001", "recPersonBob00001"
LONG = "viwTaLong00000000"
HOOKS = f"bases/{BASE}/webhooks"


@pytest.fixture
def records() -> dict[str, list[dict[str, Any]]]:
    return {
        "Tasks": [{"id": TASK, "fields": {"Title": "T1", "Status": "Todo", "Owner": [ADA]}}],
        "People": [{"id": ADA, "fields": {"Name": "Ada"}}, {"id": BOB, "fields": {"Name": "Bob"}}],
    }


@pytest.fixture
def document(records: dict[str, list[dict[str, Any]]], a_document: Callable[..., dict[str, Any]]) -> Any:
    """The base with a view of long tasks."""
    document = copy.deepcopy(a_document(**records))
    tasks = document["bases"][0]["tables"][0]
    tasks["views"].append({"id": LONG, "name": "Long", "type": "grid", "filterByFormula": "{Hours} > 1"})
    return document


@pytest.fixture
def hook(http: Any) -> Callable[..., str]:
    """Makes a webhook of those filters and includes, of records where none are said, and gives its id."""

    def make(*, includes: Any = None, url: str | None = None, **filters: Any) -> str:
        options = {"filters": {"dataTypes": ["tableData"], **filters}}
        specification = {"options": options | ({"includes": includes} if includes else {})}
        answer = http.call("POST", HOOKS, json={"notificationUrl": url, "specification": specification})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    return make


@pytest.fixture
def payloads(http: Any) -> Callable[..., Any]:
    def read(hook_id: str, **params: Any) -> Any:
        return http.call("GET", f"{HOOKS}/{hook_id}/payloads", params=params).json()["payloads"]

    return read


def patch(http: Any, **fields: Any) -> None:
    answer = http.call("PATCH", f"{BASE}/Tasks/{TASK}", json={"fields": fields})
    assert answer.status_code == 200, answer.text


def cells(**values: Any) -> dict[str, Any]:
    return {"cellValuesByFieldId": values}


def changed(payload: Any, record: str = TASK, table: str = TASKS) -> Any:
    return payload["changedTablesById"][table]["changedRecordsById"][record]


def test_a_change_is_told_with_who_made_it_and_in_the_form_of_webhooks(
    hook: Any, payloads: Any, http: Any
) -> None:
    hook_id = hook(includes={"includePreviousCellValues": True}, recordChangeScope=TASKS)

    patch(http, Status="Done", Owner=[BOB])

    (payload,) = payloads(hook_id)
    choices = http.call("GET", f"meta/bases/{BASE}/tables").json()["tables"][0]["fields"][2]["options"][
        "choices"
    ]
    assert payload["timestamp"] == "2026-11-23T12:00:00.000Z"
    assert payload["payloadFormat"] == "v0"
    assert payload["baseTransactionNumber"] == 1
    assert payload["actionMetadata"]["source"] == "publicApi"
    assert payload["actionMetadata"]["sourceMetadata"]["user"]["id"] == "usrLocalDeveloper"
    assert list(payload["changedTablesById"]) == [TASKS]
    assert changed(payload) == {
        "current": cells(**{STATUS: choices[2], OWNER: [{"id": BOB, "name": "Bob"}]}),
        "previous": cells(**{STATUS: choices[0], OWNER: [{"id": ADA, "name": "Ada"}]}),
    }


def test_a_lookup_is_told_by_linked_record(hook: Any, payloads: Any, http: Any) -> None:
    options = {"recordLinkFieldId": OWNER, "fieldIdInLinkedTable": "fldPeName00000000"}
    lookup = {"name": "Owner name", "type": "multipleLookupValues", "options": options}
    field = http.call("POST", f"meta/bases/{BASE}/tables/Tasks/fields", json=lookup).json()["id"]
    hook_id = hook(includes={"includePreviousCellValues": True}, watchDataInFieldIds=[field])

    patch(http, Owner=[ADA, BOB])

    (payload,) = payloads(hook_id)
    values = {ADA: ["Ada"], BOB: ["Bob"]}
    assert changed(payload) == {
        "current": cells(**{field: {"linkedRecordIds": [ADA, BOB], "valuesByLinkedRecordId": values}}),
        "previous": cells(**{field: {"linkedRecordIds": [ADA], "valuesByLinkedRecordId": {ADA: ["Ada"]}}}),
    }


def test_created_and_destroyed_records_are_told(hook: Any, payloads: Any, http: Any) -> None:
    hook_id = hook()

    made = http.call("POST", f"{BASE}/Tasks", json={"fields": {"Title": "T2"}}).json()
    http.call("DELETE", f"{BASE}/Tasks/{made['id']}")

    created, destroyed = payloads(hook_id)
    (told,) = created["changedTablesById"][TASKS]["createdRecordsById"].items()
    assert told[0] == made["id"]
    assert told[1]["createdTime"] == made["createdTime"]
    assert told[1]["cellValuesByFieldId"][TITLE] == "T2"
    assert destroyed["changedTablesById"][TASKS] == {"destroyedRecordIds": [made["id"]]}


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"changeTypes": ["update"]}, 1),
        ({"changeTypes": ["add", "remove"]}, 0),
        ({"recordChangeScope": PEOPLE}, 0),
        ({"watchDataInFieldIds": [TITLE]}, 1),
        ({"watchDataInFieldIds": [HOURS]}, 0),
        ({"fromSources": ["publicApi"]}, 1),
        ({"fromSources": ["client"]}, 0),
        ({"dataTypes": ["tableFields", "tableMetadata"]}, 0),
    ],
)
def test_only_what_the_filters_name_is_told(
    hook: Any, payloads: Any, http: Any, filters: dict[str, Any], told: int
) -> None:
    hook_id = hook(**filters)

    patch(http, Title="T2")

    assert len(payloads(hook_id)) == told


def test_unchanged_cells_come_along_when_asked_for(hook: Any, payloads: Any, http: Any) -> None:
    some = hook(includes={"includeCellValuesInFieldIds": [TITLE, HOURS]})
    every = hook(includes={"includeCellValuesInFieldIds": "all"})

    patch(http, Hours=2)

    assert changed(payloads(some)[0]) == {"current": cells(**{HOURS: 2}), "unchanged": cells(**{TITLE: "T1"})}
    assert changed(payloads(every)[0])["unchanged"]["cellValuesByFieldId"][OWNER] == [
        {"id": ADA, "name": "Ada"}
    ]


def test_a_webhook_of_a_view_is_told_of_the_records_that_the_view_shows(
    hook: Any, payloads: Any, http: Any
) -> None:
    hook_id = hook(recordChangeScope=LONG)

    patch(http, Hours=1)
    patch(http, Hours=2)
    http.call("DELETE", f"{BASE}/Tasks/{TASK}")

    shown, gone = (one["changedTablesById"][TASKS]["changedViewsById"][LONG] for one in payloads(hook_id))
    assert shown["changedRecordsById"][TASK]["current"] == cells(**{HOURS: 2})
    assert gone == {"destroyedRecordIds": [TASK]}


def test_changes_of_the_schema_are_told_with_what_was_before_when_asked(
    hook: Any, payloads: Any, http: Any
) -> None:
    types = ["tableFields", "tableMetadata"]
    plain = hook(dataTypes=types)
    full = hook(dataTypes=types, includes={"includePreviousFieldDefinitions": True})

    http.call("PATCH", f"meta/bases/{BASE}/tables/Tasks/fields/{HOURS}", json={"name": "Time"})
    http.call("PATCH", f"meta/bases/{BASE}/tables/Tasks", json={"name": "Jobs"})
    made = http.call(
        "POST", f"meta/bases/{BASE}/tables", json={"name": "New", "fields": [{"name": "N", "type": "email"}]}
    ).json()

    field, table, new = payloads(plain)
    assert field["changedTablesById"][TASKS]["changedFieldsById"] == {HOURS: {"current": {"name": "Time"}}}
    assert table["changedTablesById"][TASKS]["changedMetadata"]["current"]["name"] == "Jobs"
    assert new["createdTablesById"][made["id"]]["metadata"]["name"] == "New"
    assert payloads(full)[0]["changedTablesById"][TASKS]["changedFieldsById"][HOURS]["previous"] == {
        "name": "Hours"
    }


def test_a_field_that_changed_otherwise_is_told_by_its_name_and_type(
    hook: Any, payloads: Any, http: Any
) -> None:
    hook_id = hook(dataTypes=["tableFields"])

    http.call("PATCH", f"meta/bases/{BASE}/tables/Tasks/fields/{HOURS}", json={"description": "Worked"})

    (payload,) = payloads(hook_id)
    assert payload["changedTablesById"][TASKS]["changedFieldsById"] == {
        HOURS: {"current": {"name": "Hours", "type": "number"}}
    }


def test_payloads_are_read_page_by_page(hook: Any, http: Any) -> None:
    hook_id = hook()
    for number in range(3):
        patch(http, Hours=number)

    first = http.call("GET", f"{HOOKS}/{hook_id}/payloads", params={"limit": 2}).json()
    second = http.call("GET", f"{HOOKS}/{hook_id}/payloads", params={"cursor": first["cursor"]}).json()

    assert (len(first["payloads"]), first["cursor"], first["mightHaveMore"]) == (2, 3, True)
    assert (len(second["payloads"]), second["cursor"], second["mightHaveMore"]) == (1, 4, False)
    (listed,) = http.call("GET", HOOKS).json()["webhooks"]
    assert listed["cursorForNextPayload"] == 4


@pytest.mark.parametrize("cursor", [1, 2, 7])
def test_a_page_without_payloads_leaves_the_cursor_where_it_was(hook: Any, http: Any, cursor: int) -> None:
    answer = http.call("GET", f"{HOOKS}/{hook()}/payloads", params={"cursor": cursor}).json()

    assert answer == {"payloads": [], "cursor": cursor, "mightHaveMore": False}


def test_pyairtable_manages_webhooks_and_reads_their_payloads(api: Api, http: Any) -> None:
    base = api.base(BASE)
    made = base.add_webhook(
        "https://example.com/told", {"options": {"filters": {"dataTypes": ["tableData"]}}}
    )
    patch(http, Title="T2")

    webhook = base.webhook(made.id)
    webhook.disable_notifications()
    webhook.extend_expiration()
    (payload,) = webhook.payloads()

    assert payload.changed_tables_by_id[TASKS].changed_records_by_id[TASK].current is not None
    assert not api.base(BASE).webhook(made.id).are_notifications_enabled
    webhook.delete()
    assert api.base(BASE).webhooks() == []


def test_a_webhook_ends_after_a_week_unless_it_is_refreshed_or_read(
    hook: Any, payloads: Any, http: Any, clock: Any
) -> None:
    ended, refreshed, read = hook(), hook(), hook()
    clock.instant += timedelta(days=6)
    ends = http.call("POST", f"{HOOKS}/{refreshed}/refresh").json()["expirationTime"]
    payloads(read)
    clock.instant += timedelta(days=2)

    patch(http, Title="T2")

    assert ends == "2026-12-06T12:00:00.000Z"
    assert [len(payloads(one)) for one in (ended, refreshed, read)] == [0, 1, 1]


def test_an_expired_webhook_can_be_read_for_another_week_and_not_be_brought_back(
    hook: Any, payloads: Any, http: Any, clock: Any
) -> None:
    hook_id = hook()
    clock.instant += timedelta(days=6.9)
    patch(http, Title="T2")
    clock.instant += timedelta(days=1)
    patch(http, Title="T3")

    refused = http.call("POST", f"{HOOKS}/{hook_id}/refresh")

    assert (refused.status_code, refused.json()["error"]["type"]) == (422, "INVALID_REQUEST_UNKNOWN")
    assert len(payloads(hook_id)) == 1
    (listed,) = http.call("GET", HOOKS).json()["webhooks"]
    assert (listed["isHookEnabled"], listed["expirationTime"]) == (False, "2026-11-30T12:00:00.000Z")


def test_a_webhook_is_gone_a_week_after_it_has_expired(hook: Any, http: Any, clock: Any) -> None:
    hook_ids = [hook() for _ in range(10)]
    clock.instant += timedelta(days=14)

    gone = http.call("GET", f"{HOOKS}/{hook_ids[0]}/payloads")

    assert (gone.status_code, http.call("GET", HOOKS).json()) == (403, {"webhooks": []})
    assert hook() not in hook_ids


def test_payloads_wait_for_a_week(hook: Any, payloads: Any, http: Any, clock: Any) -> None:
    hook_id = hook()
    patch(http, Title="T2")
    clock.instant += timedelta(days=4)
    payloads(hook_id)
    clock.instant += timedelta(days=4)
    patch(http, Title="T3")

    (payload,) = payloads(hook_id)

    assert changed(payload)["current"] == cells(**{TITLE: "T3"})


@pytest.mark.parametrize(
    "specification",
    [
        None,
        {},
        {"options": {"filters": {}}},
        {"options": {"filters": {"dataTypes": []}}},
        {"options": {"filters": {"dataTypes": ["everything"]}}},
        {"options": {"filters": {"dataTypes": ["tableData"], "changeTypes": ["rename"]}}},
        {"options": {"filters": {"dataTypes": ["tableData"], "recordChangeScope": "tblNope0000000000"}}},
        {"options": {"filters": {"dataTypes": ["tableData"], "watchDataInFieldIds": ["fldNope0000000000"]}}},
        {"options": {"filters": {"dataTypes": ["tableData"], "more": 1}}},
        {
            "options": {
                "filters": {"dataTypes": ["tableData"]},
                "includes": {"includeCellValuesInFieldIds": "x"},
            }
        },
    ],
)
def test_a_specification_that_cannot_be_followed_is_refused(http: Any, specification: Any) -> None:
    answer = http.call("POST", HOOKS, json={"specification": specification})

    assert answer.status_code == 422
    assert http.call("GET", HOOKS).json() == {"webhooks": []}


def test_a_base_has_ten_webhooks_at_most(hook: Any, http: Any) -> None:
    for _ in range(10):
        hook()

    specification = {"options": {"filters": {"dataTypes": ["tableData"]}}}
    answer = http.call("POST", HOOKS, json={"specification": specification})
    assert (answer.status_code, answer.json()["error"]["type"]) == (422, "TOO_MANY_WEBHOOKS_IN_BASE")


def test_whoever_is_told_of_data_may_read_data(
    store: Store, serve: Callable[..., str], connect: Callable[[str], Any]
) -> None:
    grant = {"user": "usrAda00000000000", "scopes": ["webhook:manage", "schema.bases:read"]}
    http = connect(serve(store, tokens=ListedTokens({"patTest": grant})))

    statuses = [
        http.call(
            "POST", HOOKS, json={"specification": {"options": {"filters": {"dataTypes": [name]}}}}
        ).status_code
        for name in ("tableData", "tableFields")
    ]

    assert statuses == [403, 200]
    http.close()


class _Receiver(BaseHTTPRequestHandler):
    """Keeps what it is told, and answers with the statuses it was given, 204 when there are none left."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        server: Any = self.server
        server.told.put((self.path, self.headers["X-Airtable-Content-MAC"], body))
        self.send_response(server.statuses.pop(0) if server.statuses else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Any]:
    server: Any
    with ThreadingHTTPServer(("127.0.0.1", 0), _Receiver) as server:
        server.told, server.statuses = queue.Queue(), []
        server.url = f"http://127.0.0.1:{server.server_port}/told?x=1"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


QUICK = PingRules(allow_private_urls=True, first_delay_seconds=0.001, retries=2)


def listed(http: Any) -> Any:
    return http.call("GET", HOOKS).json()["webhooks"][0]


def test_a_ping_is_signed_with_the_secret_that_was_told_once(store: Store, http: Any, receiver: Any) -> None:
    specification = {"options": {"filters": {"dataTypes": ["tableData"]}}}
    made = http.call(
        "POST", HOOKS, json={"notificationUrl": receiver.url, "specification": specification}
    ).json()

    with WebhookPings(store, QUICK) as pings:
        patch(http, Title="T2")
        path, mac, body = receiver.told.get(timeout=10)
        pings.settle(10)

    ping = WebhookNotification.from_request(body, mac, made["macSecretBase64"])
    assert (path, ping.base.id, ping.webhook.id) == ("/told?x=1", BASE, made["id"])
    assert "macSecretBase64" not in listed(http)
    assert listed(http)["lastNotificationResult"]["success"]
    assert listed(http)["lastSuccessfulNotificationTime"] == "2026-11-23T12:00:00.000Z"


def test_a_ping_that_waited_when_the_process_ended_is_sent_by_the_next_one(
    store: Store, http: Any, hook: Any, receiver: Any, clock: Any
) -> None:
    hook(url=receiver.url)
    patch(http, Title="T2")

    with WebhookPings(store, QUICK) as pings:
        receiver.told.get(timeout=10)
        pings.settle(10)
    with WebhookPings(store, QUICK) as pings:
        pings.settle(10)

    assert receiver.told.empty()


def test_a_ping_that_fails_is_sent_again(store: Store, http: Any, hook: Any, receiver: Any) -> None:
    receiver.statuses = [500, 302]
    hook(url=receiver.url)

    with WebhookPings(store, QUICK) as pings:
        patch(http, Title="T2")
        for _ in range(3):
            receiver.told.get(timeout=10)
        pings.settle(10)

    result = listed(http)["lastNotificationResult"]
    assert (result["success"], result["retryNumber"]) == (True, 2)
    assert listed(http)["areNotificationsEnabled"]


def test_after_the_last_retry_notifications_end_and_payloads_go_on(
    store: Store, http: Any, hook: Any, payloads: Any, receiver: Any
) -> None:
    receiver.statuses = [500, 500, 500]
    hook_id = hook(url=receiver.url)

    with WebhookPings(store, QUICK) as pings:
        patch(http, Title="T2")
        for _ in range(3):
            receiver.told.get(timeout=10)
        pings.settle(10)
    patch(http, Title="T3")

    result = listed(http)["lastNotificationResult"]
    assert (result["success"], result["willBeRetried"]) == (False, False)
    assert result["error"]["message"] == "the server answered 500"
    assert not listed(http)["areNotificationsEnabled"]
    assert len(payloads(hook_id)) == 2


def test_nothing_of_this_machine_is_told_unless_that_is_allowed(
    store: Store, http: Any, hook: Any, receiver: Any
) -> None:
    hook(url=receiver.url)

    with WebhookPings(store, PingRules(first_delay_seconds=0.001, retries=0)) as pings:
        patch(http, Title="T2")
        pings.settle(10)

    assert receiver.told.empty()
    assert not listed(http)["lastNotificationResult"]["success"]


def test_no_ping_goes_out_for_a_write_that_is_refused(
    store: Store, http: Any, hook: Any, receiver: Any
) -> None:
    hook(url=receiver.url)

    with WebhookPings(store, QUICK) as pings:
        http.call("PATCH", f"{BASE}/Tasks/{TASK}", json={"fields": {"Title": "T2", "Hours": "x"}})
        pings.settle(10)

    assert receiver.told.empty()
    assert listed(http)["lastNotificationResult"] is None
