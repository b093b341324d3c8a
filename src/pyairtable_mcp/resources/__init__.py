"""What a client may read by address: bases, their schemas, pages of records."""

from pyairtable_mcp.resources.addresses import (
    BASES,
    RECORDS,
    SCHEMA,
    place_of,
    records_addresses,
    records_uri,
    schema_uri,
)
from pyairtable_mcp.resources.publishing import publish

__all__ = [
    # Serving them
    "publish",
    # Their addresses
    "BASES",
    "SCHEMA",
    "RECORDS",
    "schema_uri",
    "records_uri",
    "records_addresses",
    "place_of",
]
