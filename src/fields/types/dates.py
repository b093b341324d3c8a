"""Types whose value is a day or a moment."""

from fields.field_type import Example, FieldType
from fields.later import later
from fields.types.date_formats import (
    DATE_FORMATS,
    TIME_FORMATS,
    check_given_zone,
    completed,
    named_format,
)

_ISO_DAY = {"name": "iso", "format": "YYYY-MM-DD"}
_CLOCK = {"name": "24hour", "format": "HH:mm"}

DATE = FieldType(
    name="date",
    label="Date",
    doc="A day, YYYY-MM-DD, without time or zone.",
    examples=(
        Example("2022-09-05", "2022-09-05", {"dateFormat": _ISO_DAY}),
        Example("2022-09-05", "5/9/2022", {"dateFormat": {"name": "european", "format": "D/M/YYYY"}}),
    ),
    normalise=later("types.instants", "day"),
    cast=later("types.instants", "day_of_anything"),
    display=later("types.instants", "day_text"),
    options_schema={
        "type": "object",
        "properties": {"dateFormat": named_format(DATE_FORMATS)},
        "required": ["dateFormat"],
        "additionalProperties": False,
    },
    complete_options=completed,
    can_be_primary=True,
)

DATE_TIME = FieldType(
    name="dateTime",
    label="Date and time",
    doc="A moment, kept in UTC and shown in the field's zone.",
    examples=(
        Example(
            "2020-09-08T07:00:00.000Z",
            "2020-09-08 00:00",
            {"timeZone": "America/Los_Angeles", "dateFormat": _ISO_DAY, "timeFormat": _CLOCK},
        ),
    ),
    normalise=later("types.instants", "moment"),
    cast=later("types.instants", "moment_of_anything"),
    display=later("types.instants", "moment_text"),
    options_schema={
        "type": "object",
        "properties": {
            "timeZone": {"type": "string"},
            "dateFormat": named_format(DATE_FORMATS),
            "timeFormat": named_format(TIME_FORMATS),
        },
        "required": ["timeZone", "dateFormat", "timeFormat"],
        "additionalProperties": False,
    },
    judge_options=check_given_zone,
    complete_options=completed,
    can_be_primary=True,
)
