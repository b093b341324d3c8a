"""Which fields of one table can be written into another, and in what form."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from airtable_gateway import FieldNotFound, FieldSchema, TableSchema
from pyairtable_mcp.analysis.cell_text import cell_text
from pyairtable_mcp.analysis.kinds import is_computed, value_type

Writer = Callable[[Any], Any]
"""A source's value in, the value to write out; None for nothing. Never called with None."""


@dataclass(frozen=True, slots=True)
class SharedField:
    """A field of both tables, and how a source's value is written into the target."""

    source: FieldSchema
    target: FieldSchema
    write: Writer


@dataclass(frozen=True, slots=True)
class SkippedField:
    """A field that is not synced, by its name.

    `reason` is computed, absent_in_target, absent_in_source, type_differs or links_elsewhere.
    """

    field: str
    reason: str
    message: str

    def to_json(self) -> dict[str, Any]:
        """{field, reason, message}."""
        return {"field": self.field, "reason": self.reason, "message": self.message}


def compare_fields(
    source: TableSchema, target: TableSchema
) -> tuple[tuple[SharedField, ...], tuple[SkippedField, ...]]:
    """The fields that can be synced, matched by name, and those that cannot, in the source's order."""
    shared: list[SharedField] = []
    skipped: list[SkippedField] = []
    for field in source.fields:
        match _judge(field, target):
            case SharedField() as found:
                shared.append(found)
            case SkippedField() as refused:
                skipped.append(refused)
    return tuple(shared), (*skipped, *_only_in_target(source, target))


def _judge(field: FieldSchema, target: TableSchema) -> SharedField | SkippedField:
    twin = same_field(field.name, target)
    if twin is None:
        return SkippedField(field.name, "absent_in_target", f"{target.name} has no field {field.name}.")
    if is_computed(twin):
        return SkippedField(field.name, "computed", f"Airtable fills in {twin.name} ({twin.type}) itself.")
    if field.type == twin.type == "multipleRecordLinks" and not _same_links(field, twin):
        message = "The two link to different tables, and record ids mean nothing elsewhere."
        return SkippedField(field.name, "links_elsewhere", message)
    writer = _writer(field, twin)
    if writer is None:
        message = f"A value of {_described(field)} cannot be written to {twin.type}."
        return SkippedField(field.name, "type_differs", message)
    return SharedField(field, twin, writer)


def same_field(name: str, table: TableSchema) -> FieldSchema | None:
    """The table's field of that name, or the only one that differs in case."""
    try:
        return table.field(name)
    except FieldNotFound:
        return None


def _only_in_target(source: TableSchema, target: TableSchema) -> Iterator[SkippedField]:
    for field in target.fields:
        if same_field(field.name, source) is None:
            message = f"{source.name} has no field {field.name}; it is left as it is."
            yield SkippedField(field.name, "absent_in_source", message)


def _same_links(source: FieldSchema, target: FieldSchema) -> bool:
    return bool(linked := source.options.get("linkedTableId")) and linked == target.options.get(
        "linkedTableId"
    )


def _described(field: FieldSchema) -> str:
    type = value_type(field)
    return type if type == field.type else f"{field.type} ({type})"


def _unchanged(value: Any) -> Any:
    return value


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _person(value: Any) -> dict[str, str] | None:
    """A collaborator's write form: by id, else by e-mail address."""
    key = next((key for key in ("id", "email") if isinstance(value, Mapping) and value.get(key)), None)
    return {key: value[key]} if key else None


def _people(value: Any) -> list[dict[str, str]]:
    return [person for member in _as_list(value) if (person := _person(member))]


def _attachments(value: Any) -> list[dict[str, str]]:
    # By address: Airtable takes a copy. Sending back what else it returned is refused.
    return [{key: file[key] for key in ("url", "filename") if key in file} for file in _as_list(value)]


_ONE_LINE = ("singleLineText", "email", "url", "phoneNumber")
_TEXTS = (*_ONE_LINE, "multilineText", "richText")
_NUMBERS = ("number", "percent", "currency", "duration")
_CHOICES = ("singleSelect", "externalSyncSource")
_SOMEBODY = ("singleCollaborator", "createdBy", "lastModifiedBy")

# Target types: the types of source values that they take, and how. Dates and moments do not mix: which day
# a moment falls on depends on a zone, and a day has no time.
_WRITERS: Mapping[tuple[str, ...], tuple[tuple[tuple[str, ...], Writer], ...]] = {
    _TEXTS: (
        (_TEXTS, _unchanged),
        ((*_NUMBERS, "rating", "count", "autoNumber", "barcode", "date", *_CHOICES), cell_text),
    ),
    _NUMBERS: (((*_NUMBERS, "rating", "count", "autoNumber"), _unchanged),),
    ("rating",): ((("rating",), _unchanged),),
    ("checkbox",): ((("checkbox",), bool),),
    ("singleSelect",): ((_CHOICES, _unchanged),),
    ("multipleSelects",): (((*_CHOICES, "multipleSelects"), _as_list),),
    ("singleCollaborator",): ((_SOMEBODY, _person),),
    ("multipleCollaborators",): (((*_SOMEBODY, "multipleCollaborators"), _people),),
    ("multipleRecordLinks",): ((("multipleRecordLinks",), _unchanged),),
    ("multipleAttachments",): ((("multipleAttachments",), _attachments),),
    ("date",): ((("date",), _unchanged),),
    ("dateTime",): ((("dateTime", "createdTime", "lastModifiedTime"), _unchanged),),
    ("barcode",): ((("barcode",), _unchanged),),
}


def _writer(source: FieldSchema, target: FieldSchema) -> Writer | None:
    """How the source's values are written, None if they cannot be."""
    # A lookup is a list, whatever it looks up.
    if source.type in ("multipleLookupValues", "lookup"):
        return None
    type = value_type(source)
    rules = (rule for targets, rules in _WRITERS.items() if target.type in targets for rule in rules)
    return next((writer for types, writer in rules if type in types), None)
