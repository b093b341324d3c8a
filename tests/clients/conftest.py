"""A base with a field of every type, served to whichever client is tried."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document

GALLERY = Path(__file__).with_name("gallery.json")


@dataclass(frozen=True, slots=True)
class Gallery:
    """Where the base is, and the ids that its document fixes."""

    url: str
    base: str = "appGallery0000000"
    things: str = "tblThings00000000"
    files: str = "fldFiles000000000"
    table: str = "recTable000000000"
    stool: str = "recStool000000000"
    shelf: str = "recShelf000000000"
    leg: str = "recLeg00000000000"
    top: str = "recTop00000000000"


@contextmanager
def served() -> Iterator[Gallery]:
    with Store.open(":memory:") as store:
        import_document(store, json.loads(GALLERY.read_text(encoding="utf-8")))
        with TwinServer(create_app(store, tokens=AnyToken())) as url:
            yield Gallery(url)


@pytest.fixture
def gallery() -> Iterator[Gallery]:
    """The base as its document tells it, new for each test."""
    with served() as gallery:
        yield gallery


@pytest.fixture(scope="module")
def gallery_to_read() -> Iterator[Gallery]:
    """The same for tests that change nothing."""
    with served() as gallery:
        yield gallery
