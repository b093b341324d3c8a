"""A grant: a person's approval given beforehand, for some tools, a table, so many records, until a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchestrator.toolbox import Effect

_TABLE_ARGUMENTS = ("table_id", "target_table_id", "table")
_RECORD_LISTS = ("records", "record_ids")

_UNBOUNDED = frozenset({"sync_tables", "create_metadata_table"})
"""Tools that find out for themselves how many records they write: no number granted holds for them."""


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
        """Whether the call needs no further approval. A call that destroys always does."""
        return (
            effect != "destroys"
            and tool in self.tools
            and tool not in _UNBOUNDED
            and self.session in (None, session)
            and self.table in (None, _table_of(arguments))
            and _record_count(arguments) <= self.most_records
            and at < self.expires_at
        )


def _table_of(arguments: Mapping[str, Any]) -> str | None:
    return next((str(arguments[name]) for name in _TABLE_ARGUMENTS if name in arguments), None)


def _record_count(arguments: Mapping[str, Any]) -> int:
    """How many records the call names; a call that names no list changes one."""
    lists = [arguments[name] for name in _RECORD_LISTS if isinstance(arguments.get(name), list)]
    return max((len(named) for named in lists), default=1)
