"""What the formula engine is asked over HTTP; the names of arguments are those of the Python functions."""

from dataclasses import fields as fields_of
from datetime import UTC, datetime
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, PlainValidator

import formula


def _utc(time: datetime) -> datetime:
    """The time in UTC; one without a zone is taken for UTC."""
    if time.tzinfo is None:
        return time.replace(tzinfo=UTC)
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("the time is outside the years 1 to 9999 in UTC") from None


def _switches(given: Any) -> formula.Switches:
    """The switches of a JSON object: names, and one of the choices of each."""
    if isinstance(given, formula.Switches):
        return given
    if not isinstance(given, dict):
        raise ValueError("switches are an object of names and choices")  # noqa: TRY004 - what pydantic reports
    choices = {one.name: get_args(one.type) for one in fields_of(formula.Switches)}
    for name, choice in given.items():
        if name not in choices:
            raise ValueError(f"there is no switch {name!r:.40}; there are {', '.join(choices)}")
        if choice not in choices[name]:
            raise ValueError(f"{name} is one of {', '.join(choices[name])}, not {choice!r:.40}")
    return formula.Switches(**given)


Instant = Annotated[datetime, AfterValidator(_utc)]


class Record(BaseModel, extra="forbid"):
    """What is known of the record itself; times by the name or the id of a field."""

    id: str | None = None
    created_time: Instant | None = None
    modified_time: Instant | None = None
    field_modified_times: dict[str, Instant | None] = {}


class Check(BaseModel, extra="forbid"):
    """A formula and the fields that it may use, by Airtable's types."""

    text: str
    field_types: dict[str, str] | None = None
    field_names: dict[str, str] | None = None
    dialect: formula.Dialect = "airtable"
    switches: Annotated[formula.Switches, PlainValidator(_switches)] = formula.Switches()


class Evaluate(Check, extra="forbid"):
    """A formula and one record: REST values by field name, the record's id and times, the present time."""

    fields: dict[str, Any] = {}
    record: Record | None = None
    now: Instant | None = None
    time_zone: str = "utc"
    locale: str = "en"


class Functions(BaseModel, extra="forbid"):
    """Whose functions are listed."""

    dialect: formula.Dialect = "airtable"
