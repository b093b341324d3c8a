"""Airtable's identifiers: a kind of three letters, then letters and digits."""

import re
import secrets
from string import ascii_letters, digits

_ALPHABET = digits + ascii_letters
_TAIL_LENGTH = 14
_ID = re.compile(r"[a-z]{3}[0-9A-Za-z]{1,14}")


def new_id(kind: str) -> str:
    """A fresh id: `kind` is its first three letters: app, tbl, fld, rec, com, att, ach and so on."""
    return kind + "".join(_ALPHABET[byte % 62] for byte in secrets.token_bytes(_TAIL_LENGTH))


def is_id(text: object, kind: str) -> bool:
    """Whether `text` has the shape of an id of that kind; old ids are shorter than seventeen signs."""
    return isinstance(text, str) and text.startswith(kind) and _ID.fullmatch(text) is not None
