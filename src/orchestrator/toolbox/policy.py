"""What each known tool does to a base. A tool that is not here destroys, whatever its server says.

The one table of effects. `writes` adds or changes what can be changed back; `destroys` removes records, or
changes more than it was told of.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from orchestrator.toolbox.port import Effect


@dataclass(frozen=True, slots=True)
class Policy:
    """What a tool does, and whether it may bring in text from outside of the base."""

    effect: Effect
    is_outside: bool = False
    is_known: bool = True


_UNKNOWN = Policy("destroys", is_outside=True, is_known=False)

_READS = (
    "analyze_table_data", "convert_field_preview", "describe_table", "evaluate_formula", "export_table_csv",
    "find_duplicates", "get_field_info", "get_record", "get_records", "list_bases", "list_changes",
    "list_comments", "list_tables", "list_views", "list_webhooks", "query_mirror", "search_bases",
    "search_records", "validate_formula", "validate_record",
)  # fmt: skip
_WRITES = (
    "add_attachment", "batch_create_records", "batch_update_records", "create_base", "create_comment",
    "create_field", "create_metadata_table", "create_record", "create_table", "create_webhook",
    "refresh_webhook", "update_comment",
    "update_field", "update_record", "update_table", "upsert_records",
)  # fmt: skip
_DESTROYS = (
    "delete_comment",
    "delete_record",
    "delete_records",
    "delete_webhook",
    "sync_tables",
    "undo_change",
)

POLICIES: Mapping[str, Policy] = {
    **dict.fromkeys(_READS, Policy("reads")),
    **dict.fromkeys(_WRITES, Policy("writes")),
    **dict.fromkeys(_DESTROYS, Policy("destroys")),
    # A file's text was written by whoever made the file.
    "download_attachment": Policy("reads", is_outside=True),
    # What a webhook noted came in by itself: nobody has looked at it.
    "list_webhook_payloads": Policy("reads", is_outside=True),
}


def policy_of(tool: str) -> Policy:
    """The policy for the tool of that name."""
    return POLICIES.get(tool, _UNKNOWN)
