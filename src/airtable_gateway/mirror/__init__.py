"""A local copy of a base in one SQLite file, for search and analysis beyond five requests a second.

It is no part of the gateway's face, which stays without a database: import it where a copy is wanted.
"""

from airtable_gateway.mirror.freshness import Freshness
from airtable_gateway.mirror.mirror import Mirror, MirrorNotOpen

__all__ = ["Freshness", "Mirror", "MirrorNotOpen"]
