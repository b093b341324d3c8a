"""What a client may do, as scopes, and which one each message needs."""

from collections.abc import Mapping
from typing import Any

from pyairtable_mcp.principal import ACTING, HISTORY
from pyairtable_mcp.serving import Right
from pyairtable_mcp.tools import TOOLS

READ, WRITE, SCHEMA = "airtable:read", "airtable:write", "airtable:schema"

ALL_SCOPES = (READ, WRITE, SCHEMA)
"""Reading; records, comments and files written; bases, tables, fields and webhooks changed."""

KEY_SCOPES = (*ALL_SCOPES, HISTORY, ACTING)
"""What a key of the server's owner may hold: also the changes of others, and acting for them."""

SCOPE_OF: Mapping[Right, str] = {"read": READ, "write": WRITE, "schema": SCHEMA}

_SCHEMA_TOOLS = frozenset(
    {
        "create_metadata_table",
        "create_base",
        "create_table",
        "update_table",
        "create_field",
        "update_field",
        "create_webhook",
        "delete_webhook",
        "refresh_webhook",
    }
)
_READING = frozenset({"resources/read", "completion/complete", "resources/subscribe", "subscriptions/listen"})
_TOOLS = {tool.name: tool for tool in TOOLS}


def tool_scope(name: str) -> str:
    """The scope that a tool needs; one that is unknown needs the least, and is refused further in."""
    if name in _SCHEMA_TOOLS:
        return SCHEMA
    tool = _TOOLS.get(name)
    return READ if tool is None or tool.effect.reads_only else WRITE


def needed_scope(message: Any) -> str:
    """The scope that a JSON-RPC message needs, "" for none."""
    if not isinstance(message, Mapping):
        return ""
    method, params = message.get("method"), message.get("params")
    if method == "tools/call":
        name = params.get("name") if isinstance(params, Mapping) else None
        return tool_scope(name if isinstance(name, str) else "")
    return READ if method in _READING else ""


def grants(scopes: frozenset[str] | list[str], needed: str) -> bool:
    """Whether they suffice. Writing and changing schemas show what they change, so they include reading."""
    return not needed or needed in scopes or (needed == READ and any(scope in scopes for scope in ALL_SCOPES))
