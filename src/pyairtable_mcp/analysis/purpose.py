"""What a table is for, guessed from its names, and the row that describes it in a metadata table."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from airtable_gateway import BaseSchema, TableSchema
from pyairtable_mcp.analysis.kinds import is_computed

GENERAL = "General Data Storage"
_LINKS = "multipleRecordLinks"


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose, and the singular words that speak for it in a table's name and in its fields' names."""

    name: str
    table_words: frozenset[str]
    field_words: frozenset[str]
    field_types: frozenset[str] = frozenset()
    color: str = "grayLight2"


def _purpose(name: str, color: str, *, table: str, fields: str, types: str = "") -> Purpose:
    return Purpose(name, frozenset(table.split()), frozenset(fields.split()), frozenset(types.split()), color)


PURPOSES: tuple[Purpose, ...] = (
    _purpose(
        "Project/Task",
        "blueLight2",
        table="project task todo milestone sprint issue ticket backlog epic story deliverable bug roadmap "
        "job assignment",
        fields="task project milestone sprint assignee deadline progress blocker",
    ),
    _purpose(
        "Contact/People",
        "greenLight2",
        table="contact people person customer client employee staff user member lead team vendor supplier "
        "candidate student patient crew guest attendee volunteer donor author participant subscriber",
        fields="surname lastname firstname birthday nickname employee",
    ),
    _purpose(
        "Product/Inventory",
        "orangeLight2",
        table="product inventory item stock asset equipment catalog catalogue sku part material warehouse "
        "merchandise device plane aircraft vehicle",
        fields="sku stock inventory barcode product warehouse",
        types="barcode",
    ),
    _purpose(
        "Event/Schedule",
        "purpleLight2",
        table="event schedule calendar meeting appointment booking reservation session conference shift "
        "itinerary flight trip class lesson webinar agenda",
        fields="event schedule attendee venue appointment departure arrival",
    ),
    _purpose(
        "Contact Information",
        "cyanLight2",
        table="address addressbook phonebook directory",
        fields="email phone mobile telephone address fax mail",
        types="email phoneNumber",
    ),
    _purpose(
        "Financial/Budget",
        "yellowLight2",
        table="budget finance financial invoice payment expense transaction cost order sale revenue payroll "
        "accounting ledger tax bill purchase account quote receipt",
        fields="budget price cost amount invoice payment expense revenue balance salary tax fee total",
        types="currency",
    ),
    Purpose(GENERAL, frozenset(), frozenset()),
)
"""Every purpose, in the order in which a tie is decided."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A purpose's name and the words that decided it, as they stand in the table; none for General."""

    purpose: str
    words: tuple[str, ...] = ()


def guess(table: TableSchema) -> Guess:
    """What the table is for.

    Its own name decides if it speaks of a purpose: the last such word, which is what the name is about
    ("Project Budget" is a budget). Else the purpose that most words and types of its fields speak for.
    """
    words = [(member.name, word) for word in _words(table.name) for member in PURPOSES if _fits(member, word)]
    if words:
        return Guess(words[-1][0], (words[-1][1],))
    told = {member.name: tuple(dict.fromkeys(_telling_fields(member, table))) for member in PURPOSES}
    best = max(told, key=lambda name: len(told[name]))
    return Guess(best, told[best]) if told[best] else Guess(GENERAL)


def _fits(member: Purpose, word: str) -> bool:
    return not member.table_words.isdisjoint(_singulars(word))


def _telling_fields(member: Purpose, table: TableSchema) -> Iterable[str]:
    """The word of each field that speaks for the purpose, or its name where the type does.

    Links and what is computed tell of other tables: an airport with departures is no event.
    """
    for field in (field for field in table.fields if field.type != _LINKS and not is_computed(field)):
        words = [word for word in _words(field.name) if not member.field_words.isdisjoint(_singulars(word))]
        if words or field.type in member.field_types:
            yield words[0] if words else field.name


def _words(name: str) -> list[str]:
    """The words of a name: "OrderItems_2024" is Order, Items."""
    return re.findall(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+", name)


def _singulars(word: str) -> set[str]:
    """What the word may be the plural of, itself included."""
    lower = word.casefold()
    endings = (("ies", "y"), ("es", ""), ("s", ""))
    return {lower} | {lower.removesuffix(old) + new for old, new in endings if lower.endswith(old)}


@dataclass(frozen=True, slots=True)
class MetadataRow:
    """One table, described; `record_count` is None where nobody counted."""

    table: TableSchema
    linked_tables: tuple[str, ...]
    guess: Guess
    analysed_at: datetime
    record_count: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The row's cells by column name, in the form in which Airtable takes them; empty ones are absent."""
        cells = {
            "Table Name": self.table.name,
            "Table ID": self.table.id,
            "Description": self.table.description,
            "Field Count": len(self.table.fields),
            "View Count": len(self.table.views),
            "Field Types": _type_counts(self.table),
            "Primary Field": self.table.primary_field.name,
            "Linked Tables": ", ".join(self.linked_tables),
            "Record Count": self.record_count,
            "Purpose": self.guess.purpose,
            "Analysis Date": _instant(self.analysed_at),
        }
        return {name: value for name, value in cells.items() if value not in (None, "")}


def metadata_rows(
    base: BaseSchema, *, analysed_at: datetime, record_counts: Mapping[str, int] = MappingProxyType({})
) -> list[MetadataRow]:
    """A row for each table of the base, in its order; `record_counts` by table id, `analysed_at` aware."""
    names = {table.id: table.name for table in base.tables}
    return [
        MetadataRow(table, _linked(table, names), guess(table), analysed_at, record_counts.get(table.id))
        for table in base.tables
    ]


def metadata_fields() -> list[dict[str, Any]]:
    """The metadata table's fields in the meta API's write form, the primary field first."""
    choices = [{"name": member.name, "color": member.color} for member in PURPOSES]
    whole = {"precision": 0}
    moment = {"timeZone": "utc", "dateFormat": {"name": "iso"}, "timeFormat": {"name": "24hour"}}
    return [
        {"name": "Table Name", "type": "singleLineText"},
        {"name": "Table ID", "type": "singleLineText"},
        {"name": "Description", "type": "multilineText"},
        {"name": "Field Count", "type": "number", "options": whole},
        {"name": "View Count", "type": "number", "options": whole},
        {"name": "Field Types", "type": "multilineText"},
        {"name": "Primary Field", "type": "singleLineText"},
        {"name": "Linked Tables", "type": "multilineText"},
        {"name": "Record Count", "type": "number", "options": whole},
        {"name": "Purpose", "type": "singleSelect", "options": {"choices": choices}},
        {"name": "Analysis Date", "type": "dateTime", "options": moment},
    ]


def summary(rows: Sequence[MetadataRow]) -> dict[str, Any]:
    """{total_tables_analyzed, total_fields, table_types {purpose: count}}."""
    return {
        "total_tables_analyzed": len(rows),
        "total_fields": sum(len(row.table.fields) for row in rows),
        "table_types": dict(Counter(row.guess.purpose for row in rows).most_common()),
    }


def _type_counts(table: TableSchema) -> str:
    """The field types by how often they occur: "singleLineText: 3, number: 1"."""
    return ", ".join(
        f"{type}: {n}" for type, n in Counter(field.type for field in table.fields).most_common()
    )


def _linked(table: TableSchema, names: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the tables that the link fields lead to, each once; the id of one that is not visible."""
    ids = (str(field.options.get("linkedTableId", "")) for field in table.fields if field.type == _LINKS)
    return tuple(dict.fromkeys(names.get(id, id) for id in ids if id))


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
