"""Links that end at records without leaving a trace there: those of a table that is linked to itself."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from airtable_gateway.journal.change import Image
from airtable_gateway.journal.restoring import LINK
from airtable_gateway.journal.sight import Sight, Spot
from airtable_gateway.matching import text_literal
from airtable_gateway.records import Record
from airtable_gateway.schema import FieldSchema

_SHOWN_AS_TEXT = frozenset({"singleLineText", "multilineText", "email", "url", "phoneNumber"})


async def incoming_links(sight: Sight, spot: Spot, targets: Sequence[Record]) -> dict[str, Image]:
    """The other records of the table that link to one of these, in those of their cells that do.

    Airtable gives other links a second side, so that the record itself tells who links to it.
    """
    fields = _one_sided(spot)
    if not fields or not targets:
        return {}
    ids = {record.id for record in targets}
    primary = spot.schema.primary_field.name if spot.schema else ""
    names = [record.fields.get(primary) for record in targets]
    # A link to a record without a name shows nothing, so that no formula finds it: all are looked through.
    tests = [_may_link(spot, field, names) for field in fields] if all(names) else []
    formula = f"OR({','.join(tests)})" if tests else ""
    found = await sight.select(spot, formula, [field.id for field in fields])
    images = {}
    for record in found:
        cells = {key: value for key, value in spot.cells(record).items() if ids & set(value)}
        if cells and record.id not in ids:
            images[record.id] = Image(cells, record.created_time)
    return images


def without(image: Image, targets: Iterable[str]) -> Image:
    """The image once these records are gone."""
    gone = set(targets)
    left: Mapping[str, Any] = {
        key: [target for target in value if target not in gone] or None for key, value in image.fields.items()
    }
    return Image(left, image.created_time)


def _one_sided(spot: Spot) -> list[FieldSchema]:
    """The links of the table to itself that have no second side."""
    return [
        field
        for field in (spot.schema.fields if spot.schema else ())
        if field.type == LINK
        and field.options.get("linkedTableId") == spot.place.table_id
        and not field.options.get("inverseLinkFieldId")
    ]


def _may_link(spot: Spot, field: FieldSchema, names: Sequence[Any]) -> str:
    """A formula's test: a link shows the name of its target, so a cell without these names links to none."""
    cell = "{" + field.id + "}"
    primary = spot.schema.primary_field if spot.schema else None
    # Airtable puts a name with a comma or a quote in quotes, so that it is not found as it is.
    is_plain = all(isinstance(name, str) and not set(name) & set('",\n') for name in names)
    if primary is None or primary.type not in _SHOWN_AS_TEXT or not is_plain:
        return f'{cell}&""!=""'
    found = [f'FIND({text_literal(str(name))},{cell}&"")' for name in names]
    return f"OR({','.join(found)})"
