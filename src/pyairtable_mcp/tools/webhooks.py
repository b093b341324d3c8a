"""Tools for webhooks: what happens in a base noted by Airtable, to be read here or told to an address.

They watch and change nothing in a base, so the journal knows nothing of them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from airtable_gateway import BaseSchema, NewWebhook, NotFound, Refused, Webhook
from pyairtable_mcp import webhook_secrets
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.consent import Question
from pyairtable_mcp.parameters import BaseId, Confirm, DryRun, FieldChoice, TableId, View
from pyairtable_mcp.tool import ADDS, CHANGES, READS, Effect, ToolContext, tool
from pyairtable_mcp.webhook_news import News, Row
from pyairtable_mcp.writing.differences import Difference

_TYPES = {"records": "tableData", "fields": "tableFields", "tables": "tableMetadata"}
_CHANGES = {"created": "add", "changed": "update", "deleted": "remove"}

Watched = list[Literal["records", "fields", "tables"]]
ChangeKinds = list[Literal["created", "changed", "deleted"]]


class WebhooksListed(TypedDict):
    """The webhooks of this token; `next_number` is that of the payload that comes next."""

    webhooks: list[dict[str, Any]]


class WebhookWritten(TypedDict, total=False):
    """The webhook after the call, or what would be different; `secret_file` lies with the server's owner."""

    id: str
    expires: str
    notifies: bool
    secret_file: str
    deleted: bool
    differences: list[Difference]


class PayloadsListed(TypedDict):
    """What happened, the oldest first; `next_number` is where to go on, `more` that there is something."""

    changes: list[Row]
    next_number: int
    more: NotRequired[bool]


@tool(READS)
async def list_webhooks(ctx: ToolContext, base_id: BaseId) -> WebhooksListed:
    """List this token's webhooks of a base, which note what changes in it."""
    schema = await _schema(ctx, base_id)
    return {"webhooks": [_row(webhook, schema) for webhook in await ctx.gateway.webhooks(base_id)]}


@tool(ADDS)
async def create_webhook(
    ctx: ToolContext,
    base_id: BaseId,
    *,
    watch: Watched | None = None,
    table_id: TableId = "",
    view: View = "",
    fields: FieldChoice = None,
    changes: ChangeKinds | None = None,
    notification_url: str = "",
    dry_run: DryRun = False,
) -> WebhookWritten:
    """Note what changes, of records by default, for list_webhook_payloads; a notification_url is pinged."""
    filters = await _filters(ctx, base_id, (table_id, view), fields)
    filters["dataTypes"] = [_TYPES[each] for each in watch or ("records",)]
    if changes:
        filters["changeTypes"] = [_CHANGES[each] for each in changes]
    includes = {"includePreviousCellValues": True, "includePreviousFieldDefinitions": True}
    specification = {"options": {"filters": filters, "includes": includes}}
    url = _public(notification_url) if notification_url else ""
    if dry_run:
        after = {"specification": specification} | ({"notification_url": url} if url else {})
        return {"differences": [{"after": after}]}
    # Airtable tells the secret this once, so the place for it is made first.
    folder = webhook_secrets.require_folder(ctx.secrets) if url else None
    made = await ctx.gateway.create_webhook(base_id, specification, notification_url=url or None)
    written = WebhookWritten(id=made.id)
    if made.expiration_time:
        written["expires"] = made.expiration_time
    if folder is not None:
        written["secret_file"] = await _kept_secret(ctx, base_id, folder, made)
    return written


@tool(Effect(reads_only=False, repeats_safely=True))
async def refresh_webhook(
    ctx: ToolContext,
    base_id: BaseId,
    webhook_id: str,
    *,
    notifications: Literal["keep", "on", "off"] = "keep",
    dry_run: DryRun = False,
) -> WebhookWritten:
    """Let a webhook live for a week from now, and turn the pings to its address on or off."""
    found = await _found(ctx, base_id, webhook_id)
    _check_notes(found)
    notifies = found.notifies if notifications == "keep" else notifications == "on"
    if dry_run:
        before = {"expires": found.expiration_time, "notifies": found.notifies}
        after = {"expires": "in a week", "notifies": notifies}
        return {"differences": [{"id": webhook_id, "before": before, "after": after}]}
    if notifications != "keep":
        await ctx.gateway.enable_webhook(base_id, webhook_id, enabled=notifies)
    written = WebhookWritten(id=webhook_id, notifies=notifies)
    if expires := await ctx.gateway.refresh_webhook(base_id, webhook_id):
        written["expires"] = expires
    return written


@tool(CHANGES)
async def delete_webhook(
    ctx: ToolContext, base_id: BaseId, webhook_id: str, *, dry_run: DryRun = False, confirm: Confirm = ""
) -> WebhookWritten:
    """End a webhook; what it noted is gone, and cannot be taken back."""
    found = await _found(ctx, base_id, webhook_id)
    row = _row(found, await _schema(ctx, base_id))
    if dry_run:
        return {"differences": [{"id": webhook_id, "before": row}]}
    text = f"End the webhook {webhook_id} of {base_id}, and forget what it noted?"
    # Its numbers and its end move by themselves; what it watches and whom it tells do not.
    subject = [base_id, webhook_id, found.notification_url, dict(found.specification)]
    await ctx.require_consent(Question("delete_webhook", text, subject), confirm)
    await ctx.gateway.delete_webhook(base_id, webhook_id)
    webhook_secrets.forget(ctx.secrets, webhook_id)
    return {"id": webhook_id, "deleted": True}


@tool(READS, narrower="Ask for fewer payloads with limit.")
async def list_webhook_payloads(
    ctx: ToolContext,
    base_id: BaseId,
    webhook_id: str,
    *,
    from_number: Annotated[int, Field(ge=1)] = 1,
    limit: Annotated[int, Field(ge=1, le=50)] = 50,
) -> PayloadsListed:
    """List what a webhook noted in the last week, oldest first, with cells before; go on at next_number."""
    try:
        page = await ctx.gateway.webhook_payloads(base_id, webhook_id, cursor=from_number, limit=limit)
    except (NotFound, Refused):
        # Airtable refuses an id that it does not know as one that may not be seen.
        await _found(ctx, base_id, webhook_id)
        raise
    if not page.payloads:
        # One that has ended answers as one to which nothing happened.
        _check_notes(await _found(ctx, base_id, webhook_id))
    news = News(await _schema(ctx, base_id), ctx.hidden)
    first = page.cursor - len(page.payloads)
    rows = [row for index, one in enumerate(page.payloads) for row in news.rows(first + index, one)]
    listed = PayloadsListed(changes=rows, next_number=page.cursor)
    if page.might_have_more:
        listed["more"] = True
    return listed


async def _kept_secret(ctx: ToolContext, base: str, folder: Path, made: NewWebhook) -> str:
    """Where the secret lies. Raises ToolError when it cannot be kept; then there is no webhook."""
    try:
        return str(webhook_secrets.keep(folder, made.id, made.mac_secret_base64))
    except OSError as error:
        await ctx.gateway.delete_webhook(base, made.id)
        message = f"The secret of its notifications cannot be kept in {folder} ({error.strerror})"
        raise ToolError(f"{message}, so there is no webhook; tell the user.") from error


async def _filters(
    ctx: ToolContext, base: str, place: tuple[str, str], fields: list[str] | None
) -> dict[str, Any]:
    """Airtable's filters for a table, a view of it, and fields of it. Raises ToolError."""
    table_name, view = place
    if not table_name:
        if view or fields:
            raise ToolError("view and fields are those of a table: give table_id too.")
        return {}
    table = await ctx.table(base, table_name, fields or ())
    filters: dict[str, Any] = {"recordChangeScope": table.view(view).id if view else table.id}
    if fields:
        filters["watchDataInFieldIds"] = [table.field(name).id for name in fields]
    return filters


def _public(url: str) -> str:
    """The address in its normal form. Raises ToolError for one inside a network."""
    import fields

    checked = fields.check_file_url(url)
    if not checked.ok:
        raise ToolError(" ".join(problem.message for problem in checked.problems))
    return str(checked.value)


async def _found(ctx: ToolContext, base: str, webhook_id: str) -> Webhook:
    """The webhook of that id. Raises ToolError."""
    known = {webhook.id: webhook for webhook in await ctx.gateway.webhooks(base)}
    if webhook_id not in known:
        others = f"There are: {shortened(known)}." if known else "There are none; create_webhook makes one."
        raise ToolError(f"The base {base} has no webhook {webhook_id[:80]!r}. {others}")
    return known[webhook_id]


def _check_notes(webhook: Webhook) -> None:
    """Raises ToolError for one that has ended: Airtable refreshes none (docs: "Refresh a webhook")."""
    if not webhook.is_enabled:
        raise ToolError(
            f"The webhook {webhook.id} has ended and notes nothing any more. "
            "Make another with create_webhook. What has changed since is lost: read anew with get_records."
        )


async def _schema(ctx: ToolContext, base: str) -> BaseSchema | None:
    """The base's schema, None for a token that may not read it: names are a courtesy here."""
    try:
        return await ctx.gateway.schema(base)
    except Refused:
        return None


def _row(webhook: Webhook, schema: BaseSchema | None) -> dict[str, Any]:
    options = webhook.specification.get("options") or {}
    filters: Mapping[str, Any] = options.get("filters") or {}
    row = {
        "id": webhook.id,
        "watch": [_word(_TYPES, each) for each in filters.get("dataTypes") or ()],
        "scope": _scope(filters.get("recordChangeScope"), schema),
        "changes": [_word(_CHANGES, each) for each in filters.get("changeTypes") or ()],
        "fields": filters.get("watchDataInFieldIds"),
        "notification_url": webhook.notification_url,
        "notifies": webhook.notifies if webhook.notification_url else None,
        "enabled": webhook.is_enabled,
        "expires": webhook.expiration_time,
        "next_number": webhook.cursor,
    }
    return {key: value for key, value in row.items() if value not in (None, [], "")}


def _word(words: Mapping[str, str], airtables: str) -> str:
    return next((ours for ours, theirs in words.items() if theirs == airtables), airtables)


def _scope(scope: Any, schema: BaseSchema | None) -> str:
    """The name of the table or the view, with its id; "" for the whole base."""
    if not scope or schema is None:
        return str(scope or "")
    for table in schema.tables:
        if table.id == scope:
            return f"{table.name} ({table.id})"
        for view in table.views:
            if view.id == scope:
                return f"{table.name}, {view.name} ({view.id})"
    return str(scope)
