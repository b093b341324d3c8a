"""Lists that clients are in the middle of: an opaque offset leads to what comes next."""

import re
from collections import OrderedDict
from dataclasses import dataclass

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.ids import new_id

_OFFSET = re.compile(r"itr[0-9A-Za-z]+/rec[0-9A-Za-z]+")
_KEPT = 10_000
"""Offsets kept; the one unused for longest goes first, as Airtable's do after some minutes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: after a record's number in the table, or at a position of a fixed order.

    `given` records were listed already; records made meanwhile move nothing, records deleted are passed over.
    """

    table_id: str
    given: int
    after: int = 0
    order: tuple[str, ...] | None = None


class Iterators:
    """The offsets that were given out. They do not survive the process, and nor do Airtable's."""

    def __init__(self) -> None:
        self._places: OrderedDict[str, Place] = OrderedDict()

    def keep(self, place: Place, next_record_id: str) -> str:
        """An offset that leads to the place."""
        offset = f"{new_id('itr')}/{next_record_id}"
        self._places[offset] = place
        if len(self._places) > _KEPT:
            self._places.popitem(last=False)
        return offset

    def find(self, offset: str, table_id: str) -> Place:
        """The place that the offset leads to; it may be asked for again. Raises Refusal."""
        if not _OFFSET.fullmatch(offset):
            raise Refusal(errors.OFFSET_INVALID, offset=offset)
        place = self._places.get(offset)
        if place is None or place.table_id != table_id:
            raise Refusal(errors.ITERATOR_GONE)
        self._places.move_to_end(offset)
        return place
