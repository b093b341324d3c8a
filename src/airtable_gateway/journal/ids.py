"""Ids of changes and calls: three letters and fourteen characters, as Airtable's own."""

from secrets import token_urlsafe

_LENGTH = 14
_BYTES = 32
"""Give 43 characters, one in 32 of them a dash or a line: that fewer than 14 others are among them does not
happen, with less than one chance in 10**30."""


def new_change_id() -> str:
    """An id that no other change has."""
    return "chg" + _random()


def new_call_id() -> str:
    """An id that no other call has."""
    return "cal" + _random()


def is_call_id(text: str) -> bool:
    """Whether it is a call's id, and not a change's."""
    return text.startswith("cal")


def _random() -> str:
    return token_urlsafe(_BYTES).replace("-", "").replace("_", "")[:_LENGTH]
