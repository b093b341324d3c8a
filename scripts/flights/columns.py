"""Columns of a table: what Airtable's schema says of one, and how a CSV row fills its cell."""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from flights.ids import field_id, make_id, record_id, table_id
from flights.original import Row

Json = Any
Cell = Callable[[Row, AbstractSet[str]], Json]
"""The value for a row, given the ids of the records that exist; None leaves the cell empty."""

NEW_YORK = "America/New_York"
TEXT = {"type": "singleLineText"}
DATE_TIME = {
    "type": "dateTime",
    "options": {
        "timeZone": NEW_YORK,
        "dateFormat": {"name": "iso", "format": "YYYY-MM-DD"},
        "timeFormat": {"name": "24hour", "format": "HH:mm"},
    },
}
DATE = {"type": "date", "options": {"dateFormat": {"name": "iso", "format": "YYYY-MM-DD"}}}
REFERENCE = re.compile(r"\{([^}]+)\}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column called `name`; `model` gives the JSON of its type and options once its table is known."""

    name: str
    model: Callable[[str], Json]
    cell: Cell | None = None  # None: Airtable computes it
    description: str = ""

    def field(self, table: str) -> Json:
        """The field as Airtable's meta API shows it."""
        described = {"description": self.description} if self.description else {}
        return {"id": field_id(table, self.name), "name": self.name, **described, **self.model(table)}


def number_type(precision: int = 0) -> Json:
    """The type of a number that is shown with so many decimals."""
    return {"type": "number", "options": {"precision": precision}}


def percent_type(precision: int = 1) -> Json:
    """The type of a fraction that is shown as a percentage."""
    return {"type": "percent", "options": {"precision": precision}}


def plain(name: str, model: Json, cell: Callable[[Row], Json], description: str = "") -> Column:
    """A stored column of any type."""
    return Column(name, lambda _: model, lambda row, _: cell(row), description)


def text(name: str, source: str, description: str = "") -> Column:
    """The CSV column `source`, as text."""
    return plain(name, TEXT, lambda row: row.get(source), description)


def number(name: str, source: str, description: str, precision: int = 0) -> Column:
    """The CSV column `source`, as a number; unrounded, whatever is shown."""
    return plain(name, number_type(precision), lambda row: _number(row.get(source)), description)


def clock(name: str, source: str, description: str) -> Column:
    """The CSV column `source`, a time such as 517 or 2400, as text: 05:17, 24:00."""
    return plain(name, TEXT, lambda row: _clock(row.get(source)), description)


def select(name: str, source: str, choices: Mapping[str, str], description: str = "") -> Column:
    """The CSV column `source`, each value under its name in `choices`; another value is a KeyError."""
    return Column(
        name,
        lambda table: {"type": "singleSelect", "options": {"choices": _choices(table, name, choices)}},
        lambda row, _: choices[row[source]] if source in row else None,
        description,
    )


def link(name: str, to: str, inverse: str, key: tuple[str, ...], about: str) -> Column:
    """A link to the record of table `to` with the natural key in the CSV columns `key`, if there is one."""

    def cell(row: Row, existing: AbstractSet[str]) -> Json:
        target = record_id(to, *(row.get(column, "") for column in key))
        return [target] if target in existing else None

    return Column(name, _link_model(to, inverse, single=True), cell, about)


def inverse(name: str, of: str, field: str, description: str) -> Column:
    """The other side of the link `field` of table `of`; its cells follow from that side."""
    return Column(name, _link_model(of, field, single=False), description=description)


def formula(name: str, text: str, result: Json, description: str) -> Column:
    """A formula over fields of the same table."""
    return Column(
        name,
        lambda table: {
            "type": "formula",
            "options": {
                "isValid": True,
                "formula": text,
                "referencedFieldIds": [
                    field_id(table, found) for found in dict.fromkeys(REFERENCE.findall(text))
                ],
                "result": result,
            },
        },
        description=description,
    )


def lookup(name: str, through: str, source: tuple[str, str], result: Json, description: str) -> Column:
    """The values of a (table, field) behind the link `through`."""
    return Column(
        name,
        lambda table: {"type": "multipleLookupValues", "options": _far(table, through, source, result)},
        description=description,
    )


def rollup(
    name: str, through: str, source: tuple[str, str], formula: str, result: Json, description: str
) -> Column:
    """`formula` over the `values` of a (table, field) behind the link `through`."""

    def model(table: str) -> Json:
        options = _far(table, through, source, result)
        return {
            "type": "rollup",
            "options": {**options, "referencedFieldIds": [field_id(*source)], "formula": formula},
        }

    return Column(name, model, description=description)


def count(name: str, through: str, description: str) -> Column:
    """How many records the link `through` holds."""
    return Column(
        name,
        lambda table: {
            "type": "count",
            "options": {"isValid": True, "recordLinkFieldId": field_id(table, through)},
        },
        description=description,
    )


def _link_model(to: str, inverse: str, *, single: bool) -> Callable[[str], Json]:
    options = {
        "linkedTableId": table_id(to),
        "isReversed": False,
        "prefersSingleRecordLink": single,
        "inverseLinkFieldId": field_id(to, inverse),
    }
    return lambda _: {"type": "multipleRecordLinks", "options": options}


def _far(table: str, through: str, source: tuple[str, str], result: Json) -> Json:
    return {
        "isValid": True,
        "recordLinkFieldId": field_id(table, through),
        "fieldIdInLinkedTable": field_id(*source),
        "result": result,
    }


def _choices(table: str, field: str, choices: Mapping[str, str]) -> list[Json]:
    return [{"id": make_id("sel", table, field, name), "name": name} for name in choices.values()]


def _number(written: str | None) -> int | float | None:
    if written is None:
        return None
    value = float(written)
    return int(value) if value.is_integer() else value


def _clock(written: str | None) -> str | None:
    return None if written is None else f"{int(written) // 100:02}:{int(written) % 100:02}"
