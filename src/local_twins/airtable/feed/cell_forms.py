"""Cells as webhooks tell them: a choice with its id and colour, links with their names, lookups by record.

The API calls it the V2 form (docs: "Cell format (v2)"); what is not named here is told as everywhere.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import fields
from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.model.cells import LINK
from local_twins.airtable.model.lookups import lookup_ends
from local_twins.airtable.model.schema import Field

_LOOKUPS = ("multipleLookupValues", "lookup")


class CellForms:
    """Turns REST values of one base's cells into the form of webhooks; None, an empty cell, stays None."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def now(self, field: Field, record_id: str, value: Any) -> Any:
        """The value that a cell holds."""
        if value is None or field.type not in _LOOKUPS:
            return self._plain(field, value)
        link, target = lookup_ends(self._records.open_base.base, field)
        linked = self._linked(link, record_id, {})
        rows = self._records.load(linked)
        values = self._records.column(target, rows) if target else [None] * len(rows)
        shown = {
            row.id: _listed(self.now(target, row.id, value))
            for row, value in zip(rows, values, strict=True)
            if target and value is not None
        }
        return {"linkedRecordIds": linked, "valuesByLinkedRecordId": shown}

    def before(self, field: Field, record_id: str, value: Any, previous: Mapping[str, Any]) -> Any:
        """The value that a cell held; `previous` are all cells of the record that changed with it.

        What each linked record gave to a lookup is not known any more: the values are dealt out in order, or
        all to the first one where there are more or fewer of them than of links.
        """
        if value is None or field.type not in _LOOKUPS:
            return self._plain(field, value)
        link, target = lookup_ends(self._records.open_base.base, field)
        linked = self._linked(link, record_id, previous)
        shown = [self._member(target, member) for member in value]
        dealt = {key: [one] for key, one in zip(linked, shown, strict=False)}
        if len(linked) != len(shown):
            dealt = {linked[0]: shown} if linked else {}
        return {"linkedRecordIds": linked, "valuesByLinkedRecordId": dealt}

    def _plain(self, field: Field, value: Any) -> Any:
        names = self._records.names(value or ()) if field.type == LINK else {}
        return fields.webhook_value(field.type, value, field.options, names=names)

    def _member(self, field: Field | None, value: Any) -> Any:
        """One of the values that a lookup of that field holds, laid flat."""
        if field is None or field.type in _LOOKUPS:
            return value
        formed = self._plain(field, [value] if field.type == LINK else value)
        return formed[0] if field.type == LINK else formed

    def _linked(self, link: Field | None, record_id: str, previous: Mapping[str, Any]) -> Sequence[str]:
        """What the record links to, or linked to before a change."""
        if link is None:
            return []
        if link.id in previous:
            return list(previous[link.id] or ())
        return self._records.store.links.of(link.id, (record_id,)).get(record_id, [])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
