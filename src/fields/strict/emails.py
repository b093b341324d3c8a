"""E-mail addresses by the rules of RFC 5321 and 5322, without a look into the DNS."""

from collections.abc import Iterator
from typing import Any

from email_validator import EmailNotValidError, validate_email

from fields.cell import Cell
from fields.wording import shown

# What may be asked of email-validator; all else is its own default.
_SWITCHES = (
    "allow_smtputf8",
    "allow_empty_local",
    "allow_quoted_local",
    "allow_domain_literal",
    "allow_display_name",
    "test_environment",
    "globally_deliverable",
    "strict",
)


def email_address(text: str, cell: Cell) -> str:
    """The address in Unicode NFC with its domain in lower case. Refuses what is none."""
    try:
        return _normal(text, cell)
    except EmailNotValidError as wrong:
        message = f"{cell.name} takes an e-mail address, not {shown(text)}. {_sentence(wrong)}"
        raise cell.refusal("bad_email", message, suggestion=_mended(text, cell)) from None


def _normal(text: str, cell: Cell) -> str:
    asked: dict[str, Any] = {
        switch: cell.flag(switch) for switch in _SWITCHES if isinstance(cell.options.get(switch), bool)
    }
    return validate_email(text, check_deliverability=False, **asked).normalized


def _sentence(wrong: EmailNotValidError) -> str:
    reason = str(wrong).encode("utf-8", "replace").decode("utf-8").strip()
    return reason if reason.endswith(".") else f"{reason}."


def _mended(text: str, cell: Cell) -> str | None:
    for candidate in _candidates(text):
        try:
            return _normal(candidate, cell)
        except EmailNotValidError:
            continue
    return None


def _candidates(text: str) -> Iterator[str]:
    """The address inside "Ada <ada@example.com>.", and such."""
    inner = text.rpartition("<")[2].partition(">")[0].strip()
    bare = inner.removeprefix("mailto:").strip(".,;:'\"")
    yield bare
    yield "".join(bare.split())
    yield bare.replace("..", ".")
