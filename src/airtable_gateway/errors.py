"""What can go wrong between us and Airtable.

AirtableError
├── NotFound          WorkspaceNotFound, BaseNotFound, TableNotFound, FieldNotFound, ViewNotFound,
│                     RecordNotFound
├── Refused           the token is missing, wrong, or may not do this
├── InvalidValue      Airtable refused a field's value
├── InvalidFormula    Airtable refused the filter's formula
├── InvalidRequest    Airtable refused the request for another reason
├── CursorExpired     the list has to be read again from its start
├── TooManyRequests   `retry_after_seconds` is known
│   └── NoTurn            the call's time was over before its turn came: nothing was sent
└── Unreachable       no answer, or no sense in it
    ├── NothingListens    the connection was refused: nothing was sent
    ├── OutOfOrder        Airtable has not answered for a while, so nothing was sent
    └── OutcomeUnknown    a write was sent, and nobody can tell whether it was applied
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Self

_LONGEST_NAME = 100


class AirtableError(Exception):
    """Airtable, or the way to it, refused or failed.

    `status` is the HTTP status (None when no answer came), `type` Airtable's own error type,
    `message` Airtable's own text or ours, `hint` what to do about it.
    """

    code = "airtable_error"
    hint = ""
    answer: tuple[int, str] | None = None
    """Airtable's own answer, its status and its text, where it gave one."""
    follows_lost = False
    """Whether an earlier attempt of the same write got no answer, and may have been applied."""

    def __init__(self, message: str, *, status: int | None = None, type: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.type = type
        self.hint = hint or self.hint

    def again(self) -> Self:
        """The same error for another caller: one that is raised twice carries both tracebacks."""
        twin = type(self).__new__(type(self), *self.args)
        twin.__dict__.update(self.__dict__)
        return twin


def _shown(name: str) -> str:
    """The name in quotes, and no more of a long one than tells it apart."""
    return repr(name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "...")


class NotFound(AirtableError):
    """Something was named that is not there; `nearest` are the names that come close."""

    code = "not_found"
    kind = "model"

    def __init__(
        self,
        name: str,
        known: Iterable[str] = (),
        *,
        message: str = "",
        status: int | None = None,
        type: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(
            message or f"There is no {self.kind} {_shown(name)}.", status=status, type=type, hint=hint
        )
        self.name = name
        self.known = tuple(known)

    @property
    def nearest(self) -> list[str]:
        """Up to three known names that look like the one that was given, the nearest first."""
        folded = {known.casefold(): known for known in self.known}
        return [folded[match] for match in get_close_matches(self.name.casefold(), folded, n=3, cutoff=0.5)]


class WorkspaceNotFound(NotFound):
    """There is no such workspace, or the token may not make bases in it."""

    code = "workspace_not_found"
    kind = "workspace"
    hint = (
        "No call lists workspaces: ask the user for the id (wsp...) in the address of the workspace's page "
        "in Airtable, and whether the token may make bases there."
    )


class BaseNotFound(NotFound):
    """There is no such base, or the token may not see it."""

    code = "base_not_found"
    kind = "base"


class TableNotFound(NotFound):
    """There is no such table in this base."""

    code = "table_not_found"
    kind = "table"
    hint = "Call list_tables to see the names."


class FieldNotFound(NotFound):
    """There is no such field in this table."""

    code = "field_not_found"
    kind = "field"
    hint = "Call get_field_info to see the names."


class ViewNotFound(NotFound):
    """There is no such view in this table."""

    code = "view_not_found"
    kind = "view"


class RecordNotFound(NotFound):
    """There is no such record in this table."""

    code = "record_not_found"
    kind = "record"
    hint = "Record ids begin with rec. Call search_records or get_records to find one."


class Refused(AirtableError):
    """The token is missing, wrong, or may not do this."""

    code = "refused"
    hint = "Check that the token has the scope for this and that the base is among those it may use."


class InvalidValue(AirtableError):
    """Airtable refused the value of a field."""

    code = "invalid_value"
    hint = "Call get_field_info to see what each field takes."


class InvalidFormula(AirtableError):
    """Airtable refused the formula of the filter."""

    code = "invalid_formula"
    hint = (
        'Field names stand in braces, text in quotes: {Status} = "Done". Call validate_formula to test one.'
    )


class InvalidRequest(AirtableError):
    """Airtable refused the request for a reason that is not a value, a formula or a name."""

    code = "invalid_request"


class CursorExpired(AirtableError):
    """The cursor is no longer known; it lives for some minutes and does not survive a restart."""

    code = "cursor_expired"
    hint = "Read the list again from its start, without a cursor."


class TooManyRequests(AirtableError):
    """Airtable asked us to wait: five requests a second for a base, or a month's allowance, are used up."""

    code = "too_many_requests"

    def __init__(
        self, message: str, *, retry_after_seconds: float, status: int = 429, type: str = "", hint: str = ""
    ) -> None:
        hint = hint or f"Wait {retry_after_seconds:g} seconds and call again."
        super().__init__(message, status=status, type=type, hint=hint)
        self.retry_after_seconds = retry_after_seconds


class NoTurn(TooManyRequests):
    """More calls wait for this base than can go in the time that this one had; nothing was sent."""

    code = "no_turn"

    def __init__(self, *, retry_after_seconds: float) -> None:
        super().__init__(
            "The call's turn did not come in time: too many others wait for this base, or Airtable has "
            "asked us to leave it alone.",
            retry_after_seconds=retry_after_seconds,
        )


class Unreachable(AirtableError):
    """No answer came from Airtable, or one that makes no sense.

    `may_be_applied` is False when it is certain that a write was not applied; else look before you repeat it.
    `retry_after_seconds` is what Airtable asked for, 0 when it did not.
    """

    code = "unreachable"
    hint = "If this was a write, look whether it was applied before you repeat it."

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        type: str = "",
        hint: str = "",
        may_be_applied: bool = True,
        retry_after_seconds: float = 0.0,
    ) -> None:
        super().__init__(message, status=status, type=type, hint=hint)
        self.may_be_applied = may_be_applied
        self.retry_after_seconds = retry_after_seconds


class NothingListens(Unreachable):
    """The connection was refused, so nothing was sent."""

    hint = "Nothing was sent. Check the address of Airtable, and that it runs there."


class OutOfOrder(Unreachable):
    """Airtable has not answered several calls in a row, so nothing was sent."""

    code = "out_of_order"

    def __init__(
        self,
        message: str = "Airtable has not answered for a while: this base is left alone for some seconds.",
        *,
        status: int | None = None,
        type: str = "",
        hint: str = "",
        retry_after_seconds: float = 1.0,
    ) -> None:
        super().__init__(
            message,
            status=status,
            type=type,
            hint=hint or f"Nothing was sent. Call again in {retry_after_seconds:.0f} seconds.",
            may_be_applied=False,
            retry_after_seconds=retry_after_seconds,
        )


class OutcomeUnknown(Unreachable):
    """A write was sent and its answer was lost: it may have been applied, or may still be.

    `sent` is what was sent, record by record, in the form of the request; it was not sent again.
    """

    code = "outcome_unknown"
    hint = "Look whether it was applied before you repeat it."

    def __init__(
        self, message: str, *, sent: Sequence[Mapping[str, Any]] = (), status: int | None = None
    ) -> None:
        super().__init__(message, status=status, may_be_applied=True)
        self.sent = tuple(sent)
