"""Types that Airtable fills in itself; no value is ever written to them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from fields.field_type import Example, FieldType
from fields.later import later

_ANY_OPTIONS: Mapping[str, Any] = {"type": "object"}
_MOMENT = "2026-11-23T09:30:00.000Z"
_ADA = {"id": "usrAda00000000001", "email": "ada@example.com", "name": "Ada Lovelace"}
_A_NUMBER = {"result": {"type": "number", "options": {"precision": 1}}}

# None of these but formula can be made through the API (422 UNSUPPORTED_FIELD_TYPE_FOR_CREATE).
_filled_in = partial(FieldType, computed=True, creatable=False, options_schema=_ANY_OPTIONS)

FORMULA = FieldType(
    name="formula",
    label="Formula",
    doc="What a formula makes of the record's other fields; `result` in the options tells of what type.",
    examples=(
        Example(2.5, "2.5", _A_NUMBER),
        Example({"error": "#ERROR!"}, "#ERROR!"),
        Example({"specialValue": "NaN"}, "NaN", _A_NUMBER),
    ),
    options_schema={
        "type": "object",
        "properties": {"formula": {"type": "string", "minLength": 1}},
        "required": ["formula"],
        "additionalProperties": False,
    },
    computed=True,
    can_be_primary=True,
)

ROLLUP = _filled_in(
    name="rollup",
    label="Rollup",
    doc="A formula over the values of one field in the linked records.",
    examples=(Example(2.5, "2.5", _A_NUMBER),),
)

COUNT = _filled_in(
    name="count",
    label="Count",
    doc="How many records are linked.",
    examples=(Example(3, "3"),),
)

MULTIPLE_LOOKUP_VALUES = _filled_in(
    name="multipleLookupValues",
    label="Lookup",
    doc="The values of one field in the linked records, as a list.",
    examples=(
        Example(["Ada", "Bob"], "Ada, Bob", {"result": {"type": "singleLineText", "options": {}}}),
        Example([1, 2.5], "1.0, 2.5", _A_NUMBER),
        Example([{"error": "#ERROR!"}], "#ERROR!"),
    ),
)

AUTO_NUMBER = _filled_in(
    name="autoNumber",
    label="Auto number",
    doc="A number that grows with every record.",
    examples=(Example(7, "7"),),
    can_be_primary=True,
)

CREATED_BY = _filled_in(
    name="createdBy",
    label="Created by",
    doc="Who created the record.",
    examples=(Example(_ADA, "Ada Lovelace"),),
)

CREATED_TIME = _filled_in(
    name="createdTime",
    label="Created time",
    doc="When the record was created.",
    examples=(Example(_MOMENT, "2026-11-23 09:30"),),
    display=later("types.instants", "moment_text"),
)

LAST_MODIFIED_BY = _filled_in(
    name="lastModifiedBy",
    label="Last modified by",
    doc="Who last changed the record, or the watched fields of it.",
    examples=(Example(_ADA, "Ada Lovelace"),),
)

LAST_MODIFIED_TIME = _filled_in(
    name="lastModifiedTime",
    label="Last modified time",
    doc="When the record, or the watched fields of it, last changed.",
    examples=(Example(_MOMENT, "2026-11-23 09:30"),),
    display=later("types.instants", "moment_text"),
)

BUTTON = _filled_in(
    name="button",
    label="Button",
    doc="A button with a label and the address that it opens, null when there is none.",
    examples=(Example({"label": "Open", "url": "https://example.com/"}, "Open"),),
)

AI_TEXT = _filled_in(
    name="aiText",
    label="AI text",
    doc="Text that a model writes: {state, isStale, value}.",
    examples=(Example({"state": "generated", "isStale": False, "value": "A summary"}, "A summary"),),
)

EXTERNAL_SYNC_SOURCE = _filled_in(
    name="externalSyncSource",
    label="Sync source",
    doc="The name of the source that a record of a synced table came from.",
    examples=(Example("Calendar", "Calendar"),),
)

MANUAL_SORT = _filled_in(
    name="manualSort",
    label="Manual sort",
    doc="A hidden text that keeps the order of records dragged by hand.",
    examples=(Example("a0", "a0"),),
)
