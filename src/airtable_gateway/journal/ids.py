"""Ids of changes and calls: three letters and fourteen characters, as Airtable's own."""

from secrets import randbelow
from string import ascii_letters, digits

_ALPHABET = digits + ascii_letters
_LENGTH = 14


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
    number, text = randbelow(len(_ALPHABET) ** _LENGTH), ""
    for _ in range(_LENGTH):
        number, index = divmod(number, len(_ALPHABET))
        text += _ALPHABET[index]
    return text
