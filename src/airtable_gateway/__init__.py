"""The client side of Airtable: one Gateway protocol, its values, and what can go wrong.

The implementation over pyairtable is `airtable_gateway.pyairtable_gateway`; only wiring imports it.
"""

from airtable_gateway.endpoint import Endpoint, EndpointSource, FixedEndpoint
from airtable_gateway.errors import (
    AirtableError,
    BaseNotFound,
    CursorExpired,
    FieldNotFound,
    InvalidFormula,
    InvalidRequest,
    InvalidValue,
    NotFound,
    NothingListens,
    RecordNotFound,
    Refused,
    TableNotFound,
    TooManyRequests,
    Unreachable,
    ViewNotFound,
)
from airtable_gateway.gateway import (
    WRITE_LIMIT,
    Gateway,
    RecordReader,
    RecordWriter,
    SchemaReader,
    SchemaWriter,
)
from airtable_gateway.records import (
    CellValues,
    Record,
    RecordChange,
    RecordPage,
    RecordQuery,
    SortKey,
    Upserted,
)
from airtable_gateway.schema import BaseInfo, BaseSchema, FieldSchema, TableSchema, ViewSchema

__all__ = [
    # The way to Airtable
    "WRITE_LIMIT",
    "Endpoint",
    "EndpointSource",
    "FixedEndpoint",
    "Gateway",
    "RecordReader",
    "RecordWriter",
    "SchemaReader",
    "SchemaWriter",
    # The schema of a base
    "BaseInfo",
    "BaseSchema",
    "FieldSchema",
    "TableSchema",
    "ViewSchema",
    # Records, and what to do with them
    "CellValues",
    "Record",
    "RecordChange",
    "RecordPage",
    "RecordQuery",
    "SortKey",
    "Upserted",
    # Errors
    "AirtableError",
    "BaseNotFound",
    "CursorExpired",
    "FieldNotFound",
    "InvalidFormula",
    "InvalidRequest",
    "InvalidValue",
    "NotFound",
    "NothingListens",
    "RecordNotFound",
    "Refused",
    "TableNotFound",
    "TooManyRequests",
    "Unreachable",
    "ViewNotFound",
]
