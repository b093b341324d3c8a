"""Computed cells: right after each write, and as if everything had been computed anew."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local_twins.airtable import AnyToken, Store, TwinServer, create_app, export_document, import_document

BASE = "appShop0000000000"


def link(name: str, table: str, inverse: str) -> dict[str, Any]:
    options = {"linkedTableId": table, "inverseLinkFieldId": inverse}
    return {"name": name, "type": "multipleRecordLinks", "options": options}


def formula(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "type": "formula", "options": {"formula": text}}


def through(name: str, type_: str, link_name: str, target: str = "", **options: str) -> dict[str, Any]:
    ends = {"recordLinkFieldId": link_name} | ({"fieldIdInLinkedTable": target} if target else {})
    return {"name": name, "type": type_, "options": ends | options}


NUMBER: dict[str, Any] = {"type": "number", "options": {"precision": 2}}
SHOP: dict[str, Any] = {
    "bases": [
        {
            "id": BASE,
            "name": "Shop",
            "tables": [
                {
                    "name": "Customers",
                    "fields": [
                        formula("Label", '{Name} & " (" & {Spent} & ")"'),
                        {"name": "Name", "type": "singleLineText"},
                        {"name": "Discount", **NUMBER},
                        link("Orders", "Orders", "Customer"),
                        through("Spent", "rollup", "Orders", "Total", formula="SUM(values)"),
                        through("Order count", "count", "Orders"),
                        formula("Changed", "LAST_MODIFIED_TIME()"),
                    ],
                },
                {
                    "name": "Orders",
                    "fields": [
                        {"name": "Code", "type": "singleLineText"},
                        link("Customer", "Customers", "Orders"),
                        link("Lines", "Lines", "Order"),
                        through("Total", "rollup", "Lines", "Amount", formula="SUM(values)"),
                        through("Discounts", "multipleLookupValues", "Customer", "Discount"),
                        formula("Net", "{Total} * (1 - SUM({Discounts}) / 100)"),
                        formula("Title", '{Code} & ": " & ARRAYJOIN({Customer})'),
                    ],
                },
                {
                    "name": "Lines",
                    "fields": [
                        {"name": "Item", "type": "singleLineText"},
                        {"name": "Price", **NUMBER},
                        {"name": "Quantity", **NUMBER},
                        link("Order", "Orders", "Lines"),
                        formula("Amount", "{Price} * {Quantity}"),
                        through("Titles", "multipleLookupValues", "Order", "Title"),
                        through("Buyers", "multipleLookupValues", "Order", "Customer"),
                        formula("For", 'UPPER(ARRAYJOIN({Buyers}, "+"))'),
                        link("Bundle", "Lines", "") | {"options": {"linkedTableId": "Lines"}},
                        through("Bundled", "rollup", "Bundle", "Amount", formula="MAX(values)"),
                    ],
                },
            ],
        }
    ]
}


@pytest.fixture
def document() -> dict[str, Any]:
    return SHOP


def create(http: Any, table: str, **fields: Any) -> str:
    answer = http.call("POST", f"{BASE}/{table}", json={"fields": fields})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def cells(http: Any, table: str, record_id: str) -> dict[str, Any]:
    found: dict[str, Any] = http.call("GET", f"{BASE}/{table}/{record_id}").json()["fields"]
    return found


def test_a_change_travels_through_links_lookups_rollups_and_formulas(http: Any) -> None:
    ada = create(http, "Customers", Name="Ada", Discount=10)
    order = create(http, "Orders", Code="O1", Customer=[ada])
    line = create(http, "Lines", Item="Pen", Price=2, Quantity=3, Order=[order])

    http.call("PATCH", f"{BASE}/Lines/{line}", json={"fields": {"Price": 4}})

    assert cells(http, "Customers", ada)["Label"] == "Ada (12)"
    assert cells(http, "Customers", ada)["Order count"] == 1
    assert cells(http, "Orders", order)["Net"] == pytest.approx(10.8)
    assert cells(http, "Orders", order)["Title"] == "O1: Ada (12)"
    assert cells(http, "Lines", line)["Titles"] == ["O1: Ada (12)"]
    assert cells(http, "Lines", line)["Buyers"] == [ada]
    assert cells(http, "Lines", line)["For"] == "ADA (12)"


def test_a_field_made_later_is_computed_for_the_records_that_exist(http: Any) -> None:
    line = create(http, "Lines", Item="Pen", Price=2, Quantity=3)
    field = {"name": "Twice", "type": "formula", "options": {"formula": "{Amount} * 2"}}

    made = http.call("POST", f"meta/bases/{BASE}/tables/Lines/fields", json=field).json()

    assert cells(http, "Lines", line)["Twice"] == 12
    assert made["options"]["isValid"] is True
    assert made["options"]["result"]["type"] == "number"
    assert made["options"]["formula"] == f"{{{made['options']['referencedFieldIds'][0]}}} * 2"


def test_a_renamed_field_stays_in_the_formulas_that_name_it(http: Any) -> None:
    line = create(http, "Lines", Item="Pen", Price=2, Quantity=3)
    tables = http.call("GET", f"meta/bases/{BASE}/tables").json()["tables"]
    price = next(field for field in tables[2]["fields"] if field["name"] == "Price")

    http.call("PATCH", f"meta/bases/{BASE}/tables/Lines/fields/{price['id']}", json={"name": "Unit price"})
    http.call("PATCH", f"{BASE}/Lines/{line}", json={"fields": {"Unit price": 5}})

    assert cells(http, "Lines", line)["Amount"] == 15


def test_a_changed_formula_is_computed_anew_with_what_follows(http: Any) -> None:
    order = create(http, "Orders", Code="O1")
    create(http, "Lines", Item="Pen", Price=2, Quantity=3, Order=[order])
    tables = http.call("GET", f"meta/bases/{BASE}/tables").json()["tables"]
    amount = next(field for field in tables[2]["fields"] if field["name"] == "Amount")
    options = {"options": {"formula": "{Price} + {Quantity}"}}

    http.call("PATCH", f"meta/bases/{BASE}/tables/Lines/fields/{amount['id']}", json=options)

    assert cells(http, "Orders", order)["Total"] == 5


def test_a_field_that_would_follow_from_itself_is_refused_by_name(http: Any) -> None:
    tables = http.call("GET", f"meta/bases/{BASE}/tables").json()["tables"]
    amount = next(field for field in tables[2]["fields"] if field["name"] == "Amount")
    options = {"options": {"formula": "VALUE({For})"}}

    answer = http.call("PATCH", f"meta/bases/{BASE}/tables/Lines/fields/{amount['id']}", json=options)

    assert answer.status_code == 422
    assert answer.json()["error"]["type"] == "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE"
    assert "circular" in answer.json()["error"]["message"]
    assert "Amount" in answer.json()["error"]["message"]
    again = http.call("GET", f"meta/bases/{BASE}/tables").json()["tables"]
    assert again == tables


def test_a_formula_of_the_clock_is_brought_up_to_date_when_it_is_read(http: Any, clock: Any) -> None:
    field = {"name": "Today", "type": "formula", "options": {"formula": "DATETIME_FORMAT(TODAY(), 'D')"}}
    http.call("POST", f"meta/bases/{BASE}/tables/Lines/fields", json=field)
    line = create(http, "Lines", Item="Pen")
    before = cells(http, "Lines", line)["Today"]

    clock.instant = clock.instant.replace(day=25)

    assert before == "23"
    assert cells(http, "Lines", line)["Today"] == "25"


def test_filters_see_links_by_name_and_computed_cells_by_value(http: Any) -> None:
    ada = create(http, "Customers", Name="Ada")
    create(http, "Orders", Code="O1", Customer=[ada])
    create(http, "Orders", Code="O2")
    asked = {"filterByFormula": "AND(FIND('Ada', {Customer}), {Net} = 0, RECORD_ID() != '')"}

    found = http.call("POST", f"{BASE}/Orders/listRecords", json=asked).json()["records"]

    assert [record["fields"]["Code"] for record in found] == ["O1"]


SOURCES = {
    "Customers": ("Name", "Discount", "Orders"),
    "Orders": ("Code", "Customer", "Lines"),
    "Lines": ("Item", "Price", "Quantity", "Order", "Bundle"),
}
LINKED = {"Orders": "Orders", "Customer": "Customers", "Lines": "Lines", "Order": "Orders", "Bundle": "Lines"}
TEXTS = st.sampled_from(["a", "B c", "é", ""])
NUMBERS = st.sampled_from([0, 1, 2.5, -3, 10])
VALUES = {
    "Name": TEXTS,
    "Code": TEXTS,
    "Item": TEXTS,
    "Discount": NUMBERS,
    "Price": NUMBERS,
    "Quantity": NUMBERS,
}


@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_edits_leave_what_computing_everything_anew_gives(
    data: st.DataObject, connect: Callable[[str], Any]
) -> None:
    with Store.open(":memory:") as store, Store.open(":memory:") as fresh:
        import_document(store, SHOP)
        with TwinServer(create_app(store, tokens=AnyToken())) as url:
            http = connect(url)
            records: dict[str, list[str]] = {table: [create(http, table)] for table in SOURCES}
            for _ in range(data.draw(st.integers(5, 25))):
                edit(data, http, records)
            http.close()

        import_document(fresh, export_document(store))

        assert everything(store) == everything(fresh)


def edit(data: st.DataObject, http: Any, records: dict[str, list[str]]) -> None:
    table = data.draw(st.sampled_from(sorted(SOURCES)))
    ids = records[table]
    match data.draw(st.sampled_from(["create", "update", "update", "update", "delete"])):
        case "create":
            ids.append(create(http, table, **some_cells(data, table, records)))
        case "delete" if ids:
            http.call("DELETE", f"{BASE}/{table}/{ids.pop(data.draw(st.integers(0, len(ids) - 1)))}")
        case "update" if ids:
            changed = {"fields": some_cells(data, table, records)}
            answer = http.call("PATCH", f"{BASE}/{table}/{data.draw(st.sampled_from(ids))}", json=changed)
            assert answer.status_code == 200, answer.text


def some_cells(data: st.DataObject, table: str, records: dict[str, list[str]]) -> dict[str, Any]:
    names = data.draw(st.lists(st.sampled_from(SOURCES[table]), unique=True, max_size=3))
    return {name: data.draw(some_value(name, records)) for name in names}


def some_value(name: str, records: dict[str, list[str]]) -> st.SearchStrategy[Any]:
    if name in LINKED:
        ids = records[LINKED[name]]
        return st.lists(st.sampled_from(ids), unique=True, max_size=3) if ids else st.just([])
    return VALUES[name]


def everything(store: Store) -> list[Any]:
    """All that the API shows of all records."""
    with TwinServer(create_app(store, tokens=AnyToken())) as url:
        headers = {"Authorization": "Bearer patTest"}
        return [
            requests.get(f"{url}/v0/{BASE}/{table}", headers=headers, timeout=10).json()["records"]
            for table in SOURCES
        ]
