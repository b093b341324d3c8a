"""Airtable's refusals turned into our errors, which keep its status, its type and its words.

Types and texts: Airtable's Web API reference, "Errors"; what it does not list was seen in live answers.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from airtable_gateway.errors import (
    AirtableError,
    BaseNotFound,
    CursorExpired,
    FieldNotFound,
    InvalidFormula,
    InvalidRequest,
    InvalidValue,
    NotFound,
    RecordNotFound,
    Refused,
    TableNotFound,
    TooManyRequests,
    Unreachable,
    ViewNotFound,
    WorkspaceNotFound,
)

LOCKOUT_SECONDS = 30.0
"""How long to wait after a 429 that does not say it (docs: "Rate limits")."""

BILLING_LIMIT = "PUBLIC_API_BILLING_LIMIT_EXCEEDED"
"""The month's allowance is used up; waiting some seconds does not help."""

MODEL_NOT_FOUND = "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"
"""Airtable does not tell what is hidden from what is not there."""

_BILLING_SECONDS = 3600.0  # Airtable does not say when the allowance returns; asking sooner is of no use


@dataclass(frozen=True, slots=True)
class Subject:
    """What a request is about: the base's id, table, record and workspace as given, "" for none.

    `path` is one that a caller chose; where there is none and nothing else, the path is always there.
    """

    base: str = ""
    table: str = ""
    record: str = ""
    workspace: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer with an error status; `retry_after` is the header's text, "" when there is none."""

    status: int
    body: str
    retry_after: str = ""


@dataclass(frozen=True, slots=True)
class _Refusal:
    """An answer that was understood, and what it is about; `message` is ours where it is not `is_worded`."""

    status: int
    type: str
    message: str
    retry_after: str
    subject: Subject
    is_worded: bool


_RECORD = re.compile(r"\brec(?!ord\b)[0-9A-Za-z]+")
"""A record's id in Airtable's words."""

_Maker = Callable[[_Refusal, str], AirtableError]


def translate(answer: Answer, subject: Subject) -> AirtableError:
    """The error that says what `answer` means for a request about `subject`."""
    envelope = _envelope(answer.body)
    if envelope is None and answer.status != 429:
        return _not_airtable(answer.status)
    type, message = envelope or ("", "")
    words = message or _silent(answer.status, type)
    refusal = _Refusal(answer.status, type, words, answer.retry_after, subject, bool(message))
    make, hint = _BY_TYPE.get(type) or _by_status(answer.status)
    return make(refusal, hint)


def _envelope(body: str) -> tuple[str, str] | None:
    """Type and message of Airtable's envelopes: an object, a bare type, or a list; else None."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    match content:
        case {"error": {"type": str(type), **rest}}:
            return type, _text(rest.get("message"))
        case {"error": str(type), **rest} | {"errors": [{"error": str(type), **rest}, *_]}:
            return type, _text(rest.get("message"))
        case _:
            return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _silent(status: int, type: str) -> str:
    """Our words when Airtable gives none."""
    return f"Airtable refused the request: {type or 'no reason given'} (status {status})"


def _not_airtable(status: int) -> AirtableError:
    """An error status without Airtable's envelope: a proxy, a load balancer or a wrong address."""
    if status >= 500:
        return Unreachable(
            f"Airtable is out of order: status {status} and no word of its own.", status=status
        )
    return Unreachable(
        f"The answer is not Airtable's: status {status} and no JSON error. Is it another service?",
        status=status,
        hint="Check the address of Airtable: scheme and host alone, without /v0.",
        may_be_applied=False,
    )


def _plain(error: Callable[..., AirtableError]) -> _Maker:
    """A maker for the errors that take a message and no more."""
    return lambda refusal, hint: error(refusal.message, status=refusal.status, type=refusal.type, hint=hint)


def _not_found(missing: type[NotFound], refusal: _Refusal, name: str, hint: str) -> NotFound:
    message = refusal.message if refusal.is_worded or not name else ""
    return missing(name, message=message, status=refusal.status, type=refusal.type, hint=hint)


def _too_many(refusal: _Refusal, hint: str) -> AirtableError:
    wait = _BILLING_SECONDS if refusal.type == BILLING_LIMIT else seconds(refusal.retry_after)
    return TooManyRequests(refusal.message, retry_after_seconds=wait, type=refusal.type, hint=hint)


def seconds(retry_after: str) -> float:
    """The seconds of a Retry-After header; the documented lock-out when it is absent or a date."""
    return float(retry_after) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", retry_after) else LOCKOUT_SECONDS


def _failed(refusal: _Refusal, hint: str) -> AirtableError:
    safe = refusal.type == "RETRIABLE_ERROR"  # Airtable's own text: "it is safe to retry the request"
    return Unreachable(
        refusal.message,
        status=refusal.status,
        type=refusal.type,
        hint=hint,
        may_be_applied=not safe,
        retry_after_seconds=seconds(refusal.retry_after) if refusal.retry_after else 0.0,
    )


def _unknown_field(refusal: _Refusal, hint: str) -> AirtableError:
    return _not_found(FieldNotFound, refusal, _quoted(refusal.message), hint)


def _unknown_view(refusal: _Refusal, hint: str) -> AirtableError:
    name = re.fullmatch(r"View (.*) not found", refusal.message)
    return _not_found(ViewNotFound, refusal, name[1] if name else "", hint)


def _unknown_record(refusal: _Refusal, hint: str) -> AirtableError:
    name = _RECORD.search(refusal.message)
    return _not_found(RecordNotFound, refusal, name[0] if name else refusal.subject.record, hint)


def _unknown_table(refusal: _Refusal, hint: str) -> AirtableError:
    return _not_found(TableNotFound, refusal, refusal.subject.table, hint)


def _unknown_model(refusal: _Refusal, hint: str) -> AirtableError:
    """MODEL_ID_NOT_FOUND: which model it was is said by the message alone."""
    if refusal.subject.workspace:
        return _unknown_workspace(refusal)
    match refusal.message.partition(" ")[0]:
        case "Base":
            return _not_found(BaseNotFound, refusal, refusal.subject.base, hint)
        case "Table":
            return _unknown_table(refusal, hint)
        case "Record":
            return _not_found(RecordNotFound, refusal, refusal.subject.record, hint)
        case _:
            return _nothing_there(refusal, hint)


def _nothing_there(refusal: _Refusal, hint: str) -> AirtableError:
    """A path that leads nowhere: the record that the answer names, or the last thing that the path does."""
    if _RECORD.search(refusal.message):
        return _unknown_record(refusal, hint)
    match refusal.subject:
        case Subject(record=str(record)) if record:
            return _not_found(RecordNotFound, refusal, record, hint)
        case Subject(table=str(table)) if table:
            return _not_found(TableNotFound, refusal, table, hint)
        case Subject(base=str(base)) if base:
            return _not_found(BaseNotFound, refusal, base, hint)
        case Subject(workspace=str(workspace)) if workspace:
            return _unknown_workspace(refusal)
        case Subject(path=str(path)) if path:
            return _not_found(NotFound, refusal, path, hint)
        case _:
            return _not_airtable(refusal.status)


def _hidden(refusal: _Refusal, hint: str) -> AirtableError:
    """What is hidden or not there: a workspace, for nothing else is named where one is."""
    if refusal.subject.workspace:
        return _unknown_workspace(refusal)
    return _REFUSED(refusal, hint)


def _unknown_workspace(refusal: _Refusal) -> AirtableError:
    """Airtable's own words do not name it."""
    return WorkspaceNotFound(refusal.subject.workspace, status=refusal.status, type=refusal.type)


def _quoted(text: str) -> str:
    """The name in `Unknown field name: "X"` or `Could not find a field named X`."""
    found = re.search(r'"(.*)"|named (.*)', text, re.DOTALL)
    return (found[1] or found[2] or "") if found else ""


_REFUSED = _plain(Refused)
_VALUE = _plain(InvalidValue)
_REQUEST = _plain(InvalidRequest)
_TOKEN_HINT = "Check the token: it is missing, expired or mistyped."  # noqa: S105 - advice, no password
_WRITE_FORM_HINT = "Give the field's options in the write form of Airtable's field model."

_BY_TYPE: Mapping[str, tuple[_Maker, str]] = MappingProxyType(
    {
        "AUTHENTICATION_REQUIRED": (_REFUSED, _TOKEN_HINT),
        "INVALID_PERMISSIONS": (_REFUSED, ""),
        MODEL_NOT_FOUND: (_hidden, ""),
        "NOT_FOUND": (_nothing_there, ""),
        "MODEL_ID_NOT_FOUND": (_unknown_model, ""),
        "TABLE_NOT_FOUND": (_unknown_table, ""),
        "VIEW_NAME_NOT_FOUND": (_unknown_view, ""),
        "VIEW_ID_NOT_FOUND": (_unknown_view, ""),
        "UNKNOWN_FIELD_NAME": (_unknown_field, ""),
        "ROW_DOES_NOT_EXIST": (_unknown_record, ""),
        "ROW_TABLE_DOES_NOT_MATCH_LINKED_TABLE": (_VALUE, "Give ids of records of the linked table."),
        "INVALID_VALUE_FOR_COLUMN": (_VALUE, ""),
        "INVALID_MULTIPLE_CHOICE_OPTIONS": (
            _VALUE,
            "Give one of the choices that get_field_info shows, or set typecast to make a new one.",
        ),
        "INVALID_ATTACHMENT_OBJECT": (
            _VALUE,
            'An attachment is {"url": ..., "filename": ...} with an http or https address, or {"id": ...}.',
        ),
        "ATTACHMENTS_FAILED_UPLOADING": (_VALUE, "Check that the attachment's address is open to everyone."),
        "INVALID_FILTER_BY_FORMULA": (_plain(InvalidFormula), ""),
        "LIST_RECORDS_ITERATOR_NOT_AVAILABLE": (_plain(CursorExpired), ""),
        "INVALID_OFFSET_VALUE": (_plain(CursorExpired), ""),
        "DUPLICATE_OR_EMPTY_FIELD_NAME": (_REQUEST, "Choose a name that no field of the table has."),
        "DUPLICATE_TABLE_NAME": (_REQUEST, "Choose a name that no table of the base has."),
        "UNSUPPORTED_FIELD_TYPE_FOR_CREATE": (_REQUEST, "Make this field in Airtable's own interface."),
        "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE": (_REQUEST, _WRITE_FORM_HINT),
        "RETRIABLE_ERROR": (_failed, "Call again."),
        BILLING_LIMIT: (
            _too_many,
            "The workspace has used its API calls of this month: wait for the next one, or raise its plan.",
        ),
    }
)

_BY_STATUS: Mapping[int, tuple[_Maker, str]] = MappingProxyType(
    {
        401: (_REFUSED, _TOKEN_HINT),
        403: (_REFUSED, ""),
        404: (_nothing_there, ""),
        413: (_REQUEST, "Send fewer records, or shorter values, in one request."),
        429: (_too_many, ""),
    }
)


def _by_status(status: int) -> tuple[_Maker, str]:
    """For types that the table does not name."""
    return _BY_STATUS.get(status) or ((_failed, "") if status >= 500 else (_REQUEST, ""))
