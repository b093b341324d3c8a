"""The cell values of a request: judged, brought into the form in which they are kept, and set."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import fields
from local_twins.airtable import errors
from local_twins.airtable.computing.draft import Draft
from local_twins.airtable.errors import Kind, Refusal
from local_twins.airtable.model.attachments import Attachment
from local_twins.airtable.model.cells import LINK, keep
from local_twins.airtable.model.ids import new_id
from local_twins.airtable.model.rows import Row, to_text
from local_twins.airtable.model.schema import Field, Table
from local_twins.airtable.storage import sql
from local_twins.airtable.storage.files import NewAddress
from local_twins.airtable.writing.addresses import addresses
from local_twins.airtable.writing.growing import add_missing_choices, records_by_name

_REFUSALS: Mapping[str, Kind] = {
    "computed": errors.VALUE_COMPUTED,
    "unknown_choice": errors.CHOICE_MISSING,
    "bad_date": errors.VALUE_UNREADABLE,
    "bad_attachment": errors.ATTACHMENT_INVALID,
}
"""What Airtable answers to a problem that `fields` finds; to any other, VALUE_REFUSED."""


class CellWriter:
    """Writes the `fields` objects of one request into records of one table; any method may raise Refusal."""

    def __init__(self, draft: Draft, table: Table, *, typecast: bool) -> None:
        self._draft = draft
        self._table_id = table.id
        self._typecast = typecast

    @property
    def table(self) -> Table:
        """The table as it is now; typecast may add choices to it."""
        return self._draft.open_base.base.by_key[self._table_id]

    def write(self, row: Row, values: Mapping[str, Any]) -> None:
        """Set the named cells."""
        for key, value in values.items():
            field = self.field(key)
            self._set(row, field, self.normal(field, value))

    def clear_others(self, row: Row, values: Mapping[str, Any]) -> None:
        """Empty the writable cells that are not named."""
        named = {self.field(key).id for key in values}
        for field in self.table.fields:
            if field.id not in named and not fields.FIELD_TYPES[field.type].computed:
                self._set(row, field, None)

    def field(self, key: str) -> Field:
        """The field of that name or id. Raises Refusal."""
        field = self.table.field(key)
        if field is None:
            raise Refusal(errors.UNKNOWN_FIELD, field=key)
        return field

    def normal(self, field: Field, value: Any) -> Any:
        """The value in the REST form, after typecast if that was asked for."""
        if self._typecast and field.type == "multipleAttachments":
            value = addresses(value)
        checked = (
            fields.typecast(field.type, value, field.options)
            if self._typecast
            else fields.check(field.type, value, field.options, mode="airtable")
        )
        if checked.problems:
            raise _refusal(field, value, checked.problems[0])
        return checked.value

    def _set(self, row: Row, field: Field, value: Any) -> None:
        _SETTERS.get(field.type, CellWriter.set_plain)(self, row, field, value)

    def set_plain(self, row: Row, field: Field, value: Any) -> None:
        """A value that is kept as it is shown."""
        self._draft.set_cell(row, field, value)

    def set_coded(self, row: Row, field: Field, value: Any) -> None:
        """A choice or a collaborator, or several: kept by id."""
        if value is not None and self._typecast and "choices" in field.options:
            field = add_missing_choices(self._draft, self.table, field, value)
        kept = keep(value, field, self._draft.store.users)
        if value is not None and (kept is None or (isinstance(value, list) and len(kept) < _distinct(value))):
            raise Refusal(errors.VALUE_REFUSED, field=field.name)
        self._draft.set_cell(row, field, kept)

    def set_links(self, row: Row, field: Field, value: Any) -> None:
        """Links: ids of records, or under typecast the texts of their primary cells."""
        targets = list(dict.fromkeys(value or ()))
        if self._typecast:
            targets = records_by_name(self._draft, field, targets)
        self._check_targets(field, targets)
        self._draft.set_links(row, field, targets)

    def _check_targets(self, field: Field, targets: Sequence[str]) -> None:
        made = {key: row.table_id for key, row in self._draft.records.rows.items() if key in targets}
        stored = self._draft.store.connection.execute(sql.TABLE_OF_ROWS, (to_text(targets),))
        tables = dict(stored.fetchall()) | made
        for target in targets:
            if target not in tables:
                raise Refusal(errors.ROW_MISSING, record=target)
            if tables[target] != field.linked_table_id:
                raise Refusal(
                    errors.ROW_OF_OTHER_TABLE,
                    record=target,
                    table=tables[target],
                    linked=field.linked_table_id,
                )

    def set_attachments(self, row: Row, field: Field, value: Any) -> None:
        """Attachments: present ones by id, new ones by address, but for one that failed over and over."""
        present = {item["id"]: item for item in row.cells.get(field.id) or ()}
        given = [_attachment(item, present, field) for item in value or ()]
        kept = [item for item in given if item["id"] in present or not self._is_hopeless(item)]
        if len(kept) < len(given):
            self._draft.shortfalls.add("attachmentsFailedUploading")
        self._draft.set_cell(row, field, kept or None)
        for item in kept:
            if item["id"] not in present:
                self._announce(row, field, item)

    def _is_hopeless(self, item: Attachment) -> bool:
        draft = self._draft
        return draft.store.failing.is_hopeless(item["url"], draft.instant)

    def _announce(self, row: Row, field: Field, item: Attachment) -> None:
        """Let whoever fetches files know of a new one, once it is written."""
        store = self._draft.store
        if store.on_new_address is not None:
            place = (self.table.base_id, row.id, field.id)
            wanted = NewAddress(item["id"], *place, item["url"], self._draft.user_id)
            store.files.want(wanted)
            store.after_commit(partial(store.on_new_address, wanted))


def _attachment(item: Mapping[str, Any], present: Mapping[str, Any], field: Field) -> Attachment:
    """A present attachment that `{"id"}` names, or a new one at `{"url", "filename"?}`."""
    if item.get("id") in present:
        return dict(present[item["id"]]) | {key: item[key] for key in ("filename",) if key in item}
    if "url" not in item:
        raise Refusal(errors.ATTACHMENT_INVALID, field=field.name, shown=_indented(item))
    name = item.get("filename") or _last_part(str(item["url"])) or "Unnamed attachment"
    return {"id": new_id("att"), "url": item["url"], "filename": name}


def _last_part(url: str) -> str:
    """What an address calls its file, "" when there is nothing behind the host."""
    _, _, path = url.partition("://")[2].split("?")[0].rstrip("/").partition("/")
    return path.rsplit("/", 1)[-1]


def _distinct(values: Sequence[Any]) -> int:
    return len({to_text(value) for value in values})


def _refusal(field: Field, value: Any, problem: fields.Problem) -> Refusal:
    """Airtable's answer to the first thing that is wrong with a value."""
    if field.type == LINK and problem.code != "computed":
        return Refusal(errors.NOT_RECORD_IDS)
    shown = _part(value, problem.path)
    kind = _REFUSALS.get(problem.code, errors.VALUE_REFUSED)
    return Refusal(kind, field=field.name, value=shown, choice=shown, shown=_indented(shown))


def _indented(value: Any) -> str:
    """The value as JSON over several lines, as Airtable repeats an attachment."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def _part(value: Any, path: Sequence[str | int]) -> Any:
    """What the path leads to in the value, as far as it does: it is of the value that typecast made."""
    for step in path:
        match value, step:
            case list(), int() if step < len(value):
                value = value[step]
            case dict(), str() if step in value:
                value = value[step]
    return value


_SETTERS: Mapping[str, Callable[[CellWriter, Row, Field, Any], None]] = {
    LINK: CellWriter.set_links,
    "multipleAttachments": CellWriter.set_attachments,
    "singleSelect": CellWriter.set_coded,
    "multipleSelects": CellWriter.set_coded,
    "singleCollaborator": CellWriter.set_coded,
    "multipleCollaborators": CellWriter.set_coded,
    "richText": CellWriter.set_coded,
}
"""How cells of a type are set; any other is kept as it is."""
