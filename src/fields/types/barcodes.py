"""The type whose value is the text under a barcode, and its symbology."""

from collections.abc import Mapping
from typing import Any

from fields.cell import Cell
from fields.field_type import Example, FieldType
from fields.later import later
from fields.option_words import text
from fields.types.text import any_text, text_of_anything
from fields.wording import shown


def _barcode(value: Any, cell: Cell) -> dict[str, str]:
    """{text, type?}; Airtable does not look at either."""
    if not isinstance(value, Mapping) or not isinstance(value.get("text"), str):
        raise cell.refusal(
            "wrong_type",
            f'{cell.name} takes {{"text": "..."}}, and its symbology as "type" if known, not {shown(value)}.',
            suggestion={"text": value} if isinstance(value, str) and value else None,
        )
    named = {key: value[key] for key in ("text", "type") if value.get(key) is not None}
    return {key: any_text(member, cell) for key, member in named.items()}


def _barcode_of_anything(value: Any, cell: Cell) -> dict[str, str] | None:
    if isinstance(value, Mapping):
        return _barcode(value, cell)
    bare = text_of_anything(value, cell).strip()
    return {"text": bare} if bare else None


BARCODE = FieldType(
    name="barcode",
    label="Barcode",
    doc="The text under a barcode, with its symbology if it is known. Strict mode checks one by the other.",
    examples=(
        Example({"text": "73513537", "type": "ean8"}, "73513537"),
        Example({"text": "lot 7"}, "lot 7"),
    ),
    normalise=_barcode,
    tighten=later("barcodes.strictness", "strict_barcode"),
    strict_options={"symbology": text("the one that the field takes, such as ean13")},
    cast=_barcode_of_anything,
    can_be_primary=True,
)
