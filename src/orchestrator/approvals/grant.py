"""A grant: a person's approval given beforehand, for some tools, a table, so many records, until a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchestrator.toolbox import Effect
from orchestrator.toolbox.policy import POLICIES

_TABLE_ARGUMENTS = ("table_id", "target_table_id", "table")
_RECORD_LISTS = ("records", "record_ids")

_MAY_DESTROY = frozenset({("update_field", "options")})
"""Arguments with which a tool that writes may remove something: options can leave choices out."""

_ANSWER = "confirm"
"""The answer to the server's question whether it may destroy."""

_UNBOUNDED = frozenset({"sync_tables", "create_metadata_table"})
"""Tools that find out for themselves how many records they write: no number granted holds for them."""


GRANTABLE = tuple(
    tool for tool, policy in POLICIES.items() if policy.effect == "writes" and tool not in _UNBOUNDED
)
"""The tools for which a grant can hold."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What its owner allows without being asked again; `session` and `table` None mean any."""

    id: str
    owner: str
    tools: tuple[str, ...]
    most_records: int
    created_at: datetime
    expires_at: datetime
    session: str | None = None
    table: str | None = None

    def covers(
        self, tool: str, effect: Effect, arguments: Mapping[str, Any], *, session: str, at: datetime
    ) -> bool:
        """Whether the call needs no further approval. A call that destroys, or may, always does."""
        return (
            effect != "destroys"
            and _ANSWER not in arguments
            and not any((tool, name) in _MAY_DESTROY for name in arguments)
            and tool in self.tools
            and tool not in _UNBOUNDED
            and self.session in (None, session)
            and self.table in (None, _table_of(arguments))
            and _names_at_most(self.most_records, arguments)
            and at < self.expires_at
        )


def _table_of(arguments: Mapping[str, Any]) -> str | None:
    return next((str(arguments[name]) for name in _TABLE_ARGUMENTS if name in arguments), None)


def _names_at_most(most: int, arguments: Mapping[str, Any]) -> bool:
    """Whether the call names no more records; one that names no list changes one.

    What is no list is counted by nobody: a server may read the list in a text.
    """
    named = [arguments[name] for name in _RECORD_LISTS if name in arguments]
    return all(isinstance(records, list) and len(records) <= most for records in named)
