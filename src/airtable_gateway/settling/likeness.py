"""Whether a record holds what was sent, and nothing else; in doubt it does not."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from airtable_gateway.schema import TableSchema


def is_like(sent: Mapping[str, Any], found: Mapping[str, Any], table: TableSchema) -> bool:
    """Whether the record's cells are those that were sent; both name fields as the table does.

    A cell that Airtable would write in another way than it was sent (an attachment, a typecast) is not alike.
    """
    wanted = {table.field(name).name: value for name, value in sent.items() if not _is_empty(value)}
    written = {name: value for name, value in found.items() if _is_writable(table, name)}
    return wanted.keys() == written.keys() and all(
        _is_same(value, written[name]) for name, value in wanted.items()
    )


def _is_writable(table: TableSchema, name: str) -> bool:
    """Whether the API takes values for the field, so that its cell tells what was sent."""
    import fields

    known = fields.FIELD_TYPES.get(table.field(name).type)
    return known is None or not known.computed


def _is_empty(value: Any) -> bool:
    """Whether Airtable leaves such a cell out of the record (docs: "Cell values")."""
    return value is None or value is False or value in ("", [])


def _is_same(sent: Any, found: Any) -> bool:
    match sent, found:
        case bool(), _:
            return sent is found
        case ((int() | float()), (int() | float())):
            return not isinstance(found, bool) and sent == found
        case str(), str():
            return sent == found or _is_same_instant(sent, found)
        case [*sent_items], [*found_items]:
            return len(sent_items) == len(found_items) and all(map(_is_same, sent_items, found_items))
        case dict(), dict():
            # A person is sent by id and found with name and address.
            return bool(sent) and all(key in found and _is_same(sent[key], found[key]) for key in sent)
        case _:
            return False


def _is_same_instant(sent: str, found: str) -> bool:
    """2026-01-01T00:00:00Z is 2026-01-01T00:00:00.000Z."""
    try:
        return _instant(sent) == _instant(found)
    except ValueError:
        return False


def _instant(text: str) -> datetime:
    if "T" not in text:
        raise ValueError(text)
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
