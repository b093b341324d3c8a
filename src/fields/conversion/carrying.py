"""How a value is carried from one side to the other: as it is where kinds agree, else as its text."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from fields.conversion.kinds import Kind, are_strangers
from fields.conversion.sides import Side
from fields.later import later

Carrier = Callable[[Any, Side, Side], Any]


def carry(value: Any, source: Side, target: Side) -> Any:
    """What the target makes of the source's value, None if nothing. Raises Refusal."""
    carrier = _CARRIERS.get((source.kind, target.kind))
    if carrier:
        return carrier(value, source, target)
    if are_strangers(source.kind, target.kind):
        message = f"{source.cell.name} values do not become {target.type.label} values."
        raise target.cell.refusal("not_convertible", message)
    return target.read(source.show(value))


def written(value: Any, source: Side) -> Any:
    """The value as somebody would have written it in a field of the source's type.

    A lookup of one value is that value, of several the text of all. Airtable returns rich text with a line
    break at its end that nobody wrote.
    """
    if isinstance(value, list | tuple) and source.type.name not in _LISTS:
        return value[0] if len(value) == 1 else ", ".join(map(source.show, value))
    if isinstance(value, str) and source.type.name == "richText":
        return value.removesuffix("\n")
    return value


def _as_it_is(value: Any, source: Side, target: Side) -> Any:  # noqa: ARG001 - a Carrier is told both sides
    return target.read(value)


def _as_date(value: Any, source: Side, target: Side) -> Any:
    if (source.type.name, target.type.name) == ("dateTime", "date"):
        value = later("types.instants", "day_of_moment")(value, source.cell)
    return target.read(value)


def _as_members(value: Any, source: Side, target: Side) -> Any:  # noqa: ARG001 - a Carrier is told both sides
    """One becomes a list of one; of several, the first is kept where there is place for one."""
    members = value if isinstance(value, list | tuple) else [value]
    several = target.type.name in _LISTS
    return target.read(list(members) if several else next(iter(members), None))


def _as_links(value: Any, source: Side, target: Side) -> Any:
    """Ids hold within a table; into another table only names lead."""
    tables = {side.cell.string("linkedTableId") for side in (source, target)} - {""}
    return target.read(source.show(value) if len(tables) > 1 else value)


def _as_files(value: Any, source: Side, target: Side) -> Any:  # noqa: ARG001 - a Carrier is told both sides
    """A file that the cell holds is kept by its id."""
    match value:
        case list() | tuple():
            kept = [
                {"id": file["id"]} if isinstance(file, Mapping) and file.get("id") else file for file in value
            ]
            return target.read(kept)
    return target.read(value)


def _file_as_text(value: Any, source: Side, target: Side) -> Any:
    """A URL field takes the address of the first file, other texts the names and addresses of all."""
    match value:
        case [{"url": str() as url}, *_] if target.type.name == "url":
            return target.read(url)
        case [{"id": str() as file_id}, *_] if target.type.name == "url":
            message = f'The file "{file_id}" was given without its address, so there is none to keep.'
            raise target.cell.refusal("bad_url", message)
    return target.read(source.show(value))


_LISTS = frozenset({"multipleSelects", "multipleCollaborators", "multipleRecordLinks", "multipleAttachments"})
_CARRIERS: Mapping[tuple[Kind, Kind], Carrier] = MappingProxyType(
    {
        (Kind.NUMBER, Kind.NUMBER): _as_it_is,
        (Kind.NUMBER, Kind.FLAG): _as_it_is,
        (Kind.FLAG, Kind.NUMBER): _as_it_is,
        (Kind.FLAG, Kind.FLAG): _as_it_is,
        (Kind.CODE, Kind.CODE): _as_it_is,
        (Kind.DATE, Kind.DATE): _as_date,
        (Kind.CHOICE, Kind.CHOICE): _as_members,
        (Kind.PERSON, Kind.PERSON): _as_members,
        (Kind.LINK, Kind.LINK): _as_links,
        (Kind.FILE, Kind.FILE): _as_files,
        (Kind.FILE, Kind.TEXT): _file_as_text,
    }
)
