"""What is known of a base: its schema as the tools tell it, and a sample of its records."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

Json: TypeAlias = Mapping[str, Any]

COMPUTED = frozenset(
    [
        "formula",
        "rollup",
        "count",
        "multipleLookupValues",
        "lookup",
        "autoNumber",
        "createdTime",
        "lastModifiedTime",
        "createdBy",
        "lastModifiedBy",
        "button",
        "externalSyncSource",
        "aiText",
    ]
)
LINKS = "multipleRecordLinks"
TEXTS = ("singleLineText", "multilineText")


@dataclass(frozen=True)
class Column:
    """A field with its values in the sample, `row` being all that describe_table says of it in full."""

    name: str
    type: str
    row: Json
    cells: tuple[Any, ...] = ()

    @property
    def is_computed(self) -> bool:
        """Whether Airtable fills it."""
        return self.type in COMPUTED

    @property
    def is_text(self) -> bool:
        """Whether it takes any text."""
        return self.type in TEXTS

    @cached_property
    def filled(self) -> tuple[Any, ...]:
        """The values that are there."""
        return tuple(cell for cell in self.cells if cell not in (None, "", [], {}))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The values that are texts, without white space around them."""
        stripped = (cell.strip() for cell in self.filled if isinstance(cell, str))
        return tuple(text for text in stripped if text)

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each text occurs."""
        return Counter(self.texts)


@dataclass(frozen=True)
class Table:
    """A table; `insights` are the quality problems that analyze_table_data reports."""

    id: str
    name: str
    columns: tuple[Column, ...]
    primary: str = ""
    views: int = 0
    sampled: int = 0
    insights: Sequence[Json] = field(default_factory=tuple)

    @cached_property
    def primary_column(self) -> Column | None:
        """The primary field, if it is among those that were read."""
        return next((column for column in self.columns if column.name == self.primary), None)

    def of_type(self, *types: str) -> Iterator[Column]:
        """The fields of these types."""
        return (column for column in self.columns if column.type in types)


@dataclass(frozen=True)
class Base:
    """A base with all of its tables, those that were not asked about too: rules compare tables."""

    id: str
    name: str
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table | None:
        """The table of that name."""
        return next((table for table in self.tables if table.name == name), None)
