"""Which cells the API takes values for."""

from airtable_gateway.journal.sight import Spot
from airtable_gateway.schema import FieldSchema


def is_writable(field: FieldSchema) -> bool:
    """Whether the API takes values for the field; a type that nobody knows yet is not tried."""
    import fields

    known = fields.FIELD_TYPES.get(field.type)
    return known is not None and not known.computed


def writable_ids(spot: Spot) -> tuple[str, ...]:
    """The ids of the table's fields that can be written; none where no schema tells."""
    return tuple(field.id for field in spot.schema.fields if is_writable(field)) if spot.schema else ()
