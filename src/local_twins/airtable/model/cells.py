"""How the value of a cell is kept and how the API shows it.

Choices and collaborators are kept by id, so that a renamed one shows its new name; all else is kept as shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local_twins.airtable.model.rows import Row
from local_twins.airtable.model.schema import Field, User

Users = Mapping[str, User]
Getter = Callable[[Row], Any]
"""A record in, the REST value of one of its cells out, None when it is empty."""

DERIVED = frozenset({"formula", "rollup", "multipleLookupValues", "lookup", "count", "button"})
"""Types whose value follows from other cells and is kept in `Row.computed`."""

SYSTEM = frozenset({"autoNumber", "createdTime", "createdBy", "lastModifiedTime", "lastModifiedBy"})
"""Types whose value is told by the record itself."""

LINK = "multipleRecordLinks"


@dataclass(frozen=True, slots=True)
class Codec:
    """`show` turns what is kept into the REST value, `keep` the other way round."""

    show: Callable[[Any, Field, Users], Any]
    keep: Callable[[Any, Field, Users], Any]


def choices(field: Field) -> list[Mapping[str, Any]]:
    """The choices of a select field."""
    return list(field.options.get("choices") or ())


def _choice_name(kept: Any, field: Field, _users: Users) -> Any:
    return next((choice["name"] for choice in choices(field) if choice["id"] == kept), None)


def _choice_id(shown: Any, field: Field, _users: Users) -> Any:
    """The id of the choice of that name; an id is taken as it is."""
    ids = (choice["id"] for choice in choices(field) if shown in (choice["name"], choice["id"]))
    return next(ids, None)


def _collaborator(kept: Any, _field: Field, users: Users) -> Any:
    user = users.get(kept)
    return user.to_json() if user else {"id": kept}


def _user_id(shown: Any, _field: Field, users: Users) -> Any:
    """The id of the known user told by `{"id"}`, `{"email"}`, `{"name"}` or one of these bare, else None."""
    keys = ("id", "email", "name")
    told = next((shown[key] for key in keys if shown.get(key)), "") if isinstance(shown, Mapping) else shown
    return next((user.id for user in users.values() if told in (user.id, user.email, user.name)), None)


def _each(codec: Codec) -> Codec:
    """The codec for a list of what `codec` is for; members that it does not know are left out."""

    def show(kept: Any, field: Field, users: Users) -> Any:
        return _known(codec.show(member, field, users) for member in kept)

    def keep(shown: Any, field: Field, users: Users) -> Any:
        return list(dict.fromkeys(_known(codec.keep(member, field, users) for member in shown)))

    return Codec(show, keep)


def _known(members: Any) -> list[Any]:
    return [member for member in members if member is not None]


_CHOICE = Codec(_choice_name, _choice_id)
_USER = Codec(_collaborator, _user_id)
# Airtable ends every rich text that it shows with a newline.
_RICH_TEXT = Codec(
    lambda kept, _field, _users: kept if kept.endswith("\n") else kept + "\n",
    lambda shown, _field, _users: shown.removesuffix("\n"),
)

CODECS: Mapping[str, Codec] = {
    "singleSelect": _CHOICE,
    "externalSyncSource": _CHOICE,
    "multipleSelects": _each(_CHOICE),
    "singleCollaborator": _USER,
    "multipleCollaborators": _each(_USER),
    "richText": _RICH_TEXT,
}
"""The types whose kept form differs from the shown one."""


def keep(value: Any, field: Field, users: Users) -> Any:
    """The form in which a REST value is kept."""
    codec = CODECS.get(field.type)
    return codec.keep(value, field, users) if codec and value is not None else value


def getter(field: Field, users: Users) -> Getter:
    """Reads the REST value of that field off a record; link fields, kept elsewhere, read as None."""
    key = field.id
    if field.type in SYSTEM:
        read = _SYSTEM_GETTERS[field.type]
        return lambda row: read(row, field, users)
    if field.type in DERIVED:
        return lambda row: row.computed.get(key)
    if field.type not in CODECS:
        return lambda row: row.cells.get(key)
    show = shower(field, users)
    return lambda row: show(row.cells.get(key))


def shower(field: Field, users: Users) -> Callable[[Any], Any]:
    """Turns what is kept of a field that has a codec into its REST value; None stays None."""
    codec = CODECS[field.type]
    if codec is _CHOICE:
        return {choice["id"]: choice["name"] for choice in reversed(choices(field))}.get
    return lambda kept: None if kept is None else codec.show(kept, field, users)


def _last_touch(row: Row, field: Field) -> list[str]:
    """When and by whom the fields that a last-modified field watches were last changed (all if none)."""
    watched = field.options.get("referencedFieldIds")
    if not watched:
        return [row.modified_time, row.modified_by]
    made = [row.created_time, row.created_by]
    return max([row.touched.get(watched_id, made) for watched_id in watched], key=lambda touch: touch[0])


def _date_or_time(text: str, field: Field) -> str:
    """The instant, or its day where the field's result is a date."""
    return text[:10] if (field.options.get("result") or {}).get("type") == "date" else text


_SYSTEM_GETTERS: Mapping[str, Callable[[Row, Field, Users], Any]] = {
    "autoNumber": lambda row, _field, _users: row.number,
    "createdTime": lambda row, field, _users: _date_or_time(row.created_time, field),
    "createdBy": lambda row, field, users: _collaborator(row.created_by, field, users),
    "lastModifiedTime": lambda row, field, _users: _date_or_time(_last_touch(row, field)[0], field),
    "lastModifiedBy": lambda row, field, users: _collaborator(_last_touch(row, field)[1], field, users),
}
