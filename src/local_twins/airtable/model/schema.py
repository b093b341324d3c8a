"""Bases, tables, fields and views, as values; each is found by its name or its id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, TypeVar


class Named(Protocol):
    """What has an id and a name."""

    @property
    def id(self) -> str: ...  # noqa: D102 - a protocol's member says itself
    @property
    def name(self) -> str: ...  # noqa: D102 - a protocol's member says itself


N = TypeVar("N", bound=Named)


def keyed(members: Sequence[N]) -> dict[str, N]:
    """The members by name and by id; where a name equals another member's id, the id wins."""
    return {member.name: member for member in reversed(members)} | {member.id: member for member in members}


@dataclass(frozen=True, slots=True)
class User:
    """A collaborator."""

    id: str
    email: str
    name: str

    def to_json(self) -> dict[str, str]:
        """The collaborator as a cell shows it."""
        return {"id": self.id, "email": self.email, "name": self.name}


@dataclass(frozen=True, slots=True)
class Field:
    """A field; `options` are the meta API's, with what the twin needs beside (a rollup's formula)."""

    id: str
    name: str
    type: str
    description: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def linked_table_id(self) -> str:
        """The table that a link field leads to."""
        return str(self.options["linkedTableId"])

    @property
    def reverse_key(self) -> str:
        """Under which key the other side of this link field keeps its rows.

        That is the symmetric field's id, or, where there is none (a table linked to itself), a key of ours.
        """
        return self.options.get("inverseLinkFieldId") or "~" + self.id


@dataclass(frozen=True, slots=True)
class View:
    """A view; `filter` is a formula, `sort` the meta API's list of {field, direction}."""

    id: str
    name: str
    type: str = "grid"
    filter: str = ""
    sort: tuple[Mapping[str, str], ...] = ()
    visible_field_ids: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Table:
    """A table; its first field is the primary one unless `primary_field_id` says otherwise."""

    id: str
    base_id: str
    name: str
    primary_field_id: str
    fields: tuple[Field, ...]
    views: tuple[View, ...] = ()
    description: str = ""

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """The fields by name and by id."""
        return keyed(self.fields)

    @cached_property
    def link_fields(self) -> tuple[Field, ...]:
        """The fields whose cells are kept in the table of links."""
        return tuple(item for item in self.fields if item.type == "multipleRecordLinks")

    @property
    def primary(self) -> Field:
        """The field that names a record."""
        return self.by_key[self.primary_field_id]

    def field(self, name_or_id: str) -> Field | None:
        """The field of that name or id, or None."""
        return self.by_key.get(name_or_id)

    def view(self, name_or_id: str) -> View | None:
        """The view of that name or id, or None."""
        return keyed(self.views).get(name_or_id)


@dataclass(frozen=True, slots=True)
class BaseInfo:
    """A base by its name, without its tables."""

    id: str
    name: str
    workspace_id: str


@dataclass(frozen=True)
class Base:
    """A base with its tables in order."""

    id: str
    name: str
    workspace_id: str
    tables: tuple[Table, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Table]:
        """The tables by name and by id."""
        return keyed(self.tables)

    @cached_property
    def fields(self) -> dict[str, tuple[Table, Field]]:
        """Every field of the base by its id, with its table."""
        return {item.id: (table, item) for table in self.tables for item in table.fields}

    def table(self, name_or_id: str) -> Table | None:
        """The table of that name or id, or None."""
        return self.by_key.get(name_or_id)

    def table_in_path(self, name_or_id: str) -> Table | None:
        """The table that a path names, or None; a name may be in other letters than the table's own.

        No two tables differ in that alone, and pyairtable's suite says "EVERYTHING" for "Everything".
        """
        exact = self.by_key.get(name_or_id)
        folded = name_or_id.casefold()
        return exact or next((table for table in self.tables if table.name.casefold() == folded), None)
