"""A base that is being made: tables of healthy columns, and a note of each fault that is planted."""

import random
from dataclasses import dataclass
from typing import Any

from wide_base.columns import KINDS, Cell

ROWS = 60
NAMES = (
    "Customers",
    "Contacts",
    "Companies",
    "Deals",
    "Quotes",
    "Contracts",
    "Invoices",
    "Payments",
    "Products",
    "Suppliers",
    "Warehouses",
    "Shipments",
    "Returns",
    "Projects",
    "Milestones",
    "Tasks",
    "Employees",
    "Departments",
    "Offices",
    "Assets",
    "Licences",
    "Vehicles",
    "Trips",
    "Expenses",
    "Campaigns",
    "Events",
    "Speakers",
    "Articles",
    "Courses",
    "Students",
    "Surveys",
    "Incidents",
    "Orders 2024",
    "Orders 2025",
)

Fault = tuple[str, str, str, str]


@dataclass
class Table:
    """A table that is being made."""

    id: str
    name: str
    fields: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    views: int = 1

    def add(self, name: str, type: str, cell: Cell | None, dice: random.Random, **options: Any) -> str:
        """Add a column, and its cells; its id."""
        made = {"id": f"fld{self.id[3:9]}{len(self.fields):08}", "name": name, "type": type}
        self.fields.append(made | ({"options": options} if options else {}))
        for number, row in enumerate(self.rows if cell else ()):
            if (value := cell(dice, number)) is not None:
                row[name] = value
        return str(made["id"])

    def id_of(self, name: str) -> str:
        """The id of the field of that name."""
        return next(str(one["id"]) for one in self.fields if one["name"] == name)


class WideBase:
    """The base that is being made, and what is wrong with it on purpose."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.faults: list[Fault] = []
        self.tables = [self._table(number, name) for number, name in enumerate(NAMES)]

    def table(self, name: str) -> Table:
        """The table of that name."""
        return next(table for table in self.tables if table.name == name)

    def fault(self, category: str, issue: str, table: str, field: str = "") -> None:
        """Note what was planted."""
        self.faults.append((category, issue, table, field))

    def link(self, here: Table, there: Table, name: str, *, filled: bool = True) -> str:
        """Link two tables; the other side shows as a field, too."""
        ids = [f"rec{there.id[3:9]}{number:08}" for number in range(len(there.rows))]
        cell = (lambda dice, _: [dice.choice(ids)]) if filled and ids else None
        return here.add(name, "multipleRecordLinks", cell, self.dice, linkedTableId=there.id)

    def document(self) -> dict[str, Any]:
        """The document in the import format of the local Airtable."""
        return {"users": [], "bases": [self._base()]}

    def _base(self) -> dict[str, Any]:
        return {
            "id": "appWide0000000001",
            "name": "Wide",
            "tables": [_table_json(table) for table in self.tables],
            "records": {
                table.id: [
                    {"id": f"rec{table.id[3:9]}{number:08}", "fields": row}
                    for number, row in enumerate(table.rows)
                ]
                for table in self.tables
            },
        }

    def _table(self, number: int, name: str) -> Table:
        """A healthy table: a name, and ten kinds of columns; as many rows as every other."""
        table = Table(f"tblW{number:05}00000000", name, [], [{} for _ in range(ROWS)])
        singular = name.split(maxsplit=1)[0].removesuffix("s")
        table.add("Name", "singleLineText", lambda _, row: f"{singular} {row + 1:03}", self.dice)
        for kind in sorted(self.dice.sample(KINDS, 10), key=KINDS.index):
            table.add(kind.name, kind.type, kind.cell, self.dice, **kind.options)
        return table


def _table_json(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "name": table.name,
        "primaryFieldId": table.fields[0]["id"],
        "fields": table.fields,
        "views": [
            {"id": f"viw{table.id[3:9]}{n:08}", "name": f"Grid {n + 1}", "type": "grid"}
            for n in range(table.views)
        ],
    }
