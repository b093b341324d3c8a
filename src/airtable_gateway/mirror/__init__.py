"""A local copy of a base, kept fresh, for SQL and for news beyond five requests a second.

What stands here needs no database; the copies themselves are kept by `airtable_gateway.mirror.mirrors`, which
only wiring imports.
"""

from airtable_gateway.mirror.errors import (
    MirrorError,
    MirrorNotReady,
    MirrorsNotKept,
    MirrorUnusable,
    QueryRefused,
    QueryTooLarge,
    QueryTooSlow,
    TooManyMirrors,
)
from airtable_gateway.mirror.freshness import Freshness
from airtable_gateway.mirror.port import BaseMirror, Mirroring, MirrorKeeper, QueryAnswer, QueryLimits

__all__ = [
    # A copy, and who keeps it
    "BaseMirror",
    "Freshness",
    "MirrorKeeper",
    "Mirroring",
    # Questions
    "QueryAnswer",
    "QueryLimits",
    # Errors
    "MirrorError",
    "MirrorNotReady",
    "MirrorUnusable",
    "MirrorsNotKept",
    "QueryRefused",
    "QueryTooLarge",
    "QueryTooSlow",
    "TooManyMirrors",
]
