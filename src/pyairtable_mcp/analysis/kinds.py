"""The few kinds that Airtable's many field types fall into, computed fields by what they result in."""

from enum import StrEnum
from types import MappingProxyType

from airtable_gateway import FieldSchema
from fields import FIELD_TYPES


class Kind(StrEnum):
    """What a field's values are, whatever its type."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    PERSON = "person"
    DATE = "date"
    LINK = "link"
    CHECKBOX = "checkbox"
    ATTACHMENT = "attachment"
    OTHER = "other"


_MEMBERS = {
    Kind.TEXT: "singleLineText multilineText richText email url phoneNumber barcode aiText",
    Kind.NUMBER: "number percent currency rating duration count autoNumber",
    Kind.CHOICE: "singleSelect multipleSelects externalSyncSource",
    Kind.PERSON: "singleCollaborator multipleCollaborators createdBy lastModifiedBy",
    Kind.DATE: "date dateTime createdTime lastModifiedTime",
    Kind.LINK: "multipleRecordLinks",
    Kind.CHECKBOX: "checkbox",
    Kind.ATTACHMENT: "multipleAttachments",
}
_KINDS = MappingProxyType({type: kind for kind, types in _MEMBERS.items() for type in types.split()})


def value_type(field: FieldSchema) -> str:
    """The type of the field's values: its own, or that of the result of a formula, rollup or lookup."""
    has_result = field.type in ("formula", "rollup", "multipleLookupValues", "lookup")
    result = field.options.get("result") if has_result else None
    return str(result.get("type", field.type)) if result else field.type


def kind_of(field: FieldSchema) -> Kind:
    """The kind of the field's values; OTHER for buttons and for types unknown here."""
    return _KINDS.get(value_type(field), Kind.OTHER)


def is_computed(field: FieldSchema) -> bool:
    """Whether Airtable fills the field in; true of unknown types, as nobody can say how to write them."""
    known = FIELD_TYPES.get(field.type)
    return known is None or known.computed
