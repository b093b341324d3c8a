"""Tools for the files in a record's cells: put one there, get one out."""

import base64
import binascii
import mimetypes
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import UPLOAD_LIMIT, FieldSchema, RecordChange
from pyairtable_mcp import downloads, exports
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.parameters import BaseId, DryRun, RecordId, TableId
from pyairtable_mcp.tool import ADDS, READS, ToolContext, tool
from pyairtable_mcp.writing.differences import Difference

_ATTACHMENTS = "multipleAttachments"


class AttachmentAdded(TypedDict, total=False):
    """All files of the cell, the new one last; one that Airtable still fetches has no size yet."""

    attachments: list[dict[str, Any]]
    differences: list[Difference]
    change_id: str


class AttachmentSaved(TypedDict):
    """Where the file can be read: as a resource of this server, and, by whoever is there, in its folder."""

    filename: str
    type: str
    size: int
    resource: str
    file: NotRequired[str]


@tool(ADDS)
async def add_attachment(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    record_id: RecordId,
    field: str,
    *,
    url: str = "",
    path: str = "",
    content_base64: str = "",
    filename: str = "",
    content_type: str = "",
    dry_run: DryRun = False,
) -> AttachmentAdded:
    """Add a file to a cell: from a public url, a path in the server's upload folder, or content, to 5 MB."""
    if sum(map(bool, (url, path, content_base64))) != 1:
        raise ToolError("Give exactly one of url, path and content_base64.")
    known = await _attachment_field(ctx, base_id, table_id, field)
    name = _clean(filename or _last_part(url or path) or "file")
    content = _read(ctx, path) if path else _decoded(content_base64) if content_base64 else b""
    if url:
        url = _public(url)
    elif len(content) > UPLOAD_LIMIT:
        raise ToolError(f"{name!r} has {len(content):,} bytes; Airtable takes {UPLOAD_LIMIT:,}. Give a url.")
    if dry_run:
        await ctx.gateway.record(base_id, table_id, record_id)
        after = {"filename": name, "url": url} if url else {"filename": name, "size": len(content)}
        return {"differences": [{"id": record_id, "after": {known.name: [after]}}]}
    if url:
        return await _by_url(ctx, (base_id, table_id, record_id), known, {"url": url, "filename": name})
    kind = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    added = await ctx.gateway.upload_attachment(
        base_id, table_id, record_id, known.id, filename=name, content_type=kind, content=content
    )
    return {"attachments": added}


@tool(READS)
async def download_attachment(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    record_id: RecordId,
    field: str,
    *,
    attachment: str = "",
) -> AttachmentSaved:
    """Fetch a file of a cell, by its id or name where there are several; it becomes a resource."""
    if ctx.exports is None:
        raise ToolError("This server has no folder for files; the cell's own url can be read for two hours.")
    known = await _attachment_field(ctx, base_id, table_id, field)
    record = await ctx.gateway.record(base_id, table_id, record_id, fresh=True)
    chosen = _chosen(record.fields.get(known.name) or [], attachment, known.name)
    content = await downloads.fetch(chosen, ctx.endpoints)
    name = _clean(str(chosen.get("filename") or "file"))
    saved = exports.save_file(ctx.exports, name, content)
    answer: AttachmentSaved = {
        "filename": name,
        "type": str(chosen.get("type") or "application/octet-stream"),
        "size": len(content),
        "resource": saved.uri,
    }
    if ctx.caller.is_local:
        answer["file"] = str(saved.path)
    return answer


async def _attachment_field(ctx: ToolContext, base: str, table: str, field: str) -> FieldSchema:
    known = (await ctx.table(base, table, [field])).field(field)
    if known.type != _ATTACHMENTS:
        raise ToolError(f"{known.name!r} is a {known.type} field; files are in {_ATTACHMENTS} fields.")
    return known


async def _by_url(
    ctx: ToolContext, place: tuple[str, str, str], field: FieldSchema, added: dict[str, Any]
) -> AttachmentAdded:
    """A write replaces the whole cell, so that the files that are there are named again."""
    base, table, record_id = place
    record = await ctx.gateway.record(base, table, record_id, fresh=True)
    kept = [{"id": file["id"]} for file in record.fields.get(field.name) or []]
    change = RecordChange(record_id, {field.name: [*kept, added]})
    [written] = await ctx.gateway.update(base, table, [change])
    return {"attachments": written.fields.get(field.name) or []}


def _public(url: str) -> str:
    import fields

    checked = fields.check_file_url(url)
    if not checked.ok:
        raise ToolError(" ".join(problem.message for problem in checked.problems))
    return str(checked.value)


def _read(ctx: ToolContext, path: str) -> bytes:
    """A file of the upload folder. Raises ToolError for one that lies elsewhere, also by a link."""
    if ctx.uploads is None:
        raise ToolError(
            "This server reads no local files: it has no upload folder. Give a url or the content."
        )
    folder = ctx.uploads.resolve()
    try:
        file = (folder / Path(path).expanduser()).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise ToolError(f"{path[:200]!r} is no path of a file in {str(folder)!r}.") from error
    if not file.is_relative_to(folder):
        raise ToolError(f"{path[:200]!r} is outside of the upload folder {str(folder)!r}. Nothing was sent.")
    if not file.is_file():
        raise ToolError(f"There is no file {path[:200]!r} in the upload folder {str(folder)!r}.")
    # Not by its size, which some files do not tell, and which may have changed since.
    with file.open("rb") as opened:
        content = opened.read(UPLOAD_LIMIT + 1)
    if len(content) > UPLOAD_LIMIT:
        raise ToolError(f"{file.name!r} is larger than the {UPLOAD_LIMIT:,} bytes that Airtable takes.")
    return content


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ToolError("content_base64 is no base64.") from error


def _clean(name: str) -> str:
    import fields

    return str(fields.clean_filename(name).value or "file")


def _last_part(address: str) -> str:
    return address.partition("?")[0].rstrip("/").rpartition("/")[2]


def _chosen(files: list[dict[str, Any]], wanted: str, field: str) -> dict[str, Any]:
    """The one file that is meant. Raises ToolError."""
    found = [file for file in files if not wanted or wanted in (file.get("id"), file.get("filename"))]
    if len(found) == 1:
        return found[0]
    names = shortened(f"{file.get('filename')} ({file.get('id')})" for file in files)
    if not files:
        raise ToolError(f"{field!r} holds no file.")
    if not found:
        raise ToolError(f"{field!r} holds no file {wanted[:80]!r}. There are: {names}.")
    raise ToolError(f"{field!r} holds several files; name one in `attachment`: {names}.")
