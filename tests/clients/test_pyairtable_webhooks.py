"""pyairtable's webhooks against the local Airtable: every call of their public face, and a signed ping."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from threading import Thread

import pytest
from pyairtable import Api
from pyairtable import Base as PyBase
from pyairtable.models import WebhookNotification

from local_twins.airtable import AnyToken, Store, TwinServer, create_app, deliveries, load_samples

ALL_RECORDS = {"options": {"filters": {"dataTypes": ["tableData"]}}}


class Receiver(HTTPServer):
    """Where pings arrive: their bodies and signatures are kept."""

    timeout = 20

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ping)
        self.arrived: Queue[tuple[str, str]] = Queue()


class Ping(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.arrived.put((body.decode(), self.headers["x-airtable-content-mac"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def base() -> Iterator[PyBase]:
    """A sample base whose webhooks may ping this machine."""
    with Store.open(":memory:") as store, deliveries(store, allow_private_urls=True):
        load_samples(store)
        with TwinServer(create_app(store, tokens=AnyToken())) as url:
            api = Api("patAny", endpoint_url=url, timeout=(5, 30))
            yield next(base for base in api.bases() if base.name == "NYC Flights 2013")
            api.session.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Awaits one ping."""
    server = Receiver()
    thread = Thread(target=server.handle_request)
    thread.start()
    yield server
    thread.join()
    server.server_close()


def test_a_webhook_is_made_found_switched_extended_and_deleted(base):
    made = base.add_webhook("https://example.com/told", ALL_RECORDS)

    webhook = base.webhook(made.id)
    assert webhook.notification_url == "https://example.com/told"
    assert webhook.specification.options.filters.data_types == ["tableData"]
    assert webhook.are_notifications_enabled
    assert webhook.expiration_time - made.expiration_time == timedelta(0)
    webhook.disable_notifications()
    assert not base.webhook(made.id).are_notifications_enabled
    webhook.enable_notifications()
    assert base.webhook(made.id).are_notifications_enabled
    webhook.extend_expiration()
    assert base.webhook(made.id).expiration_time >= made.expiration_time
    webhook.delete()
    assert base.webhooks() == []


def test_payloads_tell_of_what_was_made_changed_and_deleted_in_order(base):
    made = base.add_webhook("https://example.com/told", ALL_RECORDS)
    airlines = base.table("Airlines")
    name = base.schema().table("Airlines").field("Name").id
    record = airlines.create({"Name": "First"})
    airlines.update(record["id"], {"Name": "Second"})
    airlines.delete(record["id"])

    created, changed, destroyed = base.webhook(made.id).payloads()

    (told,) = created.changed_tables_by_id.values()
    assert told.created_records_by_id[record["id"]].cell_values_by_field_id[name] == "First"
    (told,) = changed.changed_tables_by_id.values()
    assert told.changed_records_by_id[record["id"]].current.cell_values_by_field_id[name] == "Second"
    (told,) = destroyed.changed_tables_by_id.values()
    assert told.destroyed_record_ids == [record["id"]]
    assert [payload.cursor for payload in (created, changed, destroyed)] == [1, 2, 3]
    assert [payload.cursor for payload in base.webhook(made.id).payloads(cursor=2, limit=1)] == [2]


def test_a_ping_bears_the_signature_that_it_checks(base, receiver):
    host, port = receiver.server_address
    made = base.add_webhook(f"http://{host}:{port}/told", ALL_RECORDS)

    base.table("Airlines").create({"Name": "First"})
    body, signature = receiver.arrived.get(timeout=20)

    told = WebhookNotification.from_request(body, signature, made.mac_secret_base64)
    assert (told.base.id, told.webhook.id) == (base.id, made.id)
    with pytest.raises(ValueError, match="failed validation"):
        WebhookNotification.from_request(body, signature + "0", made.mac_secret_base64)
