"""performUpsert: change the record that agrees in the merge fields, or make one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_twins.airtable import errors
from local_twins.airtable.computing.draft import Draft
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.rows import Row, to_text
from local_twins.airtable.model.schema import Field, Table
from local_twins.airtable.writing.incoming import CellWriter
from local_twins.airtable.writing.records import Change, refuse_twice, row_of

_MERGEABLE = frozenset(
    {"number", "singleLineText", "multilineText", "richText"}
    | {"singleSelect", "multipleSelects", "date", "dateTime"}
)
"""What records may be merged on: "number, text, long text, single select, multiple select, date".

(docs: "Update multiple records", fieldsToMergeOn; a long text may be rich, and a date have a time.)
"""


@dataclass(frozen=True, slots=True)
class Upserted:
    """The records in the order of the request, and the ids of those that were made and changed."""

    rows: list[Row]
    created: list[str]
    updated: list[str]


def upsert(
    draft: Draft,
    table: Table,
    changes: Sequence[Change],
    merge_on: Sequence[str],
    *,
    typecast: bool,
    replace: bool,
) -> Upserted:
    """Write the records; a record with an id is changed whatever its values. Raises Refusal."""
    writer = CellWriter(draft, table, typecast=typecast)
    index = _Index(draft, table, [_merge_field(writer, key) for key in merge_on])
    done = Upserted([], [], [])
    for change in changes:
        row = (
            row_of(draft, table, change.record_id, errors.ROW_MISSING)
            if change.record_id
            else index.find(writer, change.values)
        )
        target = row or draft.make(table)
        (done.updated if row else done.created).append(target.id)
        if replace:
            writer.clear_others(target, change.values)
        writer.write(target, change.values)
        done.rows.append(target)
    refuse_twice(done.rows)
    draft.finish()
    return done


class _Index:
    """The records of a table by their values in the merge fields, as they were before the request."""

    def __init__(self, draft: Draft, table: Table, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._draft = draft
        self._ids = draft.store.columns.index(draft.open_base, table, fields, _key)

    def find(self, writer: CellWriter, values: Mapping[str, Any]) -> Row | None:
        """The one record that agrees. Raises Refusal when several do, or a merge field has no value."""
        given = {writer.field(key).id: value for key, value in values.items()}
        if any(field.id not in given for field in self._fields):
            raise Refusal(errors.PARAMETERS_INVALID)
        key = _key([writer.normal(field, given[field.id]) for field in self._fields])
        found = list(self._ids.get(key, ()))
        if len(found) > 1:
            raise Refusal(errors.UPSERT_AMBIGUOUS, fields=", ".join(field.name for field in self._fields))
        return self._draft.records.find(found[0]) if found else None


def _key(values: Sequence[Any]) -> str:
    return to_text([_comparable(value) for value in values])


def _comparable(value: Any) -> Any:
    """1 and 1.0 are one number, and a rich text's last newline is not its own."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.removesuffix("\n") if isinstance(value, str) else value


def _merge_field(writer: CellWriter, key: str) -> Field:
    field = writer.field(key)
    if field.type not in _MERGEABLE:
        raise Refusal(errors.PARAMETERS_INVALID)
    return field
