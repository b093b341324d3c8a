"""Which cells the API takes values for."""

from functools import cache

from airtable_gateway.journal.sight import Spot


@cache
def is_writable(type: str) -> bool:
    """Whether the API takes values for fields of the type; one that nobody knows yet is not tried."""
    import fields

    known = fields.FIELD_TYPES.get(type)
    return known is not None and not known.computed


def writable_ids(spot: Spot) -> tuple[str, ...]:
    """The ids of the table's fields that can be written; none where no schema tells."""
    return tuple(field.id for field in spot.schema.fields if is_writable(field.type)) if spot.schema else ()
