"""Cell values that were read, in the form in which they are compared and written again."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

LINK, ATTACHMENTS = "multipleRecordLinks", "multipleAttachments"

Present = Mapping[str, str]
"""The present ids of records that were made again, by the old ones."""


def comparable(type: str, value: Any, present: Present) -> Any:
    """What of a value tells it from another: links as a set, people and files by their ids."""
    if value in (None, "", [], False):
        return None
    return _COMPARED.get(type, _as_it_is)(value, present)


def linked_ids(type: str, value: Any, present: Present) -> list[str]:
    """The records that a cell links to, by their present ids; none for what is no link."""
    return [present.get(key, key) for key in value or ()] if type == LINK else []


def writable_value(type: str, value: Any, present: Present, absent: Collection[str] = ()) -> Any:
    """The value as the API takes it; links to `absent` records are left out."""
    if type == LINK:
        return [key for key in linked_ids(type, value, present) if key not in absent]
    return value if value is None else _WRITTEN.get(type, _unchanged)(value)


def attachment_by_address(item: Mapping[str, Any]) -> dict[str, Any]:
    """A file for Airtable to fetch again: its old address serves it for a while."""
    return {key: item[key] for key in ("url", "filename") if key in item}


def _as_it_is(value: Any, _: Present) -> Any:
    return value


def _unchanged(value: Any) -> Any:
    return value


def _ids(value: Sequence[Mapping[str, Any]], present: Present) -> list[Any]:
    return [present.get(item.get("id", ""), item.get("id")) for item in value]


def _person(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": value["id"]}


def _people(value: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": person["id"]} for person in value]


_COMPARED: Mapping[str, Callable[[Any, Present], Any]] = {
    LINK: lambda value, present: frozenset(present.get(key, key) for key in value) or None,
    ATTACHMENTS: _ids,
    "singleCollaborator": lambda value, _: value.get("id"),
    "multipleCollaborators": _ids,
}

_WRITTEN: Mapping[str, Callable[[Any], Any]] = {
    "singleCollaborator": _person,
    "multipleCollaborators": _people,
    # Airtable ends every rich text that it shows with a newline of its own.
    "richText": lambda value: value.removesuffix("\n"),
}
