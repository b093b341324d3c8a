"""What a model does next about each of Airtable's error types: one step that mends the call.

Types: Airtable's Web API reference, "Errors"; what it does not list was seen in live answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from airtable_gateway import BaseSchema, TableNotFound, TableSchema
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.refusals.formula_mistakes import why_refused

_SELECTS = ("singleSelect", "multipleSelects")

Facts = Callable[[BaseSchema, Mapping[str, Any]], str]
"""What a base's schema tells about a call with these arguments, "" for nothing."""


@dataclass(frozen=True, slots=True)
class Advice:
    """The next step, and what is looked up to make it certain; `cast` is the step under typecast=true."""

    step: str
    facts: Facts | None = None
    cast: str = ""

    def step_of(self, *, typecast: bool) -> str:
        """The next step of a call that has asked for typecasting, or has not."""
        return self.cast if typecast and self.cast else self.step


def _table(schema: BaseSchema, arguments: Mapping[str, Any]) -> TableSchema | None:
    try:
        return schema.table(str(arguments.get("table_id", "")))
    except TableNotFound:
        return None


def _tables(schema: BaseSchema, arguments: Mapping[str, Any]) -> str:  # noqa: ARG001 - Facts are told both
    return f"Tables: {shortened(table.name for table in schema.tables)}."


def _fields(schema: BaseSchema, arguments: Mapping[str, Any]) -> str:
    table = _table(schema, arguments)
    return f"Fields of {table.name}: {shortened(field.name for field in table.fields)}." if table else ""


def _filter(schema: BaseSchema, arguments: Mapping[str, Any]) -> str:
    """What is wrong with the filter; the names of the fields, if that is all that can be told."""
    table, text = _table(schema, arguments), arguments.get("filter_by_formula")
    wrong = why_refused(table, text) if table and isinstance(text, str) else ""
    return f"What is wrong here: {wrong}" if wrong else _fields(schema, arguments)


def _views(schema: BaseSchema, arguments: Mapping[str, Any]) -> str:
    table = _table(schema, arguments)
    return f"Views of {table.name}: {shortened(view.name for view in table.views)}." if table else ""


def _choices(schema: BaseSchema, arguments: Mapping[str, Any]) -> str:
    """The choices of the selects that the call writes; Airtable does not say which one it minds."""
    table, written = _table(schema, arguments), arguments.get("fields") or {}
    if table is None or not isinstance(written, Mapping):
        return ""
    selects = [field for field in table.fields if field.type in _SELECTS]
    told = {
        field.name: [choice["name"] for choice in field.options.get("choices", ())]
        for field in selects
        if field.name in written or field.id in written
    }
    return " ".join(f"Choices of {name}: {shortened(choices)}." for name, choices in told.items())


def _types(schema: BaseSchema, arguments: Mapping[str, Any]) -> str:
    """The types of the fields that the call writes."""
    table, written = _table(schema, arguments), arguments.get("fields") or {}
    if table is None or not isinstance(written, Mapping):
        return ""
    types = [f"{field.name} is {field.type}" for field in table.fields if field.name in written]
    return f"{', '.join(types[:20])}." if types else ""


_BEYOND_US = "Tell the user: no other call of these tools can mend it."
_JUDGE = "Call validate_record with the same fields: it says what each takes."

ADVICE: Mapping[str, Advice] = MappingProxyType(
    {
        "AUTHENTICATION_REQUIRED": Advice(
            f"The server's Airtable token is missing, expired or mistyped. {_BEYOND_US}"
        ),
        "INVALID_PERMISSIONS": Advice(
            "The token may not do this here: it lacks a scope, or its user a permission. list_bases shows "
            "what may be done in each base."
        ),
        "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND": Advice(
            "Either an id is wrong or the token may not see it. Call list_bases and list_tables, "
            "and use the ids that they give.",
            _tables,
        ),
        "NOT_FOUND": Advice(
            "An id is malformed or gone. Call list_tables for the ids of this base.", _tables
        ),
        "MODEL_ID_NOT_FOUND": Advice(
            "It was deleted or never there. Call search_records or get_records for records. Call list_tables "
            "for tables."
        ),
        "TABLE_NOT_FOUND": Advice("Use the name or id of one of this base's tables.", _tables),
        "VIEW_NAME_NOT_FOUND": Advice("Use one of the table's views, or leave `view` out.", _views),
        "VIEW_ID_NOT_FOUND": Advice("Use one of the table's views, or leave `view` out.", _views),
        "UNKNOWN_FIELD_NAME": Advice("Use the exact name or the id of one of the table's fields.", _fields),
        "ROW_DOES_NOT_EXIST": Advice(
            "A record that is changed must be in this table, a linked one in the linked table. Use ids that "
            "search_records or get_records give."
        ),
        "ROW_TABLE_DOES_NOT_MATCH_LINKED_TABLE": Advice(
            "Link records of the linked table. get_field_info names it. search_records on it gives ids."
        ),
        "INVALID_VALUE_FOR_COLUMN": Advice(
            f"Give each field what its type takes, or set typecast=true. {_JUDGE}",
            _types,
            cast=f"Even typecasting makes nothing of this value. {_JUDGE}",
        ),
        "INVALID_MULTIPLE_CHOICE_OPTIONS": Advice(
            "Give a choice that exists, or set typecast=true to add a new one.",
            _choices,
            cast="Give a choice that exists: the token's user may not add one, or the name is none. "
            "get_field_info lists them.",
        ),
        "INVALID_ATTACHMENT_OBJECT": Advice(
            'Write each file as {"url":"https://..."}, or as {"id":"att..."} to keep one that is there; '
            "no data: addresses, no sizes."
        ),
        "ATTACHMENTS_FAILED_UPLOADING": Advice(
            "Airtable could not fetch the file: give an http or https url that is open to everyone."
        ),
        "INVALID_FILTER_BY_FORMULA": Advice(
            'A filter reads AND({Status}="Done",{Hours}>2). validate_formula tests one with its table.',
            _filter,
        ),
        "LIST_RECORDS_ITERATOR_NOT_AVAILABLE": Advice(
            "The cursor lives for some minutes only: repeat the call without `cursor`."
        ),
        "INVALID_OFFSET_VALUE": Advice(
            "The cursor is none that a page gave: repeat the call without `cursor`, or with the last page's."
        ),
        "INVALID_PAGE_SIZE_ARGUMENT": Advice("A page has at most 100 records: ask for fewer of them."),
        "INVALID_RECORDS": Advice(
            "Give records as the tool's schema says; any number is split into tens by the batch tools."
        ),
        "INVALID_REQUEST": Advice(
            "Airtable says no more: call with dry_run=true to see what is sent. Compare every value with "
            "what get_field_info tells."
        ),
        "INVALID_REQUEST_BODY": Advice(
            "Send plain JSON values. validate_record shows what each field takes."
        ),
        "INVALID_REQUEST_UNKNOWN": Advice(
            "A parameter has a value that Airtable does not know, or several records are the same in "
            "`merge_on`, which dry_run=true shows. Compare the value with what get_field_info tells."
        ),
        "INVALID_REQUEST_MISSING_FIELDS": Advice("Give the cell values in `fields`, by field name."),
        "REQUEST_TOO_LARGE": Advice("Send fewer records or shorter values in one call."),
        "FAILED_STATE_CHECK": Advice(
            "Ids of different tables are mixed: use the field, view and record ids of this table.", _fields
        ),
        "DUPLICATE_OR_EMPTY_FIELD_NAME": Advice("Choose a name that no field of the table has.", _fields),
        "DUPLICATE_TABLE_NAME": Advice("Choose a name that no table of the base has.", _tables),
        "TOO_MANY_WEBHOOKS_IN_BASE": Advice(
            f"The base has the ten webhooks that Airtable keeps; one of them must go first. {_BEYOND_US}"
        ),
        "UNSUPPORTED_FIELD_TYPE_FOR_CREATE": Advice(
            "Airtable's API makes no field of this type: ask the user to make it in Airtable itself."
        ),
        "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE": Advice(
            "Give `options` in write form, e.g. number {precision:0}, date {dateFormat:{name:'iso'}}, select "
            "{choices:[{name}]}, link {linkedTableId}; nothing that Airtable fills in itself."
        ),
        "RATE_LIMIT_REACHED": Advice("The server has waited already: wait half a minute, then call again."),
        "PUBLIC_API_BILLING_LIMIT_EXCEEDED": Advice(
            f"The workspace has used up its API calls of this month. {_BEYOND_US}"
        ),
        "RETRIABLE_ERROR": Advice("Airtable had a hitch and applied nothing: make the same call again."),
        "SERVER_ERROR": Advice(
            "Airtable failed inside: if this was a write, look whether it was applied before you repeat it. "
            "get_record shows it."
        ),
    }
)
