"""What a formula is evaluated with: a batch, the same for many records, and a row, one record of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from formula.limits import LIMITS, Limits
from formula.switches import SWITCHES, Switches


@dataclass(frozen=True, slots=True)
class Batch:
    """One `now` (aware, UTC), zone and locale for all rows, and the rules of the language."""

    now: datetime
    time_zone: str = "utc"
    locale: str = "en"
    switches: Switches = SWITCHES
    limits: Limits = LIMITS
    field_ids: Mapping[str, str] = field(default_factory=dict)
    """Ids of fields by name."""


class Row:
    """A record under evaluation: its REST values by field name, and what is known of the record itself."""

    __slots__ = ("batch", "fields", "record")

    def __init__(self, fields: Mapping[str, Any], record: Mapping[str, Any], batch: Batch) -> None:
        self.fields = fields
        self.record = record
        self.batch = batch
