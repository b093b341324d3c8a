"""The agent's tables: sessions and their events, approvals, grants, the ledger and the budgets.

Money is an integer of micro-dollars. Events and ledger rows are only ever added.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from pyairtable_platform.kernel.columns import Json, Moment, Words, metadata

TABLES = metadata()

LONGEST_SCOPE = 250
"""Characters of a budget's scope."""

SESSIONS = Table(
    "agent_sessions",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("title", Words, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    # The end, moved on by `lives_seconds` at each change; NULL: it is kept for ever.
    Column("expires_at", Moment),
    Column("lives_seconds", Integer),
    # The number of the last event: taken by one conditional update, so that numbers have no gaps.
    Column("last_event", Integer, nullable=False, server_default="0"),
    # One run at a time: whoever holds the lease may write events of a run.
    Column("lease_holder", String(64)),
    Column("lease_until", Moment),
    Column("cancel_requested", Boolean, nullable=False, server_default="0"),
    Column("is_tainted", Boolean, nullable=False, server_default="0"),
    Index(None, "owner", "changed_at"),
)

EVENTS = Table(
    "agent_events",
    TABLES,
    Column("session", ForeignKey("agent_sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("data", Json, nullable=False),
    # What a search finds.
    Column("words", Words, nullable=False, server_default=""),
)

APPROVALS = Table(
    "agent_approvals",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("session", ForeignKey("agent_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("run", String(64), nullable=False),
    Column("call", String(200), nullable=False),
    Column("tool", String(100), nullable=False),
    Column("arguments", Json, nullable=False),
    Column("arguments_sha256", String(64), nullable=False),
    Column("preview", Words, nullable=False, server_default=""),
    Column("reason_asked", Words, nullable=False, server_default=""),
    Column("state", String(20), nullable=False, server_default="pending"),
    Column("requested_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", String(200), nullable=False, server_default=""),
    Column("reason", Words, nullable=False, server_default=""),
    Column("edited_arguments", Json),
    UniqueConstraint("session", "call"),
    Index(None, "session", "state"),
)

GRANTS = Table(
    "agent_grants",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),
    # NULL: in every session of its owner.
    Column("session", ForeignKey("agent_sessions.id", ondelete="CASCADE")),
    Column("tools", Json, nullable=False),
    Column("table", String(200)),
    Column("most_records", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Index(None, "owner"),
)

LEDGER = Table(
    "agent_ledger",
    TABLES,
    # A model call; `state` goes from reserved to settled or void, once.
    Column("request", String(64), primary_key=True),
    Column("session", String(64), nullable=False),
    Column("run", String(64), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("tool", String(100), nullable=False, server_default=""),
    Column("at", Moment, nullable=False),
    Column("settled_at", Moment),
    Column("model_requested", String(100), nullable=False),
    Column("model_served", String(100), nullable=False, server_default=""),
    Column("state", String(20), nullable=False),
    Column("reserved_micros", BigInteger, nullable=False),
    Column("micros", BigInteger, nullable=False, server_default="0"),
    Column("is_estimated", Boolean, nullable=False, server_default="0"),
    Column("prompt_tokens", Integer, nullable=False, server_default="0"),
    Column("cached_tokens", Integer, nullable=False, server_default="0"),
    Column("output_tokens", Integer, nullable=False, server_default="0"),
    Column("thinking_tokens", Integer, nullable=False, server_default="0"),
    Column("tool_tokens", Integer, nullable=False, server_default="0"),
    Column("price", Json),
    # The budgets in which room was taken: [scope, period] each.
    Column("held", Json, nullable=False),
    Index(None, "owner", "at"),
    Index(None, "session", "at"),
    Index(None, "state", "at"),
)

BUDGETS = Table(
    "agent_budgets",
    TABLES,
    # `scope` is global, user:ID or session:ID; `period` a month such as 2026-11, standing for what each new
    # month begins with, or all.
    Column("scope", String(LONGEST_SCOPE), primary_key=True),
    Column("period", String(10), primary_key=True),
    Column("limit_micros", BigInteger, nullable=False),
    Column("spent_micros", BigInteger, nullable=False, server_default="0"),
    Column("held_micros", BigInteger, nullable=False, server_default="0"),
    Column("warned_at", Moment),
)
