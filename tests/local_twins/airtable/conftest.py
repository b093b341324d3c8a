from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from pyairtable import Api

from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document

BASE = "appTest0000000000"

PEOPLE = {
    "id": "tblPeople00000000",
    "name": "People",
    "primaryFieldId": "fldPeName00000000",
    "fields": [
        {"id": "fldPeName00000000", "name": "Name", "type": "singleLineText"},
        {
            "id": "fldPeTasks0000000",
            "name": "Tasks",
            "type": "multipleRecordLinks",
            "options": {"linkedTableId": "tblTasks000000000", "inverseLinkFieldId": "fldTaOwner0000000"},
        },
    ],
}
TASKS = {
    "id": "tblTasks000000000",
    "name": "Tasks",
    "primaryFieldId": "fldTaTitle0000000",
    "fields": [
        {"id": "fldTaTitle0000000", "name": "Title", "type": "singleLineText"},
        {"id": "fldTaHours0000000", "name": "Hours", "type": "number", "options": {"precision": 2}},
        {
            "id": "fldTaStatus000000",
            "name": "Status",
            "type": "singleSelect",
            "options": {
                "choices": [{"id": "selTodo0000000000", "name": "Todo"}, {"name": "Doing"}, {"name": "Done"}]
            },
        },
        {
            "id": "fldTaLabels000000",
            "name": "Labels",
            "type": "multipleSelects",
            "options": {"choices": [{"name": "red"}, {"name": "blue"}]},
        },
        {
            "id": "fldTaDue000000000",
            "name": "Due",
            "type": "date",
            "options": {"dateFormat": {"name": "iso", "format": "YYYY-MM-DD"}},
        },
        {
            "id": "fldTaDone00000000",
            "name": "Done",
            "type": "checkbox",
            "options": {"icon": "check", "color": "greenBright"},
        },
        {"id": "fldTaFiles0000000", "name": "Files", "type": "multipleAttachments"},
        {"id": "fldTaLead00000000", "name": "Lead", "type": "singleCollaborator"},
        {"id": "fldTaNumber000000", "name": "Number", "type": "autoNumber"},
        {
            "id": "fldTaOwner0000000",
            "name": "Owner",
            "type": "multipleRecordLinks",
            "options": {"linkedTableId": "tblPeople00000000", "inverseLinkFieldId": "fldPeTasks0000000"},
        },
    ],
    "views": [
        {"id": "viwTaGrid00000000", "name": "Grid view", "type": "grid"},
        {
            "id": "viwTaLongest00000",
            "name": "Longest first",
            "type": "grid",
            "sort": [{"field": "Hours", "direction": "desc"}],
            "visibleFieldIds": ["Title", "Hours"],
        },
    ],
}


def _document(**records: list[dict[str, Any]]) -> dict[str, Any]:
    """A base of people and tasks, with those records by table name."""
    return {
        "users": [{"id": "usrAda00000000000", "email": "ada@example.com", "name": "Ada"}],
        "bases": [
            {
                "id": BASE,
                "name": "Work",
                "workspaceId": "wspTest0000000000",
                "tables": [TASKS, PEOPLE],
                "records": records,
            }
        ],
    }


class Clock:
    """The present instant, moved by hand."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant


class Client:
    """Plain HTTP with a token: no client's own manners between a test and the twin."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.headers["Authorization"] = "Bearer patTest"

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        return self._session.request(method, f"{self.url}/v0/{path}", timeout=10, **options)

    def close(self) -> None:
        self._session.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def records() -> dict[str, list[dict[str, Any]]]:
    """The records that the base begins with, by table; tests that need some say so."""
    return {}


@pytest.fixture(scope="session")
def a_document() -> Callable[..., dict[str, Any]]:
    return _document


@pytest.fixture(scope="session")
def connect() -> Callable[[str], Client]:
    return Client


@pytest.fixture
def document(records: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return _document(**records)


@pytest.fixture
def store(clock: Clock, document: dict[str, Any]) -> Iterator[Store]:
    with Store.open(":memory:", clock=clock) as store:
        import_document(store, document)
        yield store


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Serves a store until the test ends, and gives the address."""
    servers: list[TwinServer] = []

    def start(store: Store, **options: Any) -> str:
        server = TwinServer(create_app(store, **{"tokens": AnyToken(), **options}))
        servers.append(server)
        return server.start()

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def url(store: Store, serve: Callable[..., str]) -> str:
    return serve(store)


@pytest.fixture
def http(url: str) -> Iterator[Client]:
    client = Client(url)
    yield client
    client.close()


@pytest.fixture
def api(url: str) -> Iterator[Api]:
    api = Api("patTest", endpoint_url=url)
    yield api
    api.session.close()
