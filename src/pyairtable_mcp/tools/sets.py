"""The toolsets, and with them every tool, in the order in which a client sees them.

The order is fixed: a client's prompt cache depends on it.
"""

from pyairtable_mcp.tool import Tool
from pyairtable_mcp.tools.analysis import analyze_table_data, find_duplicates
from pyairtable_mcp.tools.attachments import add_attachment, download_attachment
from pyairtable_mcp.tools.bases import create_base, list_bases, search_bases
from pyairtable_mcp.tools.batches import batch_create_records, batch_update_records
from pyairtable_mcp.tools.comments import create_comment, delete_comment, list_comments, update_comment
from pyairtable_mcp.tools.conversion import convert_field_preview
from pyairtable_mcp.tools.exporting import export_table_csv
from pyairtable_mcp.tools.formulas import evaluate_formula, validate_formula
from pyairtable_mcp.tools.history import list_changes, undo_change
from pyairtable_mcp.tools.many_records import delete_records, upsert_records
from pyairtable_mcp.tools.metadata import create_metadata_table
from pyairtable_mcp.tools.mirror import query_mirror
from pyairtable_mcp.tools.record_writes import create_record, delete_record, update_record
from pyairtable_mcp.tools.records import get_record, get_records, search_records
from pyairtable_mcp.tools.schema import (
    create_field,
    create_table,
    describe_table,
    list_views,
    update_field,
    update_table,
)
from pyairtable_mcp.tools.syncing import sync_tables
from pyairtable_mcp.tools.tables import get_field_info, list_tables
from pyairtable_mcp.tools.validation import validate_record
from pyairtable_mcp.tools.webhooks import (
    create_webhook,
    delete_webhook,
    list_webhook_payloads,
    list_webhooks,
    refresh_webhook,
)

SETS: dict[str, tuple[Tool, ...]] = {
    "core": (
        list_tables,
        get_records,
        create_record,
        update_record,
        delete_record,
        search_records,
        create_metadata_table,
        batch_create_records,
        batch_update_records,
        get_field_info,
        analyze_table_data,
        find_duplicates,
        export_table_csv,
        sync_tables,
    ),
    "formula": (evaluate_formula, validate_formula),
    "fields": (validate_record, convert_field_preview),
    "basics": (list_bases, get_record),
    "history": (list_changes, undo_change),
    "records": (upsert_records, delete_records),
    "schema": (describe_table, list_views, create_table, update_table, create_field, update_field),
    "bases": (search_bases, create_base),
    "comments": (list_comments, create_comment, update_comment, delete_comment),
    "attachments": (add_attachment, download_attachment),
    "mirror": (query_mirror,),
    "webhooks": (list_webhooks, create_webhook, refresh_webhook, delete_webhook, list_webhook_payloads),
}

DEFAULT = ("core", "formula", "fields", "basics", "history")
"""What is offered when nothing else is asked for."""
