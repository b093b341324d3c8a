"""Attachments: bytes that are uploaded or fetched, kept, described and served."""

import struct
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import requests
from pyairtable import Api

from local_twins.airtable import Fetcher, FileFetching, Store, export_document, save_snapshot
from local_twins.airtable.files.fetcher import NotFetched
from local_twins.airtable.files.images import image_size

BASE = "appTest0000000000"
RECORD = "recTask0000000001"
FILES = "fldTaFiles0000000"


@pytest.fixture
def records() -> dict[str, list[dict[str, Any]]]:
    return {"Tasks": [{"id": RECORD, "fields": {"Title": "T1"}}]}


def png(width: int, height: int) -> bytes:
    from io import BytesIO

    image = pytest.importorskip("PIL.Image")
    written = BytesIO()
    image.new("RGB", (width, height), "red").save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def upload(api: Api, url: str) -> Callable[..., Any]:
    """pyairtable's own upload, sent to the twin in place of the host that is fixed in its code."""

    def send(filename: str, content: bytes, content_type: str | None = None) -> Any:
        table = api.table(BASE, "Tasks")
        address = f"{url}/v0/{BASE}/{RECORD}/Files/uploadAttachment"
        table.urls.upload_attachment = lambda *_: address  # type: ignore[method-assign, assignment]  # the override
        return table.upload_attachment(RECORD, "Files", filename, content, content_type)

    return send


def test_an_upload_is_added_to_the_cell_which_is_named_by_the_fields_id(
    upload: Callable[..., Any], http: Any
) -> None:
    upload("one.txt", b"hello" * 100)
    answer = upload("two.txt", b"world")

    first, second = answer["fields"][FILES]
    assert answer["id"] == RECORD
    assert (first["filename"], first["size"], first["type"]) == ("one.txt", 500, "text/plain")
    assert second["id"].startswith("att")
    assert http.call("GET", f"{BASE}/Tasks/{RECORD}").json()["fields"]["Files"] == [first, second]


def test_the_bytes_are_served_to_whoever_has_the_address_and_nothing_in_them_runs(
    upload: Callable[..., Any],
) -> None:
    (item,) = upload("a b ä.html", b"<html><script>alert(1)</script>", "text/html")["fields"][FILES]

    served = requests.get(item["url"], timeout=10)

    assert served.content == b"<html><script>alert(1)</script>"
    assert served.headers["content-type"].startswith("text/html")
    assert "sandbox" in served.headers["content-security-policy"]


def test_the_type_is_the_one_that_the_bytes_show(upload: Callable[..., Any]) -> None:
    (item,) = upload("x.txt", b"%PDF-1.7\n", "text/plain")["fields"][FILES]

    assert item["type"] == "application/pdf"


def test_a_picture_has_a_size_and_thumbnails(upload: Callable[..., Any]) -> None:
    (item,) = upload("red.png", png(600, 300), "image/png")["fields"][FILES]

    sizes = {name: (small["width"], small["height"]) for name, small in item["thumbnails"].items()}
    small = requests.get(item["thumbnails"]["small"]["url"], timeout=10)
    assert (item["width"], item["height"]) == (600, 300)
    assert sizes == {"small": (72, 36), "large": (512, 256), "full": (600, 300)}
    assert image_size("image/png", small.content) == (72, 36)
    assert item["thumbnails"]["full"]["url"] == item["url"]


@pytest.mark.parametrize(
    ("type_", "content", "size"),
    [
        ("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 7, 9), (7, 9)),
        ("image/gif", b"GIF89a" + struct.pack("<HH", 7, 9), (7, 9)),
        ("image/jpeg", b"\xff\xd8\xff\xe0\0\4xx\xff\xff\xc2\0\x11\x08" + struct.pack(">HH", 9, 7), (7, 9)),
        ("image/webp", b"RIFF....WEBPVP8X....\0\0\0\0" + b"\6\0\0" + b"\x08\0\0", (7, 9)),
        ("image/webp", b"RIFF....WEBPVP8L....\x2f" + struct.pack("<I", 6 | 8 << 14), (7, 9)),
        ("image/webp", b"RIFF....WEBPVP8 ....\0\0\0\x9d\1\x2a" + struct.pack("<HH", 7 | 1 << 14, 9), (7, 9)),
        ("image/png", b"\x89PNG\r\n\x1a\n", None),
        ("image/jpeg", b"\xff\xd8\xff\xe0\0\4xx", None),
        ("image/webp", b"RIFF....WEBPVP8X....\0\0\0\0\6", None),
        ("text/plain", b"GIF89a", None),
    ],
)
def test_the_size_of_a_picture_is_read_off_its_head(type_: str, content: bytes, size: Any) -> None:
    assert image_size(type_, content) == size


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"{BASE}/{RECORD}/Nope", {"contentType": "t/x", "filename": "x", "file": "eA=="}, 422),
        (f"{BASE}/{RECORD}/Title", {"contentType": "t/x", "filename": "x", "file": "eA=="}, 422),
        (f"{BASE}/recNope0000000000/Files", {"contentType": "t/x", "filename": "x", "file": "eA=="}, 403),
        (f"{BASE}/nope/Files", {"contentType": "t/x", "filename": "x", "file": "eA=="}, 404),
        (f"{BASE}/{RECORD}/Files", {"contentType": "t/x", "filename": "x", "file": "e?"}, 422),
        (f"{BASE}/{RECORD}/Files", {"filename": "x", "file": "eA=="}, 422),
        (
            f"{BASE}/{RECORD}/Files",
            {"contentType": "t/x", "filename": "x", "file": "AAAA" * (5 * 2**20 // 3 + 1)},
            413,
        ),
    ],
)
def test_an_upload_that_makes_no_sense_is_refused(http: Any, path: str, body: Any, status: int) -> None:
    answer = http.call("POST", f"{path}/uploadAttachment", json=body)

    assert answer.status_code == status
    assert "Files" not in http.call("GET", f"{BASE}/Tasks/{RECORD}").json()["fields"]


def test_an_address_leads_to_its_file_for_two_hours_and_a_new_one_is_given_then(
    upload: Callable[..., Any], http: Any, clock: Any
) -> None:
    (told,) = upload("a.txt", b"a")["fields"][FILES]

    clock.instant += timedelta(hours=2)
    still = requests.get(told["url"], timeout=10).status_code
    clock.instant += timedelta(hours=1)
    gone = requests.get(told["url"], timeout=10).status_code
    (again,) = http.call("GET", f"{BASE}/Tasks/{RECORD}").json()["fields"]["Files"]

    assert (still, gone) == (200, 410)
    assert requests.get(again["url"], timeout=10).content == b"a"


def test_an_address_is_good_for_its_own_file_only(upload: Callable[..., Any]) -> None:
    upload("a.txt", b"a")
    first, second = upload("b.txt", b"b")["fields"][FILES]
    signature = first["url"].partition("?")[2]
    plain = second["url"].partition("?")[0]

    assert requests.get(f"{plain}?{signature}", timeout=10).status_code == 403
    assert requests.get(plain, timeout=10).status_code == 403
    assert requests.get(f"{plain}?expires=9999999999&signature=\u00e9", timeout=10).status_code == 403


def test_an_attachment_stays_when_it_is_told_by_id_and_its_bytes_with_it(
    upload: Callable[..., Any], http: Any
) -> None:
    first, second = upload("a.txt", b"a")["fields"][FILES] + upload("b.txt", b"b")["fields"][FILES][1:]

    kept = http.call("PATCH", f"{BASE}/Tasks/{RECORD}", json={"fields": {"Files": [{"id": second["id"]}]}})

    assert first["id"] != second["id"]
    assert kept.json()["fields"]["Files"] == [second]


class _Shelf(BaseHTTPRequestHandler):
    """A server of a few files and redirects."""

    pages: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {
        "/cat.gif": (200, {"Content-Type": "image/gif"}, b"GIF89a" + struct.pack("<HH", 7, 9)),
        "/moved": (302, {"Location": "/cat.gif"}, b""),
        "/round": (302, {"Location": "/round"}, b""),
        "/away": (302, {"Location": "file:///etc/passwd"}, b""),
        "/big": (200, {}, b"x" * 2000),
        "/slow": (200, {}, b"at last"),
    }
    gate: ClassVar[threading.Event] = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/slow":
            self.gate.wait(10)
        status, headers, content = self.pages.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def shelf() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Shelf) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_file_given_by_its_address_is_fetched_and_kept(
    store: Store, http: Any, url: str, shelf: str
) -> None:
    with FileFetching(store, Fetcher(allow_private_urls=True)) as fetching:
        cell = [{"url": f"{shelf}/moved", "filename": "cat.gif"}]
        (asked,) = http.call("PATCH", f"{BASE}/Tasks/{RECORD}", json={"fields": {"Files": cell}}).json()[
            "fields"
        ]["Files"]
        fetching.settle(10)

    (item,) = http.call("GET", f"{BASE}/Tasks/{RECORD}").json()["fields"]["Files"]
    assert item["id"] == asked["id"]
    assert item["url"].startswith(url)
    assert (item["filename"], item["type"], item["size"]) == ("cat.gif", "image/gif", 10)
    assert (item["width"], item["height"]) == (7, 9)
    assert requests.get(item["url"], timeout=10).content.startswith(b"GIF89a")


def test_a_file_that_was_asked_for_when_the_process_ended_is_fetched_by_the_next_one(
    store: Store, http: Any, shelf: str, tmp_path: Path
) -> None:
    fetcher = Fetcher(allow_private_urls=True)
    _Shelf.gate.clear()
    with FileFetching(store, fetcher):
        http.call("PATCH", f"{BASE}/Tasks/{RECORD}", json={"fields": {"Files": [{"url": f"{shelf}/slow"}]}})
        save_snapshot(store, tmp_path / "at-the-end.db")
        _Shelf.gate.set()

    with Store.open(tmp_path / "at-the-end.db") as after:
        for _ in range(2):
            with FileFetching(after, fetcher) as fetching:
                fetching.settle(10)
        (record,) = export_document(after)["bases"][0]["records"]["tblTasks000000000"]

    assert [item["size"] for item in record["fields"]["Files"]] == [7]


def test_an_address_that_failed_twice_lately_is_left_out_and_the_answer_says_so(
    store: Store, http: Any, clock: Any, shelf: str
) -> None:
    body = {"fields": {"Files": [{"url": f"{shelf}/missing"}]}}
    with FileFetching(store, Fetcher(allow_private_urls=True)) as fetching:
        for _ in range(2):
            answer = http.call("POST", f"{BASE}/Tasks", json=body).json()
            assert "Files" in answer["fields"]
            assert "details" not in answer
            fetching.settle(10)

    partly = {"message": "partialSuccess", "reasons": ["attachmentsFailedUploading"]}
    one = http.call("PATCH", f"{BASE}/Tasks/{RECORD}", json=body).json()
    many = http.call("POST", f"{BASE}/Tasks", json={"records": [body, {"fields": {"Title": "T"}}]}).json()
    assert (one["fields"], one["details"]) == ({"Title": "T1", "Number": 1}, partly)
    assert (len(many["records"]), many["details"]) == (2, partly)

    clock.instant += timedelta(minutes=10)
    later = http.call("PATCH", f"{BASE}/Tasks/{RECORD}", json=body).json()
    assert "Files" in later["fields"]
    assert "details" not in later


def test_without_a_fetcher_an_address_stays_what_it_is(http: Any, shelf: str) -> None:
    cell = [{"url": f"{shelf}/cat.gif"}]

    (item,) = http.call("PATCH", f"{BASE}/Tasks/{RECORD}", json={"fields": {"Files": cell}}).json()["fields"][
        "Files"
    ]

    assert (item["url"], item["filename"]) == (f"{shelf}/cat.gif", "cat.gif")
    assert "size" not in item


@pytest.mark.parametrize("end", ["", "/", "?a=b/c"])
def test_an_address_that_names_no_file_is_an_unnamed_attachment(http: Any, end: str) -> None:
    cell = {"fields": {"Files": [{"url": f"https://example.com{end}"}]}}

    (item,) = http.call("PATCH", f"{BASE}/Tasks/{RECORD}", json=cell).json()["fields"]["Files"]

    assert item["filename"] == "Unnamed attachment"


@pytest.mark.parametrize("path", ["/missing", "/round", "/big", "/away"])
def test_what_cannot_be_had_is_not_fetched(shelf: str, path: str) -> None:
    fetcher = Fetcher(allow_private_urls=True, most_bytes=1000)

    with pytest.raises(NotFetched):
        fetcher.fetch(shelf + path)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/x", "http://localhost:9/x", "http://[::1]:9/x", "http://0x7f.1:9/x", "file:///x"],
)
def test_nothing_of_this_machine_is_fetched(url: str) -> None:
    with pytest.raises(NotFetched, match=r"public servers only|http"):
        Fetcher().fetch(url)
