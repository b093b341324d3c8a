"""Airtable ids made from natural keys: the same key has the same id on every machine."""

import hashlib
import string

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
LENGTH = 14  # an id is a prefix of three letters and these (https://airtable.com/developers/web/api)


def make_id(prefix: str, *key: str) -> str:
    """`prefix` and fourteen characters that depend on `key` alone."""
    number = int.from_bytes(hashlib.sha256("\x1f".join((prefix, *key)).encode()).digest())
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return prefix + "".join(letters)


def table_id(table: str) -> str:
    """The id of a table by its name."""
    return make_id("tbl", table)


def field_id(table: str, field: str) -> str:
    """The id of a field by its table's name and its own."""
    return make_id("fld", table, field)


def record_id(table: str, *key: str) -> str:
    """The id of a record by its table's name and its natural key in the CSV file."""
    return make_id("rec", table, *key)
