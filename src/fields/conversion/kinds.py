"""The kinds of field types, and between which of them Airtable carries values over."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What values of a type are, as far as another type is concerned."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    CHOICE = "choice"
    PERSON = "person"
    LINK = "link"
    FILE = "file"
    CODE = "code"


_MEMBERS = {
    Kind.TEXT: "singleLineText multilineText richText email url phoneNumber",
    Kind.NUMBER: "number percent currency rating duration",
    Kind.FLAG: "checkbox",
    Kind.DATE: "date dateTime",
    Kind.CHOICE: "singleSelect multipleSelects",
    Kind.PERSON: "singleCollaborator multipleCollaborators",
    Kind.LINK: "multipleRecordLinks",
    Kind.FILE: "multipleAttachments",
    Kind.CODE: "barcode",
}
KINDS: Mapping[str, Kind] = MappingProxyType(
    {type: kind for kind, types in _MEMBERS.items() for type in types.split()}
)
"""The kind of every type that can be written."""

# What computed types come to, where no `result` in their options tells.
STANDS_FOR: Mapping[str, str] = MappingProxyType(
    {
        "count": "number",
        "autoNumber": "number",
        "createdTime": "dateTime",
        "lastModifiedTime": "dateTime",
        "createdBy": "singleCollaborator",
        "lastModifiedBy": "singleCollaborator",
        "externalSyncSource": "singleSelect",
    }
)

# A number of seconds is no day, a tick is nobody's name: Airtable empties such cells.
_STRANGERS: Mapping[Kind, frozenset[Kind]] = MappingProxyType(
    {
        Kind.DATE: frozenset({Kind.NUMBER, Kind.FLAG, Kind.PERSON, Kind.FILE}),
        Kind.NUMBER: frozenset({Kind.DATE, Kind.PERSON, Kind.FILE}),
        Kind.FLAG: frozenset({Kind.DATE, Kind.PERSON, Kind.FILE, Kind.LINK}),
        Kind.PERSON: frozenset({Kind.DATE, Kind.NUMBER, Kind.FLAG, Kind.FILE}),
        Kind.FILE: frozenset(Kind) - {Kind.TEXT, Kind.FILE},
    }
)


def are_strangers(one: Kind, other: Kind) -> bool:
    """Whether no value of the one kind says anything in the other."""
    return other in _STRANGERS.get(one, ()) or one in _STRANGERS.get(other, ())
