"""Comments on records, and files in their cells."""

import base64
import os
from dataclasses import replace

import pytest
from mcp import Client
from mcp.types import BlobResourceContents
from starlette.responses import RedirectResponse
from tests.pyairtable_mcp.conftest import Caller

from airtable_gateway import Endpoint, FixedEndpoint
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, TwinServer, create_app, import_document
from pyairtable_mcp import TOOLS, ToolContext, build_server

TASK = "recTask0000000001"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


async def test_comments_are_made_listed_changed_and_deleted(call):
    shown = await call("create_comment", record_id=TASK, text="First", dry_run=True)
    empty = await call("list_comments", record_id=TASK)
    first = await call("create_comment", record_id=TASK, text="First")
    answer = await call("create_comment", record_id=TASK, text="Second", parent_id=first["id"])
    changed = await call("update_comment", record_id=TASK, comment_id=first["id"], text="First!")
    listed = await call("list_comments", record_id=TASK)
    deleted = await call.agreed("delete_comment", record_id=TASK, comment_id=answer["id"])
    left = await call("list_comments", record_id=TASK)
    missing = await call.refused("delete_comment", record_id=TASK, comment_id="comNothing0000001")

    assert shown["differences"] == [{"after": {"text": "First"}}]
    assert empty["comments"] == []
    assert [comment["text"] for comment in listed["comments"]] == ["Second", "First!"]
    assert changed["text"] == "First!"
    assert deleted["deleted"]
    assert [comment["text"] for comment in left["comments"]] == ["First!"]
    assert "list_comments" in missing
    assert all(written["change_id"] for written in (first, answer, changed, deleted))


async def test_a_rehearsed_answer_needs_its_comment(call):
    first = await call("create_comment", record_id=TASK, text="First")

    shown = await call("create_comment", record_id=TASK, text="x", parent_id=first["id"], dry_run=True)
    missing = await call.refused(
        "create_comment", record_id=TASK, text="x", parent_id="comNothing0000001", dry_run=True
    )
    elsewhere = await call.refused(
        "create_comment", record_id="recTask0000000002", text="x", parent_id=first["id"], dry_run=True
    )

    assert shown["differences"] == [{"after": {"text": "x", "parent_id": first["id"]}}]
    assert "no comment 'comNothing0000001'" in missing
    assert f"no comment {first['id']!r}" in elsewhere


async def test_who_is_mentioned_is_named(call, store):
    import_document(store, {"users": [{"id": "usrAda00000000001", "name": "Ada", "email": "ada@x.org"}]})

    await call("create_comment", record_id=TASK, text="Look, @[ada@x.org]!")

    [comment] = (await call("list_comments", record_id=TASK))["comments"]
    assert comment["text"] == "Look, @[usrAda00000000001]!"
    assert comment["mentions"] == {"usrAda00000000001": "Ada"}
    assert "reactions" not in comment


async def test_many_comments_are_listed_page_by_page(call, context):
    for number in range(105):
        await context.gateway.create_comment("Work", "Tasks", TASK, f"Comment {number}")

    first = await call("list_comments", record_id=TASK)
    rest = await call("list_comments", record_id=TASK, cursor=first["cursor"])
    wrong = await call.refused("list_comments", record_id="recTask0000000002", cursor=first["cursor"])

    texts = [comment["text"] for page in (first, rest) for comment in page["comments"]]
    assert texts == [f"Comment {number}" for number in reversed(range(105))]
    assert "cursor" not in rest
    assert "belongs to another list" in wrong


@pytest.fixture
async def files(context):
    """A field for files on the table Tasks."""
    await context.gateway.create_field("Work", "Tasks", "Files", "multipleAttachments")


async def test_a_file_is_added_by_its_content_and_read_back_as_a_resource(call, files):
    content = base64.b64encode(PNG).decode()
    added = await call(
        "add_attachment", record_id=TASK, field="files", content_base64=content, filename="../a b.png"
    )
    await call("add_attachment", record_id=TASK, field="Files", content_base64="aGk=", filename="hi.txt")

    several = await call.refused("download_attachment", record_id=TASK, field="Files")
    saved = await call("download_attachment", record_id=TASK, field="Files", attachment="a b.png")
    async with Client(build_server(call.context, tools=TOOLS)) as client:
        read = (await client.read_resource(saved["resource"])).contents[0]

    assert added["attachments"][0]["filename"] == "a b.png"
    assert added["change_id"]
    assert '"hi.txt (att' in several
    assert saved["size"] == len(PNG)
    assert isinstance(read, BlobResourceContents)
    assert base64.b64decode(read.blob) == PNG


async def test_a_file_of_the_upload_folder_is_added_and_no_other(call, context, files, tmp_path):
    folder = tmp_path / "uploads"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "plan.txt").write_text("the plan")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "big.bin").write_bytes(b"x" * (5 * 1024 * 1024 + 1))
    local = call.on(replace(context, uploads=folder))
    place = {"record_id": TASK, "field": "Files"}

    shown = await local("add_attachment", **place, path="inner/plan.txt", dry_run=True)
    added = await local("add_attachment", **place, path=str(folder / "inner" / "plan.txt"))
    elsewhere = [
        "../secret.txt",
        str(tmp_path / "secret.txt"),
        "link.txt",
        "inner/../../secret.txt",
        "/etc/passwd",
    ]
    refusals = {
        path: await local.refused("add_attachment", **place, path=path)
        for path in [*elsewhere, "nothing.txt", "big.bin", "inner", "a\0b", "~nobody-of-that-name/x"]
    }
    remote = await call.refused("add_attachment", **place, path="inner/plan.txt")

    assert shown["differences"][0]["after"] == {"Files": [{"filename": "plan.txt", "size": 8}]}
    assert [file["filename"] for file in added["attachments"]] == ["plan.txt"]
    for path in elsewhere:
        assert "outside of the upload folder" in refusals[path]
    assert "There is no file" in refusals["nothing.txt"]
    assert "There is no file" in refusals["inner"]
    assert "larger than" in refusals["big.bin"]
    assert "is no path" in refusals["a\0b"]
    assert "is no path" in refusals["~nobody-of-that-name/x"]
    assert "no upload folder" in remote


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x.png",
        "http://169.254.169.254/latest",
        "http://localhost:8000/x",
        "file:///etc/passwd",
    ],
)
async def test_an_address_inside_a_network_is_neither_sent_nor_fetched(call, context, files, url):
    sent = await call.refused("add_attachment", record_id=TASK, field="Files", url=url)
    nobody = replace(context, endpoints=None)
    content = {"record_id": TASK, "field": "Files", "content_base64": "aGk=", "filename": "hi.txt"}
    await call("add_attachment", **content)
    fetched = await call.on(nobody).refused("download_attachment", record_id=TASK, field="Files")

    assert "127.0.0.1" in sent or "169.254" in sent or "localhost" in sent or "file" in sent
    assert "127.0.0.1" in fetched


async def test_neither_a_device_nor_a_pipe_is_read(call, context, files, tmp_path):
    folder = tmp_path / "uploads"
    folder.mkdir()
    (folder / "endless").symlink_to("/dev/zero")
    (folder / "folder").symlink_to("/etc")
    (folder / "round").symlink_to(folder / "round")
    os.mkfifo(folder / "pipe")
    local = call.on(replace(context, uploads=folder))
    place = {"record_id": TASK, "field": "Files"}

    refusals = {
        path: await local.refused("add_attachment", **place, path=path)
        for path in ("endless", "folder/passwd", "/dev/zero", "pipe", ".", "round")
    }

    for path in ("endless", "folder/passwd", "/dev/zero"):
        assert "outside of the upload folder" in refusals[path]
    assert "There is no file" in refusals["pipe"]
    assert "There is no file" in refusals["."]
    assert "is no path" in refusals["round"]


async def test_five_megabytes_are_sent_and_one_byte_more_is_not(call, files):
    most = 5 * 1024 * 1024
    place = {"record_id": TASK, "field": "Files", "filename": "a.bin"}
    whole, more = (base64.b64encode(b"x" * size).decode() for size in (most, most + 1))

    sent = await call("add_attachment", **place, content_base64=whole)
    refused = await call.refused("add_attachment", **place, content_base64=more)

    assert [file["size"] for file in sent["attachments"]] == [most]
    assert "'a.bin' has 5,242,881 bytes; Airtable takes 5,242,880. Give a url." in refused


async def test_a_file_that_leads_on_into_the_network_is_not_fetched(store, tmp_path):
    visits = []

    async def lead_on(scope, receive, send):
        if scope["path"].startswith("/attachments/"):
            await RedirectResponse("/v0/meta/whoami")(scope, receive, send)
            return
        visits.append(scope["path"])
        await create_app(store, tokens=AnyToken())(scope, receive, send)

    with TwinServer(lead_on) as url:
        endpoint = FixedEndpoint(Endpoint(url, "patTest"))
        async with PyAirtableGateway(endpoint, rate_limit=None) as gateway:
            await gateway.create_field("Work", "Tasks", "Files", "multipleAttachments")
            call = Caller(ToolContext(gateway, exports=tmp_path, endpoints=endpoint), "auto")
            content = {"record_id": TASK, "field": "Files", "content_base64": "aGk=", "filename": "hi.txt"}
            await call("add_attachment", **content)
            refused = await call.refused("download_attachment", record_id=TASK, field="Files")

    assert "answers 307" in refused
    assert "/v0/meta/whoami" not in visits
    assert list(tmp_path.rglob("*.txt")) == []


async def test_what_is_no_file_field_and_what_is_no_single_source_is_refused(call, files):
    place = {"record_id": TASK, "field": "Files"}

    wrong = await call.refused("add_attachment", record_id=TASK, field="Name", content_base64="aGk=")
    none = await call.refused("add_attachment", **place)
    two = await call.refused("add_attachment", **place, url="https://example.com/a", content_base64="aGk=")
    no_base64 = await call.refused("add_attachment", **place, content_base64="???")
    empty = await call.refused("download_attachment", **place)

    assert "'Name' is a singleLineText field" in wrong
    assert "exactly one of" in none
    assert "exactly one of" in two
    assert "no base64" in no_base64
    assert "holds no file" in empty
