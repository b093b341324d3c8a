"""Files that a change takes out of their cells come back with their bytes."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
import requests

from airtable_gateway import Author, Endpoint, FixedEndpoint, JournaledGateway, MemoryJournal, RecordChange
from airtable_gateway.journal.fetching import FileFetcher
from airtable_gateway.pyairtable_gateway import PyAirtableGateway

BASE, THINGS, SHELF = "Gallery", "Things", "recShelf000000000"
ADA = Author("ada", "a_tool")


async def _fill(gateway, *names: str) -> list[dict[str, Any]]:
    """The shelf's cell with those files, each of which holds its own name."""
    cell: list[dict[str, Any]] = []
    for name in names:
        cell = await gateway.upload_attachment(
            BASE, THINGS, SHELF, "Files", filename=name, content_type="text/plain", content=name.encode()
        )
    return cell


async def _contents(gateway, record_id=SHELF) -> list[tuple[str, bytes]]:
    record = await gateway.record(BASE, THINGS, record_id)
    files = record.fields.get("Files", [])
    return [(item["filename"], requests.get(item["url"], timeout=5).content) for item in files]


async def test_files_that_were_taken_out_come_back_in_their_place(museum):
    _, second, _ = await _fill(museum, "a.txt", "b.txt", "c.txt")
    signed = museum.signed(ADA)
    await signed.update(BASE, THINGS, [RecordChange(SHELF, {"Files": [{"id": second["id"]}]})])
    assert [name for name, _ in await _contents(museum)] == ["b.txt"]

    await museum.undo(signed.written[0].id)

    assert await _contents(museum) == [("a.txt", b"a.txt"), ("b.txt", b"b.txt"), ("c.txt", b"c.txt")]
    [change] = [c for c in (await museum.changes()).changes if c.id == signed.written[0].id]
    assert change.undo.level == "partial"


async def test_the_files_of_a_deleted_record_come_back_with_it(museum):
    await _fill(museum, "a.txt", "b.txt")
    signed = museum.signed(ADA)
    await signed.delete(BASE, THINGS, [SHELF])

    undone = await museum.undo(signed.written[0].id)

    assert await _contents(museum, undone.new_ids[SHELF]) == [("a.txt", b"a.txt"), ("b.txt", b"b.txt")]


async def test_a_cell_whose_files_came_back_is_as_an_earlier_change_left_it(museum):
    filling = museum.signed(ADA)
    await _fill(filling, "a.txt")
    emptying = museum.signed(ADA)
    await emptying.update(BASE, THINGS, [RecordChange(SHELF, {"Files": []})])

    await museum.undo(emptying.written[0].id)
    await museum.undo(filling.written[0].id)

    assert await _contents(museum) == []


async def test_undone_files_are_taken_out_again_by_redo(museum):
    await _fill(museum, "a.txt", "b.txt")
    signed = museum.signed(ADA)
    await signed.update(BASE, THINGS, [RecordChange(SHELF, {"Files": None})])

    undone = await museum.undo(signed.written[0].id)
    await museum.undo(undone.call)

    assert await _contents(museum) == []


async def test_only_files_that_leave_their_cell_and_are_not_too_large_are_kept(gallery):
    journal = MemoryJournal()
    airtable = FixedEndpoint(Endpoint(gallery.url, "patAny"))
    inner = PyAirtableGateway(airtable, rate_limit=None)
    fetcher = FileFetcher(airtable)
    async with fetcher as fetch, JournaledGateway(inner, journal, fetch=fetch, file_limit=5) as small:
        short, long, stays = await _fill(small, "a.txt", "longer.txt", "c.txt")
        await small.update(BASE, THINGS, [RecordChange(SHELF, {"Files": [{"id": stays["id"]}]})])

        kept = [await journal.file(item["id"]) is not None for item in (short, long, stays)]
        assert kept == [True, False, False]


class _Endless(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/gone":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"x" * 100)

    def log_message(self, *_: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def server():
    server = HTTPServer(("127.0.0.1", 0), _Endless)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


async def test_a_file_that_is_too_large_or_gone_or_no_address_is_not_fetched(server, tmp_path):
    local = tmp_path / "secret"
    local.write_text("secret")

    async with FileFetcher(FixedEndpoint(Endpoint(server, "patAny"))) as fetch:
        assert await fetch(f"{server}/file", 100) == b"x" * 100
        assert await fetch(f"{server}/file", 99) is None
        assert await fetch(f"{server}/gone", 100) is None
        assert await fetch(local.as_uri(), 100) is None
        assert await fetch("http://127.0.0.1:1/", 100) is None
