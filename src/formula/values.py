"""The values of a formula: blank, text, numbers, booleans, dates, arrays and errors."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NoReturn

from moments import MomentError, to_iso


@dataclass(frozen=True, slots=True)
class DateValue:
    """An instant with what SET_TIMEZONE and SET_LOCALE said of it.

    `instant` is an aware UTC datetime; `zone` and `locale` are None until set; `date_only` marks a calendar
    day, whose instant is midnight UTC and which reads YYYY-MM-DD.
    """

    instant: datetime
    zone: str | None = None
    locale: str | None = None
    date_only: bool = False

    def iso(self) -> str:
        """The REST text: 2026-11-23, or 2026-11-23T08:30:00.000Z."""
        return to_iso(self.instant)[:10] if self.date_only else to_iso(self.instant)


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """What a failing formula is worth; `message` says why and does not make two errors different."""

    code: str = "#ERROR!"
    message: str = field(default="", compare=False)

    def __bool__(self) -> bool:
        return False


Value = str | float | bool | DateValue | ErrorValue | list[Any] | None
"""Any value; None is Airtable's blank, and int stands for a number too."""

Items = list[Any]
"""An array without arrays in it."""

BLANK: Final = None


class Failed(Exception):
    """Evaluation ends with `value`; as an exception, so that healthy rows pay nothing for it."""

    def __init__(self, message: str = "", code: str = "#ERROR!") -> None:
        self.value = ErrorValue(code, message)
        super().__init__(message)


class BlankDate(Failed):
    """A date function was given a blank date."""

    def __init__(self) -> None:
        super().__init__("The date is blank.")


FAILURES: Final = (Failed, MomentError, ArithmeticError)
"""What ISERROR and the face turn into an error value."""


def failure(error: BaseException) -> ErrorValue:
    """The error value of a caught failure."""
    return error.value if isinstance(error, Failed) else ErrorValue(message=str(error))


def fail(message: str) -> NoReturn:
    """Raise Failed, where a table of coercions needs a function."""
    raise Failed(message)
