"""The scopes of an Airtable token that each tool needs to do all that it can.

Source: Airtable's Web API reference, which names the scopes of each endpoint. A tool that checks what it is
given, or takes names for ids, reads the base's schema first.
"""

from pyairtable_mcp.tool import Tool

_SCHEMA = ("schema.bases:read",)
_CHANGE_SCHEMA = (*_SCHEMA, "schema.bases:write")
_READ = (*_SCHEMA, "data.records:read")
_WRITE = (*_READ, "data.records:write")
_READ_COMMENTS = (*_SCHEMA, "data.recordComments:read")
_WRITE_COMMENTS = (*_READ_COMMENTS, "data.recordComments:write")
_WEBHOOKS = (*_SCHEMA, "webhook:manage")

_NEEDED: dict[str, tuple[str, ...]] = {
    "list_tables": _SCHEMA,
    "get_records": _READ,
    "create_record": _WRITE,
    "update_record": _WRITE,
    "delete_record": _WRITE,
    "search_records": _READ,
    "create_metadata_table": (*_WRITE, "schema.bases:write"),
    "batch_create_records": _WRITE,
    "batch_update_records": _WRITE,
    "get_field_info": _SCHEMA,
    "analyze_table_data": _READ,
    "find_duplicates": _READ,
    "export_table_csv": _READ,
    "sync_tables": _WRITE,
    "evaluate_formula": _READ,
    "validate_formula": _SCHEMA,
    "validate_record": _READ,
    "convert_field_preview": _READ,
    "list_bases": _SCHEMA,
    "get_record": _READ,
    # The journal is the server's own; undoing writes what was there before.
    "list_changes": (),
    "undo_change": _WRITE,
    "upsert_records": _WRITE,
    "delete_records": _WRITE,
    "describe_table": _SCHEMA,
    "list_views": _SCHEMA,
    "create_table": _CHANGE_SCHEMA,
    "update_table": _CHANGE_SCHEMA,
    "create_field": _CHANGE_SCHEMA,
    "update_field": _CHANGE_SCHEMA,
    "search_bases": _SCHEMA,
    "create_base": _CHANGE_SCHEMA,
    "list_comments": _READ_COMMENTS,
    "create_comment": (*_WRITE_COMMENTS, "data.records:read"),
    "update_comment": _WRITE_COMMENTS,
    "delete_comment": _WRITE_COMMENTS,
    "add_attachment": _WRITE,
    "download_attachment": _READ,
    # A copy that is kept without a webhook is read anew more often; it works all the same.
    "query_mirror": _READ,
    "list_webhooks": _WEBHOOKS,
    # Whoever is told of records must be allowed to read them.
    "create_webhook": (*_WEBHOOKS, "data.records:read"),
    "refresh_webhook": _WEBHOOKS,
    "delete_webhook": _WEBHOOKS,
    "list_webhook_payloads": (*_WEBHOOKS, "data.records:read"),
}


def scopes_of(tool: Tool) -> tuple[str, ...]:
    """The scopes that the tool needs."""
    return _NEEDED[tool.name]
