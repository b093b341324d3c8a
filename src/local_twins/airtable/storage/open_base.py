"""A base in use: its schema, with what is made from the schema once and used at every request."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from local_twins.airtable.model.cells import LINK, Getter, Users, getter
from local_twins.airtable.model.lookups import lookup_ends
from local_twins.airtable.model.schema import Base, Field, Table
from local_twins.airtable.plans.plan import Plan, Step, plan_of
from local_twins.airtable.plans.results import result_of

Column = tuple[Field, str, Getter | None]
"""A field, its name in an answer, and what reads it off a record; None where the record is not enough."""


class OpenBase:
    """A schema and its plan of computing; it is thrown away whole when the schema or the users change.

    `computed_at` is the minute at which the volatile cells were last brought up to date.
    """

    def __init__(self, base: Base, users: Users) -> None:
        self.base = base
        self.users = users
        self.computed_at: datetime | None = None
        self._getters: dict[str, Getter] = {}
        self._columns: dict[tuple[str, bool], list[Column]] = {}

    @cached_property
    def plan(self) -> Plan:
        """What follows from what."""
        return plan_of(self.base)

    def table(self, name_or_id: str) -> Table | None:
        """The table of that name or id, or None."""
        return self.base.table(name_or_id)

    def getter(self, field_id: str) -> Getter:
        """Reads the REST value of a field off a record."""
        if field_id not in self._getters:
            self._getters[field_id] = getter(self.base.fields[field_id][1], self.users)
        return self._getters[field_id]

    def columns(self, table: Table, *, by_id: bool) -> list[Column]:
        """The fields of a table under the names that an answer gives them."""
        key = (table.id, by_id)
        if key not in self._columns:
            self._columns[key] = [
                (field, field.id if by_id else field.name, self._plain_getter(field))
                for field in table.fields
            ]
        return self._columns[key]

    def _plain_getter(self, field: Field) -> Getter | None:
        if field.type == LINK or self.shows_files(field):
            return None
        return self.getter(field.id)

    def shows_files(self, field: Field) -> bool:
        """Whether cells of the field hold attachments, their own or looked up."""
        if field.type in ("multipleLookupValues", "lookup"):
            _, target = lookup_ends(self.base, field)
            return target is not None and self.shows_files(target)
        return field.type == "multipleAttachments"

    def derived_options(self, field: Field) -> dict[str, Any]:
        """The options that the meta API tells of a field and nobody wrote; {} for most."""
        derived: dict[str, Any] = {
            name: value for name, value in _DEFAULTS.get(field.type, {}).items() if name not in field.options
        }
        if field.type in _WITH_RESULT:
            derived["result"] = result_of(self.base, field, self.plan.result_types)
        if field.type in ("formula", "rollup"):
            step = self.plan.by_field[field.id]
            derived["referencedFieldIds"] = self._referenced(field, step)
            derived["isValid"] = step.programs["formula"].is_valid
        if field.type in _THROUGH_LINKS:
            link, target = lookup_ends(self.base, field)
            derived["isValid"] = link is not None and (target is not None or field.type == "count")
        return derived

    def _referenced(self, field: Field, step: Step) -> list[str]:
        """The fields that a formula reads in its own table; of a rollup, the one that it rolls up."""
        if field.type == "rollup":
            return [str(field.options.get("fieldIdInLinkedTable"))]
        sources = dict.fromkeys(edge.source for edge in step.edges if not edge.path)
        return [source for source in sources if source in self.base.fields]


_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "multipleAttachments": {"isReversed": False},
    "lastModifiedTime": {"isValid": True, "referencedFieldIds": []},
}
"""What clients with schemas of their own will not do without."""
_WITH_RESULT = frozenset(
    {"formula", "rollup", "multipleLookupValues", "lookup", "createdTime", "lastModifiedTime"}
)
_THROUGH_LINKS = frozenset({"rollup", "multipleLookupValues", "lookup", "count"})
