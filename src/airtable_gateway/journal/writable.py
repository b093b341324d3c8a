"""Which cells the API takes values for."""

from functools import cache


@cache
def is_writable(type: str) -> bool:
    """Whether the API takes values for fields of the type; one that nobody knows yet is not tried."""
    import fields

    known = fields.FIELD_TYPES.get(type)
    return known is not None and not known.computed
