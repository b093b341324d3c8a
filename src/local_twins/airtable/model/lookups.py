"""Where lookups, rollups and counts look: through which link field, at which field."""

from local_twins.airtable.model.cells import LINK
from local_twins.airtable.model.schema import Base, Field


def link_path(base: Base, field: Field) -> tuple[Field, ...]:
    """The link fields to follow to the records that the ids in such a cell belong to; () if it holds none."""
    if field.type == LINK:
        return (field,)
    if field.type in ("multipleLookupValues", "lookup"):
        link, target = lookup_ends(base, field)
        inner = link_path(base, target) if link and target else ()
        return (link, *inner) if link and inner else ()
    return ()


def lookup_ends(base: Base, field: Field) -> tuple[Field | None, Field | None]:
    """The link field that a lookup, rollup or count goes through, and the field it takes; None if gone."""
    link = base.fields.get(str(field.options.get("recordLinkFieldId")))
    target = base.fields.get(str(field.options.get("fieldIdInLinkedTable")))
    return (link[1] if link and link[1].type == LINK else None), (target[1] if target else None)
