"""How fresh a copy is, and by which way it is kept so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Way = Literal["webhook", "polling"]
"""webhook: Airtable tells of every change; polling: we look for what was modified, and sweep for the rest."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """Every change before `as_of` is in the copy, if Airtable told of it.

    By polling, records that were deleted and values that were computed anew are only as fresh as `swept_at`,
    the time of the last look at every record; by webhook they are as fresh as the rest. `is_ours` is False
    for a copy that another process keeps, and this one only reads.
    """

    as_of: datetime
    swept_at: datetime
    way: Way
    records: int
    is_ours: bool = True

    @property
    def complete_as_of(self) -> datetime:
        """The instant before which nothing is missing."""
        return self.as_of if self.way == "webhook" else min(self.as_of, self.swept_at)
