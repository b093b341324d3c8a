"""The table of Airtable's field types; a type that is not in it does not exist."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fields.field_type import FieldType
from fields.problems import Problem, Refusal
from fields.types.attachments import MULTIPLE_ATTACHMENTS
from fields.types.barcodes import BARCODE
from fields.types.checkbox import CHECKBOX
from fields.types.choices import MULTIPLE_SELECTS, SINGLE_SELECT
from fields.types.computed import (
    AI_TEXT,
    AUTO_NUMBER,
    BUTTON,
    COUNT,
    CREATED_BY,
    CREATED_TIME,
    EXTERNAL_SYNC_SOURCE,
    FORMULA,
    LAST_MODIFIED_BY,
    LAST_MODIFIED_TIME,
    MANUAL_SORT,
    MULTIPLE_LOOKUP_VALUES,
    ROLLUP,
)
from fields.types.dates import DATE, DATE_TIME
from fields.types.durations import DURATION
from fields.types.links import MULTIPLE_RECORD_LINKS
from fields.types.numbers import CURRENCY, NUMBER, PERCENT, RATING
from fields.types.people import MULTIPLE_COLLABORATORS, SINGLE_COLLABORATOR
from fields.types.text import EMAIL, MULTILINE_TEXT, PHONE_NUMBER, RICH_TEXT, SINGLE_LINE_TEXT, URL
from fields.wording import hint, nearest, shown

_MEMBERS = (
    SINGLE_LINE_TEXT,
    MULTILINE_TEXT,
    RICH_TEXT,
    EMAIL,
    URL,
    PHONE_NUMBER,
    NUMBER,
    PERCENT,
    CURRENCY,
    RATING,
    DURATION,
    CHECKBOX,
    SINGLE_SELECT,
    MULTIPLE_SELECTS,
    SINGLE_COLLABORATOR,
    MULTIPLE_COLLABORATORS,
    MULTIPLE_RECORD_LINKS,
    MULTIPLE_ATTACHMENTS,
    DATE,
    DATE_TIME,
    BARCODE,
    FORMULA,
    ROLLUP,
    COUNT,
    MULTIPLE_LOOKUP_VALUES,
    AUTO_NUMBER,
    CREATED_BY,
    CREATED_TIME,
    LAST_MODIFIED_BY,
    LAST_MODIFIED_TIME,
    BUTTON,
    AI_TEXT,
    EXTERNAL_SYNC_SOURCE,
    MANUAL_SORT,
)

FIELD_TYPES: Mapping[str, FieldType] = MappingProxyType({member.name: member for member in _MEMBERS})
"""Every field type by Airtable's name for it."""

# Airtable still answers with the old name for lookups of some bases (docs: "lookup" is deprecated).
_ALIASES = MappingProxyType({"lookup": "multipleLookupValues"})


def field_type(name: Any) -> FieldType:
    """The type of that name, or of that deprecated name. Raises Refusal."""
    if isinstance(name, str):
        found = FIELD_TYPES.get(_ALIASES.get(name, name))
        if found:
            return found
    near = nearest(name, FIELD_TYPES) if isinstance(name, str) else None
    remedy = hint(near) if near else f" There are: {', '.join(FIELD_TYPES)}."
    raise Refusal([Problem("unknown_type", f"There is no field type {shown(name)}.{remedy}", (), near)])
