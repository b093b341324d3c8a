"""The client side of Airtable: one Gateway protocol, its values, and what can go wrong.

The implementation over pyairtable is `airtable_gateway.pyairtable_gateway`; only wiring imports it.
"""

from airtable_gateway.attachments import UPLOAD_LIMIT, Attachments
from airtable_gateway.comments import Comment, Commenter, CommentPage, Comments
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
    NoTurn,
    OutcomeUnknown,
    OutOfOrder,
    RecordNotFound,
    Refused,
    TableNotFound,
    TooManyRequests,
    Unreachable,
    ViewNotFound,
)
from airtable_gateway.forwarding import ForwardedAnswer, ForwardedRequest, Forwarding
from airtable_gateway.gateway import (
    WRITE_LIMIT,
    Gateway,
    Invalidation,
    RecordReader,
    RecordWriter,
    SchemaReader,
    SchemaWriter,
)
from airtable_gateway.hearing import ForeignChanges, Hearer, all_of, changes_told, nobody_hears
from airtable_gateway.journal import (
    Author,
    Change,
    ChangeNotFound,
    ChangePage,
    Difference,
    Journal,
    JournaledGateway,
    JournalError,
    KeyReused,
    MemoryJournal,
    NotUndoable,
    Place,
    SignedGateway,
    Step,
    UndoConflict,
    Undone,
    UndoPromise,
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
from airtable_gateway.remote_files import NotFetched, RemoteFiles
from airtable_gateway.schema import BaseInfo, BaseSchema, FieldSchema, TableSchema, ViewSchema
from airtable_gateway.traffic.urgency import bulk, calling
from airtable_gateway.webhooks import PAYLOAD_LIMIT, NewWebhook, PayloadPage, Webhook, Webhooks

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
    "Comments",
    "Attachments",
    "Webhooks",
    "Invalidation",
    "Forwarding",
    "ForwardedAnswer",
    "ForwardedRequest",
    # Who changed what
    "Author",
    "Change",
    "ChangePage",
    "Journal",
    "JournaledGateway",
    "MemoryJournal",
    "Place",
    "SignedGateway",
    "UndoPromise",
    "Undone",
    "Step",
    "Difference",
    # What others changed
    "ForeignChanges",
    "Hearer",
    "all_of",
    "changes_told",
    "nobody_hears",
    # Who calls, and how urgent it is
    "bulk",
    "calling",
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
    # Comments, files and webhooks
    "Comment",
    "Commenter",
    "CommentPage",
    "UPLOAD_LIMIT",
    "RemoteFiles",
    "NotFetched",
    "Webhook",
    "NewWebhook",
    "PayloadPage",
    "PAYLOAD_LIMIT",
    # Errors
    "AirtableError",
    "BaseNotFound",
    "ChangeNotFound",
    "CursorExpired",
    "FieldNotFound",
    "InvalidFormula",
    "InvalidRequest",
    "InvalidValue",
    "JournalError",
    "KeyReused",
    "NotFound",
    "NothingListens",
    "NotUndoable",
    "NoTurn",
    "OutcomeUnknown",
    "OutOfOrder",
    "RecordNotFound",
    "Refused",
    "TableNotFound",
    "TooManyRequests",
    "UndoConflict",
    "Unreachable",
    "ViewNotFound",
]
