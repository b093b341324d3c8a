"""A table as the caller named it, and what its names are on the wire."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airtable_gateway.errors import InvalidRequest
from airtable_gateway.schema import TableSchema

_TABLE_ID = re.compile(r"tbl[0-9A-Za-z]{14,}")
_FIELD_ID = re.compile(r"fld[0-9A-Za-z]{14,}")
_VIEW_ID = re.compile(r"viw[0-9A-Za-z]{14,}")


@dataclass(frozen=True, slots=True)
class Place:
    """A table of a base; `schema` is None when it was not needed, or when the token may not read it."""

    base_id: str
    table: str
    schema: TableSchema | None = None

    @property
    def table_id(self) -> str:
        """The table's id where it is known, else what the caller gave; Airtable takes both."""
        return self.schema.id if self.schema else self.table

    def field(self, given: str) -> str:
        """The field for Airtable: its id when that was given, else its name. Raises FieldNotFound.

        A name stays a name: Airtable refuses it when our schema is old, where an id could be another field.
        """
        if self.schema is None:
            return given
        field = self.schema.field(given)
        return given if given == field.id else field.name

    def fields(self, given: Sequence[str]) -> list[str]:
        """Each of them as `field` has it."""
        return [self.field(name) for name in given]

    def view(self, given: str) -> str:
        """The view's id where it is known. Raises ViewNotFound."""
        return self.schema.view(given).id if self.schema else given

    def cells(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values by fields for Airtable.

        Raises FieldNotFound, and InvalidRequest for a field that is named twice.
        """
        cells = {self.field(name): value for name, value in values.items()}
        if len(cells) < len(values):
            raise InvalidRequest("A field is named twice, by names that differ in case alone.")
        return cells


def needs_schema(table: str, *, fields: Sequence[str] = (), view: str = "") -> bool:
    """Whether something is given by name; ids alone can be sent as they are."""
    return not (
        _TABLE_ID.fullmatch(table)
        and all(map(_FIELD_ID.fullmatch, fields))
        and (not view or _VIEW_ID.fullmatch(view))
    )
