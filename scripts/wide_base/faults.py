"""The faults of the wide base, a function a category; then links, and healthy columns to fill it up."""

import random
from itertools import pairwise
from typing import Any

from wide_base.base import ROWS, Fault, Table, WideBase
from wide_base.columns import (
    CITIES,
    ISO,
    KINDS,
    LAST,
    WHOLE,
    WORDS,
    Cell,
    amount,
    choice,
    day,
    person,
    pick,
    sentence,
)

FIELDS = 539


def _plant_structure(base: WideBase) -> None:
    wide = base.table("Assets")
    for number in range(30):
        name = f"{CITIES[number % 17]} {'Stock' if number < 17 else 'Price'}"
        wide.add(name, "number", amount(100, 900), base.dice, **WHOLE)
    base.fault("structure", "wide_table", "Assets")
    base.table("Surveys").rows.clear()
    base.fault("structure", "empty_table", "Surveys")
    first, second = base.table("Orders 2024"), base.table("Orders 2025")
    second.fields.clear()
    for one in first.fields:
        kind = next((kind for kind in KINDS if kind.name == one["name"]), None)
        cell = kind.cell if kind else lambda _, row: f"Order {row + 1:03}"
        for row in second.rows:
            row.pop(one["name"], None)
        second.add(one["name"], one["type"], cell, base.dice, **one.get("options", {}))
    for row in second.rows:
        known = {one["name"] for one in second.fields}
        for name in [name for name in row if name not in known]:
            del row[name]
    base.fault("structure", "parallel_tables", "Orders 2025")


def _plant_normalization(base: WideBase) -> None:
    invoices = base.table("Invoices")
    for number in range(1, 5):
        invoices.add(f"Item {number}", "singleLineText", sentence, base.dice)
    base.fault("normalization", "numbered_fields", "Invoices", "Item 1")
    topics = ["Art", "Biology", "Chess", "Dance", "Ethics", "French"]
    base.table("Courses").add(
        "Topics Covered",
        "singleLineText",
        lambda dice, _: ", ".join(dice.sample(topics, dice.randint(2, 4))),
        base.dice,
    )
    base.fault("normalization", "list_in_text", "Courses", "Topics Covered")
    makers = [f"{last} Works" for last in LAST]
    products = base.table("Products")
    products.add("Maker", "singleLineText", lambda dice, _: dice.choice(makers), base.dice)
    mails = {maker: f"office@{maker.split()[0].lower()}.example" for maker in makers}
    products.add("Maker Mail", "email", lambda _, row: mails[products.rows[row]["Maker"]], base.dice)
    base.fault("normalization", "repeated_facts", "Products", "Maker Mail")


def _plant_field_types(base: WideBase) -> None:
    cells: dict[str, tuple[str, Cell]] = {
        "Load Limit": ("Vehicles", lambda dice, _: str(dice.randint(500, 9000))),
        "Day Of Hire": ("Employees", day),
        "Second Mail": ("Speakers", lambda _, row: f"speaker{row}@example.org"),
    }
    for name, (table, cell) in cells.items():
        base.table(table).add(name, "singleLineText", cell, base.dice)
        base.fault("field_types", "stricter_type", table, name)
    base.table("Shipments").add(
        "Carrier", "singleLineText", pick("Courier", "Post", "Pickup", "Rail"), base.dice
    )
    base.fault("field_types", "choices_in_text", "Shipments", "Carrier")
    cell, options = choice("Yes", "No")
    base.table("Vehicles").add("Insured", "singleSelect", cell, base.dice, **options)
    base.fault("field_types", "yes_or_no", "Vehicles", "Insured")


def _plant_relationships(base: WideBase) -> None:
    base.table("Tasks").add(
        "For Project", "singleLineText", lambda dice, _: f"Project {dice.randint(1, ROWS):03}", base.dice
    )
    base.fault("relationships", "text_instead_of_link", "Tasks", "For Project")
    base.link(base.table("Events"), base.table("Vehicles"), "Spare Vehicle", filled=False)
    base.fault("relationships", "unused_link", "Events", "Spare Vehicle")
    base.fault("relationships", "unused_link", "Vehicles", "Events")
    base.fault("relationships", "isolated_table", "Incidents")


def _plant_performance(base: WideBase) -> None:
    deals = base.table("Deals")
    for number in range(13):
        formula = f'{{Name}} & " {WORDS[number]}"'
        deals.add(f"{WORDS[number].capitalize()} Label", "formula", None, base.dice, formula=formula)
    base.fault("performance", "many_computed", "Deals")
    _chain(base, ["Returns", "Projects", "Departments", "Offices"])
    base.fault("performance", "lookup_chain", "Returns", "Office Key")
    events = base.table("Events")
    for name, unit in (("Age In Days", "days"), ("Age In Weeks", "weeks"), ("Age In Hours", "hours")):
        formula = f"DATETIME_DIFF(NOW(), CREATED_TIME(), '{unit}')"
        events.add(name, "formula", None, base.dice, formula=formula)
    base.fault("performance", "many_clocks", "Events")
    base.table("Articles").add(
        "Whole Text",
        "multilineText",
        lambda dice, _: " ".join(dice.choices(WORDS, k=1100)),
        base.dice,
    )
    base.fault("performance", "heavy_text", "Articles", "Whole Text")
    base.table("Contacts").views = 28
    base.fault("performance", "many_views", "Contacts")


def _chain(base: WideBase, names: list[str]) -> None:
    """A key of the last table, looked up by each table from the next one."""
    last = base.table(names[-1])
    key = last.add("Office Key", "singleLineText", lambda _, row: f"K{row:04}Z", base.dice)
    for here, there in reversed(list(pairwise(names))):
        table = base.table(here)
        link = base.link(table, base.table(there), f"Own {there.removesuffix('s')}")
        key = table.add(
            "Office Key",
            "multipleLookupValues",
            None,
            base.dice,
            recordLinkFieldId=link,
            fieldIdInLinkedTable=key,
        )


def _plant_data_quality(base: WideBase) -> None:
    planted: tuple[tuple[str, str, str, str, Cell], ...] = (
        (
            "hardly_filled",
            "Customers",
            "Fax Line",
            "phoneNumber",
            lambda _, row: "+49 30 1" if row < 3 else None,
        ),
        ("constant", "Licences", "Legal Form", "singleLineText", lambda _, __: "Private limited company"),
        ("spelling_variants", "Warehouses", "Hall Keeper", "singleLineText", _spelled),
        ("blank_text", "Returns", "Return Reason", "singleLineText", _sometimes("   ", person)),
        ("invalid_text", "Students", "Parent Mail", "email", _sometimes("ask the office", _mail)),
        ("outliers", "Payments", "Fee Paid", "number", _sometimes(90_000, amount(20, 60))),
        ("far_dates", "Contracts", "Signed On", "date", _sometimes("1326-03-04", day)),
    )
    options = {"number": WHOLE, "date": ISO}
    for issue, table, name, type, cell in planted:
        base.table(table).add(name, type, cell, base.dice, **options.get(type, {}))
        base.fault("data_quality", issue, table, name)
    base.table("Quotes").add("Margin Rate", "formula", None, base.dice, formula="1 / 0")
    base.fault("data_quality", "error_values", "Quotes", "Margin Rate")


def _spelled(dice: random.Random, row: int) -> str:
    name = person(dice, row)
    return ("anna berg" if row % 2 else "Anna Berg") if row < 4 else name


def _mail(_: random.Random, row: int) -> str:
    return f"parent{row}@example.net"


def _sometimes(odd: Any, else_: Cell) -> Cell:
    return lambda dice, row: odd if row in (7, 31) else else_(dice, row)


def _plant_naming(base: WideBase) -> None:
    base.table("Campaigns").add("Field 9", "number", amount(1, 9), base.dice, **WHOLE)
    base.fault("naming_conventions", "left_over_name", "Campaigns", "Field 9")
    base.table("Expenses").add("Cost  Centre", "number", amount(10, 99), base.dice, **WHOLE)
    base.fault("naming_conventions", "stray_space", "Expenses", "Cost  Centre")
    companies = base.table("Companies")
    companies.add("Tax Number", "number", amount(1000, 9999), base.dice, **WHOLE)
    companies.add("TaxNumber", "number", amount(1000, 9999), base.dice, **WHOLE)
    base.fault("naming_conventions", "alike_names", "Companies", "TaxNumber")
    base.fault("naming_conventions", "other_style", "Companies", "TaxNumber")
    for name in ("Unit Price", "Batch Size", "Shelf Life", "Safety Stock"):
        companies.add(name, "number", amount(10, 99), base.dice, **WHOLE)


def _plant_indexing(base: WideBase) -> None:
    _rename(base.table("Departments"), lambda dice, _: f"Team {dice.randint(1, 30)}", base.dice)
    base.fault("indexing", "primary_repeats", "Departments", "Name")
    _rename(base.table("Speakers"), lambda _, row: None if row % 6 == 0 else f"Speaker {row}", base.dice)
    base.fault("indexing", "primary_empty", "Speakers", "Name")
    _rename(base.table("Incidents"), lambda dice, _: " ".join(dice.choices(WORDS, k=60)), base.dice)
    base.fault("indexing", "primary_is_prose", "Incidents", "Name")


def _rename(table: Table, cell: Cell, dice: random.Random) -> None:
    for number, row in enumerate(table.rows):
        row.pop("Name", None)
        if (name := cell(dice, number)) is not None:
            row["Name"] = name


def _connect(base: WideBase) -> None:
    """Link each table to the one after it, but for one."""
    tables = [table for table in base.tables if table.name not in ("Incidents", "Surveys")]
    for here, there in pairwise(tables):
        if (here.name, there.name) != ("Orders 2024", "Orders 2025"):
            base.link(here, there, f"{there.name.removesuffix('s')} Link")
    base.link(base.table("Orders 2025"), base.table("Customers"), "Customer Link")
    base.link(base.table("Orders 2024"), base.table("Customers"), "Customer Link")
    base.link(base.table("Surveys"), base.table("Customers"), "Customer Link")


def _fill_up(base: WideBase) -> None:
    """More healthy columns until the base has as many fields as it shall; a link counts on both sides."""
    reversed_links = sum(
        one["type"] == "multipleRecordLinks" for table in base.tables for one in table.fields
    )
    missing = FIELDS - reversed_links - sum(len(table.fields) for table in base.tables)
    small = [table for table in base.tables if len(table.fields) < 18 and "Orders" not in table.name]
    for number in range(missing):
        table = small[number % len(small)]
        known = {one["name"] for one in table.fields}
        kind = next(kind for kind in KINDS if kind.name not in known)
        table.add(kind.name, kind.type, kind.cell, base.dice, **kind.options)


PLANTERS = (
    _plant_structure,
    _plant_normalization,
    _plant_field_types,
    _plant_relationships,
    _plant_performance,
    _plant_data_quality,
    _plant_naming,
    _plant_indexing,
    _connect,
    _fill_up,
)


def make(seed: int = 1) -> tuple[dict[str, Any], list[Fault]]:
    """The import document, and every fault that was planted: (category, issue, table, field)."""
    base = WideBase(seed)
    for plant in PLANTERS:
        plant(base)
    return base.document(), base.faults
