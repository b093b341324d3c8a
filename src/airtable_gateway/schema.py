"""The schema of a base: its tables, their fields and views, found by name or by id."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from airtable_gateway.errors import BaseNotFound, FieldNotFound, NotFound, TableNotFound, ViewNotFound


@dataclass(frozen=True, slots=True)
class BaseInfo:
    """A base as the token sees it; `permission_level` is none, read, comment, edit or create."""

    id: str
    name: str
    permission_level: str


@dataclass(frozen=True, slots=True)
class FieldSchema:
    """A field; `type` is Airtable's name for it and `options` the meta API's JSON, {} when it gives none."""

    id: str
    name: str
    type: str
    description: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ViewSchema:
    """A view; `type` is grid, form, calendar, gallery, kanban, timeline or block."""

    id: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A table with its fields and views in Airtable's order."""

    id: str
    name: str
    primary_field_id: str
    fields: tuple[FieldSchema, ...]
    views: tuple[ViewSchema, ...] = ()
    description: str = ""

    def field(self, name_or_id: str) -> FieldSchema:
        """The field of that name or id. Raises FieldNotFound."""
        return _find(self.fields, name_or_id, FieldNotFound)

    def view(self, name_or_id: str) -> ViewSchema:
        """The view of that name or id. Raises ViewNotFound."""
        return _find(self.views, name_or_id, ViewNotFound)

    @property
    def primary_field(self) -> FieldSchema:
        """The field that names a record."""
        return self.field(self.primary_field_id)


@dataclass(frozen=True, slots=True)
class BaseSchema:
    """A base's tables in Airtable's order; `age_seconds` is how long ago Airtable told them."""

    id: str
    name: str
    tables: tuple[TableSchema, ...]
    age_seconds: float = field(default=0.0, compare=False)

    def table(self, name_or_id: str) -> TableSchema:
        """The table of that name or id. Raises TableNotFound."""
        return _find(self.tables, name_or_id, TableNotFound)


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)


def _find(members: Sequence[N], name_or_id: str, missing: type[NotFound]) -> N:
    """The member with that id, else that name, else the only one with that name but for case."""
    for member in members:
        # Not by a look into a tuple, which takes twice the time: a write looks up each of its fields often.
        if member.name == name_or_id or member.id == name_or_id:  # noqa: PLR1714
            return member
    folded = [member for member in members if member.name.casefold() == name_or_id.strip().casefold()]
    if len(folded) == 1:
        return folded[0]
    raise missing(name_or_id, (member.name for member in members))


def table_from_api(model: Mapping[str, Any]) -> TableSchema:
    """A table from the meta API's JSON."""
    return TableSchema(
        id=model["id"],
        name=model["name"],
        primary_field_id=model["primaryFieldId"],
        fields=tuple(field_from_api(item) for item in model["fields"]),
        views=tuple(ViewSchema(item["id"], item["name"], item["type"]) for item in model.get("views", ())),
        description=model.get("description") or "",
    )


def field_from_api(model: Mapping[str, Any]) -> FieldSchema:
    """A field from the meta API's JSON."""
    return FieldSchema(
        id=model["id"],
        name=model["name"],
        type=model["type"],
        description=model.get("description") or "",
        options=model.get("options") or {},
    )


def find_base(bases: Iterable[BaseInfo], name_or_id: str) -> BaseInfo:
    """The base with that id, else the only one of that name. Raises BaseNotFound, also for several."""
    members = list(bases)
    by_id = [base for base in members if base.id == name_or_id]
    by_name = [base for base in members if base.name.casefold() == name_or_id.strip().casefold()]
    match by_id or by_name:
        case [base]:
            return base
        case []:
            raise BaseNotFound(name_or_id, (base.name for base in members))
        case several:
            ids = ", ".join(base.id for base in several)
            raise BaseNotFound(
                name_or_id, message=f"Several bases are called {name_or_id!r}: give an id of {ids}."
            )
