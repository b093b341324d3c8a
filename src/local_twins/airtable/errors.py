"""Every refusal of Airtable's Web API, with its status, its type and its own words.

One table, so that a later capture from the live service changes data and not code. Texts marked "ours" stand
where no public source shows Airtable's.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table; `message` None is an envelope without a message, `type` alone the bare one."""

    status: int
    type: str
    message: str | None = None
    bare: bool = False


class Refusal(Exception):
    """The request is refused as `kind` says; `values` fill the gaps of its message."""

    def __init__(self, kind: Kind, **values: Any) -> None:
        self.kind = kind
        self.message = None if kind.message is None else kind.message.format(**values)
        super().__init__(self.message or kind.type)

    @property
    def body(self) -> dict[str, Any]:
        """The JSON body in the envelope of its kind."""
        if self.kind.bare:
            return {"error": self.kind.type}
        error = {"type": self.kind.type}
        if self.message is not None:
            error["message"] = self.message
        return {"error": error}


AUTHENTICATION_REQUIRED = Kind(401, "AUTHENTICATION_REQUIRED", "Authentication required")
MODEL_NOT_FOUND = Kind(
    403,
    "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND",
    "Invalid permissions, or the requested model was not found. Check that both your user and your token "
    "have the required permissions, and that the model names and/or ids are correct.",
)
NOT_PERMITTED = Kind(403, "INVALID_PERMISSIONS", "You are not permitted to perform this operation")
CREATION_NOT_PERMITTED = Kind(
    403, "INVALID_PERMISSIONS", "You are not permitted to create records in table {table} ({id})"
)
UPDATE_NOT_PERMITTED = Kind(
    403, "INVALID_PERMISSIONS", "You are not permitted to write cell values in field {field} ({id})"
)
NOT_FOUND = Kind(404, "NOT_FOUND", bare=True)
RECORD_NOT_FOUND = Kind(404, "MODEL_ID_NOT_FOUND", "Record not found")
TABLE_NOT_FOUND = Kind(404, "MODEL_ID_NOT_FOUND", "Table not found")
BASE_NOT_FOUND = Kind(404, "MODEL_ID_NOT_FOUND", "Base not found")
WORKSPACE_NOT_FOUND = Kind(404, "MODEL_ID_NOT_FOUND", "Workspace not found")
WORKSPACE_MISSING = Kind(422, "INVALID_REQUEST", "Server error")

BODY_UNREADABLE = Kind(422, "INVALID_REQUEST_BODY", "Could not parse request body")
REQUEST_TOO_LARGE = Kind(413, "REQUEST_TOO_LARGE", "Request body is too large")  # ours
URL_TOO_LONG = Kind(
    414,
    "INVALID_REQUEST_UNKNOWN",
    "Invalid request: URLs are shorter than 16,000 characters. POST to listRecords instead.",
)  # ours
PARAMETERS_INVALID = Kind(
    422,
    "INVALID_REQUEST_UNKNOWN",
    "Invalid request: parameter validation failed. Check your request data.",
)
FIELDS_MISSING = Kind(
    422, "INVALID_REQUEST_MISSING_FIELDS", 'Could not find field "fields" in the request body'
)
TOO_MANY_TO_CREATE = Kind(
    422,
    "INVALID_RECORDS",
    "A maximum of 10 records can be created per request but you have provided {count}.",
)
RECORDS_TO_CREATE_INVALID = Kind(
    422,
    "INVALID_RECORDS",
    'You must provide an array of up to 10 record objects, each with a "fields" object for cell values.',
)
RECORDS_TO_UPDATE_INVALID = Kind(
    422,
    "INVALID_RECORDS",
    'You must provide an array of up to 10 record objects, each with an "id" ID field and a "fields" object '
    "for cell values.",
)
RECORD_TO_DELETE_NOT_FOUND = Kind(404, "NOT_FOUND", 'Could not find a record with ID "{record}".')
RECORDS_TO_DELETE_INVALID = Kind(422, "INVALID_RECORDS", '"records" must be an array of up to 10 record IDs.')
UPDATED_TWICE = Kind(
    422, "INVALID_RECORDS", "You cannot update the same record multiple times in a single request."
)

UNKNOWN_FIELD = Kind(422, "UNKNOWN_FIELD_NAME", 'Unknown field name: "{field}"')
VALUE_REFUSED = Kind(422, "INVALID_VALUE_FOR_COLUMN", 'Field "{field}" cannot accept the provided value')
VALUE_COMPUTED = Kind(
    422,
    "INVALID_VALUE_FOR_COLUMN",
    'Field "{field}" cannot accept a value because the field is computed',
)
VALUE_UNREADABLE = Kind(422, "INVALID_VALUE_FOR_COLUMN", 'Cannot parse value "{value}" for field {field}')
NOT_RECORD_IDS = Kind(422, "INVALID_VALUE_FOR_COLUMN", "Value is not an array of record IDs.")
CHOICE_MISSING = Kind(
    422,
    "INVALID_MULTIPLE_CHOICE_OPTIONS",
    'Insufficient permissions to create new select option ""{choice}""',
)
ATTACHMENT_INVALID = Kind(
    422, "INVALID_ATTACHMENT_OBJECT", "Invalid attachment object for field {field}: {shown}"
)
ROW_MISSING = Kind(422, "ROW_DOES_NOT_EXIST", "Record ID {record} does not exist in this table")
ROW_OF_OTHER_TABLE = Kind(
    422,
    "ROW_TABLE_DOES_NOT_MATCH_LINKED_TABLE",
    "Record ID {record} belongs to table {table}, but the field links to table {linked}",
)
UPSERT_AMBIGUOUS = Kind(
    422,
    "INVALID_REQUEST_UNKNOWN",
    "Invalid request: more than one record matches the values of the merge fields {fields}.",
)  # ours

VIEW_NAME_MISSING = Kind(422, "VIEW_NAME_NOT_FOUND", "View {view} not found")
VIEW_ID_MISSING = Kind(422, "VIEW_ID_NOT_FOUND", "View {view} not found")
FILTER_INVALID = Kind(
    422,
    "INVALID_FILTER_BY_FORMULA",
    "The formula for filtering records is invalid: Invalid formula. Please check your formula text.",
)
FILTER_FIELDS_UNKNOWN = Kind(
    422,
    "INVALID_FILTER_BY_FORMULA",
    "The formula for filtering records is invalid: Unknown field names: {names}",
)
PAGE_SIZE_INVALID = Kind(422, "INVALID_PAGE_SIZE_ARGUMENT", "Page size argument should be between 0 and 100")
OFFSET_INVALID = Kind(422, "INVALID_OFFSET_VALUE", "The value of offset {offset} is invalid")
ITERATOR_GONE = Kind(422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE")

FIELD_NAME_TAKEN = Kind(
    422, "DUPLICATE_OR_EMPTY_FIELD_NAME", 'Field name "{field}" is empty or already in use'
)  # ours
TABLE_NAME_TAKEN = Kind(
    422, "DUPLICATE_TABLE_NAME", 'Table name "{table}" is empty or already in use'
)  # ours
TYPE_NOT_CREATABLE = Kind(
    422,
    "UNSUPPORTED_FIELD_TYPE_FOR_CREATE",
    "Invalid options for {table}.{field}: Creating {type} fields is not supported at this time",
)
OPTIONS_REFUSED = Kind(
    422, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE", "Failed schema validation: {field}.{problem}"
)
STATE_CHECK_FAILED = Kind(422, "FAILED_STATE_CHECK")
WEBHOOK_EXPIRED = Kind(
    422, "INVALID_REQUEST_UNKNOWN", "Invalid request: the webhook has expired and cannot be refreshed."
)  # ours
TOO_MANY_WEBHOOKS = Kind(
    422,
    "TOO_MANY_WEBHOOKS_IN_BASE",
    "Cannot create webhook: the base already has the maximum number of webhooks",
)  # ours

SNAPSHOT_INVALID = Kind(422, "INVALID_SNAPSHOT", "Not a snapshot: {reason}")  # ours
FAULTS_INVALID = Kind(422, "INVALID_FAULTS", "{reason}")  # ours
DOCUMENT_INVALID = Kind(422, "INVALID_DOCUMENT", "Cannot be imported: {reason}")  # ours

RATE_LIMITED = Kind(429, "RATE_LIMIT_REACHED", "Rate limit exceeded. Please try again later")
BILLING_LIMIT_EXCEEDED = Kind(
    429,
    "PUBLIC_API_BILLING_LIMIT_EXCEEDED",
    "API billing plan limit exceeded. You've reached the maximum number of requests allowed for this month.",
)
RETRIABLE = Kind(
    503,
    "RETRIABLE_ERROR",
    "Server encountered an error while processing your request, and it is safe to retry the request",
)
SERVER_ERROR = Kind(
    500, "SERVER_ERROR", "The local Airtable failed on this request; its log says why"
)  # ours
