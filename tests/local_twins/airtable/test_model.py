"""Random edits of a chain of three tables, held against a model, the feed of changes and a fresh import.

TWIN_EDITS sets how many edits there are, TWIN_SEED where they begin (`make model-twin`).
"""

import os
from collections.abc import Callable
from contextlib import closing
from random import Random
from typing import Any

from local_twins.airtable import AnyToken, Store, TwinServer, create_app, export_document, import_document

BASE = "appModel000000000"
EDITS = int(os.environ.get("TWIN_EDITS", "120"))
SEED = int(os.environ.get("TWIN_SEED", "1"))

Cells = dict[str, Any]
Formula = Callable[[Cells], Any]


def number(cells: Cells, name: str) -> float:
    """What arithmetic sees in a cell: a blank is 0."""
    return cells.get(name) or 0


AMOUNTS: dict[str, Formula] = {
    "{Price} * {Quantity}": lambda line: number(line, "Price") * number(line, "Quantity"),
    "{Price} + {Quantity}": lambda line: number(line, "Price") + number(line, "Quantity"),
    "IF({Quantity} > 1, {Price} - 1, {Quantity})+0": lambda line: (
        number(line, "Price") - 1 if number(line, "Quantity") > 1 else number(line, "Quantity")
    ),
}
SPENT: dict[str, Callable[[list[float]], Any]] = {
    "SUM(values)": sum,
    "COUNT(values)": len,
    "SUM(values) * 2 - COUNT(values)": lambda values: sum(values) * 2 - len(values),
}
NETS: dict[str, Formula] = {
    "{Spent} - {Discount}": lambda customer: customer["Spent"] - number(customer, "Discount"),
    "IF({Spent} > {Discount}, {Spent}, 0 - {Spent})": lambda customer: (
        customer["Spent"] if customer["Spent"] > number(customer, "Discount") else -customer["Spent"]
    ),
}
NUMBER = {"type": "number", "options": {"precision": 2}}
PLAIN: dict[str, dict[str, list[Any]]] = {
    "Customers": {"Name": ["Ada", "Bob", None], "Discount": [None, 0, 1, 2.5]},
    "Orders": {"Code": ["O1", "O2", None]},
    "Lines": {"Item": ["Pen", None], "Price": [None, 0, 1, 2.5, -3], "Quantity": [None, 0, 1, 2, 4]},
}
LINKS = {"Customers": {"Orders": "Orders"}, "Orders": {"Lines": "Lines", "Customer": "Customers"},
         "Lines": {"Order": "Orders"}}  # fmt: skip
INVERSE = {"Orders": "Customer", "Customer": "Orders", "Lines": "Order", "Order": "Lines"}


def linked(name: str, table: str) -> dict[str, Any]:
    options = {"linkedTableId": table, "inverseLinkFieldId": INVERSE[name]}
    return {"name": name, "type": "multipleRecordLinks", "options": options}


def computed(name: str, type_: str, **options: str) -> dict[str, Any]:
    return {"name": name, "type": type_, "options": options}


DOCUMENT: dict[str, Any] = {
    "bases": [
        {
            "id": BASE,
            "name": "Chain",
            "tables": [
                {
                    "name": "Customers",
                    "fields": [
                        {"name": "Name", "type": "singleLineText"},
                        {"name": "Discount", **NUMBER},
                        linked("Orders", "Orders"),
                        computed(
                            "Spent", "rollup", recordLinkFieldId="Orders", fieldIdInLinkedTable="Amounts",
                            formula=next(iter(SPENT)),
                        ),
                        computed("Net", "formula", formula=next(iter(NETS))),
                        computed("Label", "formula", formula='{Name} & ":" & {Net}'),
                    ],
                },
                {
                    "name": "Orders",
                    "fields": [
                        {"name": "Code", "type": "singleLineText"},
                        linked("Customer", "Customers"),
                        linked("Lines", "Lines"),
                        computed(
                            "Amounts", "multipleLookupValues", recordLinkFieldId="Lines",
                            fieldIdInLinkedTable="Amount",
                        ),
                        computed("Line count", "count", recordLinkFieldId="Lines"),
                        computed("Seen", "formula", formula="{Customer} & {Customer labels}"),
                        computed(
                            "Customer labels", "multipleLookupValues", recordLinkFieldId="Customer",
                            fieldIdInLinkedTable="Label",
                        ),
                    ],
                },
                {
                    "name": "Lines",
                    "fields": [
                        {"name": "Item", "type": "singleLineText"},
                        {"name": "Price", **NUMBER},
                        {"name": "Quantity", **NUMBER},
                        linked("Order", "Orders"),
                        computed("Amount", "formula", formula=next(iter(AMOUNTS))),
                        computed(
                            "Labels", "multipleLookupValues", recordLinkFieldId="Order",
                            fieldIdInLinkedTable="Seen",
                        ),
                        computed("Changed", "formula", formula="LAST_MODIFIED_TIME({Price})"),
                    ],
                },
            ],
        }
    ]
}  # fmt: skip


class Model:
    """The plain cells, the links as pairs, and the formulas in force; all else follows."""

    def __init__(self) -> None:
        self.cells: dict[str, dict[str, Cells]] = {table: {} for table in PLAIN}
        self.links: dict[str, set[tuple[str, str]]] = {"Orders": set(), "Lines": set()}
        self.amount, self.spent, self.net = (next(iter(pool)) for pool in (AMOUNTS, SPENT, NETS))

    def write(self, table: str, record: str, fields: Cells) -> None:
        """Set the named cells; links on both sides."""
        cells = self.cells[table].setdefault(record, {})
        for name, value in fields.items():
            if name in LINKS[table]:
                self._link(name, record, value)
            else:
                cells[name] = value

    def drop(self, table: str, record: str) -> None:
        """Forget a record with its links."""
        del self.cells[table][record]
        for pairs in self.links.values():
            pairs -= {pair for pair in pairs if record in pair}

    def targets(self, name: str, record: str) -> list[str]:
        """What a link cell holds, in any order."""
        if name in self.links:
            return [there for here, there in self.links[name] if here == record]
        return [there for there, here in self.links[INVERSE[name]] if here == record]

    def shown(self) -> dict[str, dict[str, Cells]]:
        """What the API shows of every record; lists in any order."""
        told = {table: {key: self._plain(table, key) for key in keys} for table, keys in self.cells.items()}
        for cells in told["Lines"].values():
            cells["Amount"] = AMOUNTS[self.amount](cells)
        for order, cells in told["Orders"].items():
            lines = self.targets("Lines", order)
            cells["Amounts"] = [told["Lines"][line]["Amount"] for line in lines] or None
            cells["Line count"] = len(lines)
        for customer, cells in told["Customers"].items():
            orders = self.targets("Orders", customer)
            values = [value for order in orders for value in told["Orders"][order]["Amounts"] or ()]
            cells["Spent"] = SPENT[self.spent](values)
            cells["Net"] = NETS[self.net](cells)
            cells["Label"] = f"{cells.get('Name') or ''}:{cells['Net'] + 0:g}"  # a negative zero reads 0
        return told

    def _plain(self, table: str, record: str) -> Cells:
        held = {name: self.targets(name, record) or None for name in LINKS[table]}
        return {**self.cells[table][record], **held}

    def _link(self, name: str, record: str, targets: list[str]) -> None:
        pairs = self.links[name if name in self.links else INVERSE[name]]
        pairs -= {pair for pair in pairs if record == pair[0 if name in self.links else 1]}
        pairs |= {(record, target) if name in self.links else (target, record) for target in targets}


class Editor:
    """Makes the same random edits over HTTP and in the model."""

    def __init__(self, http: Any, random: Random) -> None:
        self.http = http
        self.random = random
        self.model = Model()
        tables = http.call("GET", f"meta/bases/{BASE}/tables").json()["tables"]
        self.fields = {
            field["name"]: (table["id"], field["id"]) for table in tables for field in table["fields"]
        }

    def edit(self) -> None:
        """One edit of any kind."""
        edits = [self.create, self.update, self.replace, self.drop, self.formula, self.circle]
        self.random.choices(edits, weights=[5, 12, 3, 6, 2, 1])[0]()

    def create(self) -> None:
        table = self.random.choice(sorted(PLAIN))
        made = [self.some_cells(table) for _ in range(self.random.randint(1, 3))]
        answer = self.ask("POST", f"{BASE}/{table}", {"records": [{"fields": fields} for fields in made]})
        for record, fields in zip(answer["records"], made, strict=True):
            self.model.write(table, record["id"], fields)

    def update(self) -> None:
        table, ids = self.some_records(3)
        changes = {record: self.some_cells(table) for record in ids}
        body = {"records": [{"id": record, "fields": fields} for record, fields in changes.items()]}
        if changes:
            self.ask("PATCH", f"{BASE}/{table}", body)
        for record, fields in changes.items():
            self.model.write(table, record, fields)

    def replace(self) -> None:
        table, ids = self.some_records(1)
        for record in ids:
            fields = self.some_cells(table)
            self.ask("PUT", f"{BASE}/{table}/{record}", {"fields": fields})
            empty: Cells = dict.fromkeys(PLAIN[table])
            self.model.write(table, record, empty | {name: [] for name in LINKS[table]} | fields)

    def drop(self) -> None:
        table, ids = self.some_records(2)
        if ids:
            answer = self.http.call("DELETE", f"{BASE}/{table}", params={"records[]": ids})
            assert answer.status_code == 200, answer.text
        for record in ids:
            self.model.drop(table, record)

    def formula(self) -> None:
        texts = {"Amount": sorted(AMOUNTS), "Spent": sorted(SPENT), "Net": sorted(NETS)}
        name = self.random.choice(sorted(texts))
        text = self.random.choice(texts[name])
        table, field = self.fields[name]
        path = f"meta/bases/{BASE}/tables/{table}/fields/{field}"
        self.ask("PATCH", path, {"options": {"formula": text}})
        setattr(self.model, name.lower(), text)

    def circle(self) -> None:
        """A formula that would follow from itself, over the whole chain, is refused and changes nothing."""
        table, field = self.fields["Amount"]
        body = {"options": {"formula": "{Price} + LEN(ARRAYJOIN({Labels}))"}}
        answer = self.http.call("PATCH", f"meta/bases/{BASE}/tables/{table}/fields/{field}", json=body)
        assert answer.status_code == 422, answer.text
        assert "circular" in answer.text

    def ask(self, method: str, path: str, body: Any) -> Any:
        answer = self.http.call(method, path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def some_records(self, most: int) -> tuple[str, list[str]]:
        table = self.random.choice(sorted(PLAIN))
        ids = sorted(self.model.cells[table])
        return table, self.random.sample(ids, min(len(ids), self.random.randint(1, most)))

    def some_cells(self, table: str) -> Cells:
        names = self.random.sample([*PLAIN[table], *LINKS[table]], self.random.randint(0, 3))
        return {name: self.some_value(table, name) for name in names}

    def some_value(self, table: str, name: str) -> Any:
        if name in PLAIN[table]:
            return self.random.choice(PLAIN[table][name])
        ids = sorted(self.model.cells[LINKS[table][name]])
        return self.random.sample(ids, min(len(ids), self.random.randint(0, 3)))


class Reader:
    """Knows all cells from the feed of changes alone."""

    def __init__(self, http: Any) -> None:
        self.http = http
        self.cells: dict[str, Cells] = {}
        tables = http.call("GET", f"meta/bases/{BASE}/tables").json()["tables"]
        self.names = {field["id"]: field["name"] for table in tables for field in table["fields"]}
        self._cursor = 0

    def read(self) -> None:
        """Take in what is new."""
        page = self.http.call("GET", "../_twin/changes", params={"since": self._cursor}).json()
        assert not page["missed"]
        self._cursor = page["cursor"]
        for change in page["changes"]:
            for told in change["changedTablesById"].values():
                self._take(told)

    def _take(self, told: Any) -> None:
        for record, new in told.get("createdRecordsById", {}).items():
            self.cells[record] = {}
            self._set(record, new["cellValuesByFieldId"])
        for record, both in told.get("changedRecordsById", {}).items():
            before = {
                self.names[key]: value for key, value in both["previous"]["cellValuesByFieldId"].items()
            }
            assert {name: self.cells[record].get(name) for name in before} == before
            self._set(record, both["current"]["cellValuesByFieldId"])
        for record in told.get("destroyedRecordIds", ()):
            del self.cells[record]

    def _set(self, record: str, values: Cells) -> None:
        self.cells[record] |= {self.names[key]: value for key, value in values.items()}
        self.cells[record] = {key: value for key, value in self.cells[record].items() if value is not None}


def listed(http: Any) -> dict[str, list[Any]]:
    """All records of all tables."""
    told: dict[str, list[Any]] = {}
    for table in PLAIN:
        told[table], offset = [], ""
        while offset is not None:
            page = http.call("GET", f"{BASE}/{table}", params={"offset": offset}).json()
            told[table] += page["records"]
            offset = page.get("offset")
    return told


def comparable(cells: Cells) -> Cells:
    """Without empty cells, and lists in one order: that of links has a test of its own."""
    return {
        name: sorted(value) if isinstance(value, list) else value
        for name, value in cells.items()
        if value not in (None, "", [])
    }


def agree(shown: dict[str, list[Any]], model: Model) -> None:
    told = {
        table: {record["id"]: comparable(record["fields"]) for record in records}
        for table, records in shown.items()
    }
    for table, records in model.shown().items():
        assert told[table].keys() == records.keys()
        for record, cells in records.items():
            expected = comparable(cells)
            found = {name: value for name, value in told[table][record].items() if name not in UNMODELLED}
            assert found == expected


UNMODELLED = ("Seen", "Customer labels", "Labels", "Changed")
"""Fields that only the fresh import judges."""


def test_random_edits_leave_what_the_model_says_and_what_a_fresh_import_gives(
    connect: Callable[[str], Any],
) -> None:
    with Store.open(":memory:") as store:
        import_document(store, DOCUMENT)
        with TwinServer(create_app(store, tokens=AnyToken())) as url, closing(connect(url)) as http:
            editor, reader = Editor(http, Random(SEED)), Reader(http)
            for done in range(1, EDITS + 1):
                editor.edit()
                shown = listed(http)
                agree(shown, editor.model)
                reader.read()
                assert reader.cells == {
                    record["id"]: record["fields"] for table in shown.values() for record in table
                }
                if done % 40 == 0 or done == EDITS:
                    assert shown == imported_afresh(store, connect)


def imported_afresh(store: Store, connect: Callable[[str], Any]) -> dict[str, list[Any]]:
    """The same base in a new store, where every cell is computed once and for all."""
    with Store.open(":memory:") as fresh:
        import_document(fresh, export_document(store))
        with TwinServer(create_app(fresh, tokens=AnyToken())) as url, closing(connect(url)) as http:
            return listed(http)
