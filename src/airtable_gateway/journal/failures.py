"""Errors as the journal keeps them, and errors made of what it kept."""

from airtable_gateway.errors import AirtableError, NotFound, OutcomeUnknown, TooManyRequests, Unreachable
from airtable_gateway.journal.change import Failure, Outcome
from airtable_gateway.journal.errors import JournalUnusable


def outcome_of(error: AirtableError) -> Outcome:
    """What a failed write leaves: nothing, or nobody knows what."""
    failure = failure_of(error)
    match error:
        case Unreachable(may_be_applied=True) | AirtableError(follows_lost=True):
            return Outcome("unknown", failure=failure)
        case Unreachable() | TooManyRequests() | JournalUnusable():
            # The way was shut, and nothing was sent; the same call may go through later, so its key is free.
            return Outcome("refused", failure=failure, frees_key=True)
        case _:
            return Outcome("refused", failure=failure)


def failure_of(error: AirtableError) -> Failure:
    """The error as the journal keeps it."""
    subject = error.name if isinstance(error, NotFound) else ""
    return Failure(error.code, error.message, error.hint, error.status, error.type, subject)


def error_from(failure: Failure) -> AirtableError:
    """The error that an earlier call got."""
    kind = _kinds().get(failure.code, AirtableError)
    if issubclass(kind, NotFound):
        return kind(
            failure.subject,
            message=failure.message,
            status=failure.status,
            type=failure.type,
            hint=failure.hint,
        )
    if issubclass(kind, Unreachable):
        return OutcomeUnknown(failure.message, status=failure.status)
    if issubclass(kind, TooManyRequests):
        kind = AirtableError
    return kind(failure.message, status=failure.status, type=failure.type, hint=failure.hint)


def _kinds(root: type[AirtableError] = AirtableError) -> dict[str, type[AirtableError]]:
    """Every kind of error by its code; where two share one, the more general of them."""
    kinds = {root.code: root}
    for kind in root.__subclasses__():
        kinds = _kinds(kind) | kinds
    return kinds
