"""Tools for what people say about a record."""

from typing import Annotated, Any, NotRequired, TypedDict

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from airtable_gateway import Comment
from pyairtable_mcp.consent import Question
from pyairtable_mcp.cursors import Position
from pyairtable_mcp.parameters import BaseId, Confirm, Cursor, DryRun, RecordId, TableId
from pyairtable_mcp.tool import ADDS, CHANGES, READS, ToolContext, tool
from pyairtable_mcp.writing.differences import Difference

Text = Annotated[str, Field(min_length=1)]


class CommentsListed(TypedDict):
    """Comments, the newest first; `cursor` when there are more."""

    comments: list[dict[str, Any]]
    cursor: NotRequired[str]


class CommentWritten(TypedDict, total=False):
    """The comment after the call, or what would be different."""

    id: str
    text: str
    author: dict[str, Any]
    created_time: str
    deleted: bool
    differences: list[Difference]
    change_id: str


@tool(READS, narrower="Read on with the cursor.")
async def list_comments(
    ctx: ToolContext, base_id: BaseId, table_id: TableId, record_id: RecordId, *, cursor: Cursor = ""
) -> CommentsListed:
    """List the comments on a record, the newest first."""
    question = ["comments", base_id, table_id, record_id]
    start = ctx.position(cursor, question)
    page = await ctx.gateway.comments(base_id, table_id, record_id, offset=start.offset)
    listed = CommentsListed(comments=[_row(comment) for comment in page.comments])
    if page.offset:
        listed["cursor"] = ctx.cursor(Position(page.offset), question)
    return listed


@tool(ADDS)
async def create_comment(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    record_id: RecordId,
    text: Text,
    *,
    parent_id: str = "",
    dry_run: DryRun = False,
) -> CommentWritten:
    """Comment on a record; @[usr...] or @[mail@address] mentions a person, parent_id answers a comment."""
    if dry_run:
        return {
            "differences": [{"after": await _planned(ctx, (base_id, table_id, record_id), text, parent_id)}]
        }
    made = await ctx.gateway.create_comment(base_id, table_id, record_id, text, parent_id=parent_id or None)
    return _written(made)


@tool(CHANGES)
async def update_comment(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    record_id: RecordId,
    comment_id: str,
    text: Text,
    *,
    dry_run: DryRun = False,
) -> CommentWritten:
    """Change the text of one's own comment."""
    if dry_run:
        before = await _found(ctx, (base_id, table_id, record_id), comment_id)
        return {"differences": [{"id": comment_id, "before": {"text": before.text}, "after": {"text": text}}]}
    return _written(await ctx.gateway.update_comment(base_id, table_id, record_id, comment_id, text))


@tool(CHANGES)
async def delete_comment(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    record_id: RecordId,
    comment_id: str,
    *,
    dry_run: DryRun = False,
    confirm: Confirm = "",
) -> CommentWritten:
    """Delete one's own comment."""
    before = await _found(ctx, (base_id, table_id, record_id), comment_id)
    told: list[Difference] = [{"id": comment_id, "before": {"text": before.text}}]
    if dry_run:
        return {"differences": told}
    text = f"Delete the comment {before.text[:200]!r} on {record_id}?"
    subject = [base_id, table_id, record_id, told]
    await ctx.require_consent(Question("delete_comment", text, subject), confirm)
    await ctx.gateway.delete_comment(base_id, table_id, record_id, comment_id)
    return {"id": comment_id, "deleted": True}


async def _planned(
    ctx: ToolContext, place: tuple[str, str, str], text: str, parent_id: str
) -> dict[str, Any]:
    """The comment that would be made. Raises RecordNotFound, and ToolError without such a parent."""
    if not parent_id:
        await ctx.gateway.record(*place)
        return {"text": text}
    parent = await _found(ctx, place, parent_id)
    return {"text": text, "parent_id": parent.id}


async def _found(ctx: ToolContext, place: tuple[str, str, str], comment_id: str) -> Comment:
    """The comment of that id. Raises ToolError."""
    offset: str | None = None
    while True:
        page = await ctx.gateway.comments(*place, offset=offset)
        for comment in page.comments:
            if comment.id == comment_id:
                return comment
        if page.offset is None:
            break
        offset = page.offset
    message = f"The record {place[2]} has no comment {comment_id[:80]!r}. Call list_comments to see them."
    raise ToolError(message)


def _row(comment: Comment) -> dict[str, Any]:
    row = {
        "id": comment.id,
        "author": comment.author.name or comment.author.email or comment.author.id,
        "text": comment.text,
        "created_time": comment.created_time,
        "updated_time": comment.updated_time,
        "parent_id": comment.parent_id,
        "mentions": comment.mentions or None,
        "reactions": comment.reactions or None,
    }
    return {key: value for key, value in row.items() if value is not None}


def _written(comment: Comment) -> CommentWritten:
    return {
        "id": comment.id,
        "text": comment.text,
        "author": {"id": comment.author.id, "name": comment.author.name},
        "created_time": comment.created_time,
    }
