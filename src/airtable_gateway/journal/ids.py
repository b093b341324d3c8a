"""Ids of changes and calls: three letters and fourteen characters, as Airtable's own."""

from secrets import choice
from string import ascii_letters, digits

_ALPHABET = digits + ascii_letters


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
    return "".join(choice(_ALPHABET) for _ in range(14))
