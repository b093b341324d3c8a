"""Links out of the tables that a server may use: through none of them is anything shown or added."""

import re
from collections.abc import Mapping
from typing import Any

from airtable_gateway import BaseSchema, FieldNotFound, FieldSchema, Refused, TableSchema

_LINK = "multipleRecordLinks"
_RECORD_ID = re.compile(r"rec[0-9A-Za-z]{14}")


def require_no_way_out(schema: BaseSchema, options: Mapping[str, Any]) -> None:
    """Raises TableNotFound when a field with these options would show, or write to, a table that is hidden.

    Hidden is what is not in `schema`.
    """
    fields = [field for table in schema.tables for field in table.fields]
    links = {name: field for field in fields for name in (field.name, field.id)}
    followed = links.get(str(options.get("recordLinkFieldId")))
    for leading in (options, followed.options if followed else {}):
        if "linkedTableId" in leading:
            schema.table(str(leading["linkedTableId"]))


def addition_refused(schema: BaseSchema, table: TableSchema, row: Mapping[str, Any]) -> Refused | None:
    """Why a row may not be written under typecast: it links to records, by names, of a table not in `schema`.

    Typecasting looks for such a record, and adds it when there is none; ids it only links.
    """
    seen = {other.id for other in schema.tables}
    for name, value in row.items():
        field = _field(table, name)
        leads_out = field and field.type == _LINK and field.options.get("linkedTableId") not in seen
        if field and leads_out and not _is_ids(value):
            return Refused(
                f"{field.name} links to a table that this server may not use, so that typecasting may "
                "neither look for a record by its name there nor add one.",
                hint="Give record ids (rec...), or leave the field out.",
            )
    return None


def _field(table: TableSchema, name: str) -> FieldSchema | None:
    try:
        return table.field(name)
    except FieldNotFound:
        # Airtable refuses the row itself.
        return None


def _is_ids(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    ids = (item.get("id") if isinstance(item, Mapping) else item for item in items)
    return not value or all(isinstance(each, str) and _RECORD_ID.fullmatch(each) for each in ids)
