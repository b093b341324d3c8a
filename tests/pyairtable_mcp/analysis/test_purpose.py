"""What a table is for, and its row in the metadata table."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import fields
from airtable_gateway import BaseSchema, FieldSchema, TableSchema, ViewSchema
from pyairtable_mcp.analysis import purpose

LINES = (Path(__file__).parent / "cases" / "purposes.txt").read_text(encoding="utf-8").splitlines()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_field(told, **options):
    name, _, type = told.partition(":")
    return FieldSchema(f"fld{name}", name, type or "singleLineText", options=options)


def a_table(name, *told, **extra):
    members = tuple(field if isinstance(field, FieldSchema) else a_field(field) for field in told)
    return TableSchema(f"tbl{name}", name, members[0].id, members, **extra)


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith("#")])
def test_a_purpose_is_guessed_from_the_tables_name_then_from_its_fields(line):
    name, told, expected, words = (part.strip() for part in line.split("|"))

    guess = purpose.guess(a_table(name, *told.split(", ")))

    assert guess.purpose == expected
    assert ", ".join(guess.words) == words


def test_a_row_says_all_about_its_table():
    airlines = a_table("Airlines", "Name")
    link = a_field("Airline:multipleRecordLinks", linkedTableId=airlines.id)
    again = a_field("Partner:multipleRecordLinks", linkedTableId=airlines.id)
    elsewhere = a_field("Hidden:multipleRecordLinks", linkedTableId="tblHidden")
    views = (ViewSchema("viw1", "Grid", "grid"),)
    flights = a_table("Flights", "Code", link, again, elsewhere, views=views, description="All of 2013")
    base = BaseSchema("app1", "NYC", (flights, airlines))

    row, bare = purpose.metadata_rows(base, analysed_at=NOON, record_counts={flights.id: 12})

    assert row.to_json() == {
        "Table Name": "Flights",
        "Table ID": "tblFlights",
        "Description": "All of 2013",
        "Field Count": 4,
        "View Count": 1,
        "Field Types": "multipleRecordLinks: 3, singleLineText: 1",
        "Primary Field": "Code",
        "Linked Tables": "Airlines, tblHidden",
        "Record Count": 12,
        "Purpose": "Event/Schedule",
        "Analysis Date": "2026-11-23T12:00:00.000Z",
    }
    assert bare.to_json().keys().isdisjoint({"Description", "Linked Tables", "Record Count"})


def test_the_metadata_tables_fields_are_what_airtable_can_create():
    members = purpose.metadata_fields()

    problems = [fields.check_options(field["type"], field.get("options")).problems for field in members]

    assert problems == [()] * len(members)
    assert fields.FIELD_TYPES[members[0]["type"]].can_be_primary


def test_a_row_fits_the_metadata_table():
    table = a_table("Tasks", "Name", description="d")
    row = purpose.metadata_rows(
        BaseSchema("app1", "B", (table,)), analysed_at=NOON, record_counts={table.id: 0}
    )
    cells = row[0].to_json()

    checked = {
        field["name"]: fields.check(field["type"], cells.get(field["name"]), field.get("options")).problems
        for field in purpose.metadata_fields()
    }

    assert cells.keys() <= checked.keys()
    assert set(checked.values()) == {()}
    assert cells["Record Count"] == 0


def test_the_summary_counts_tables_by_purpose():
    base = BaseSchema("app1", "B", (a_table("Tasks", "A", "B"), a_table("Projects", "C"), a_table("X", "D")))

    told = purpose.summary(purpose.metadata_rows(base, analysed_at=NOON))

    assert json.loads(json.dumps(told)) == {
        "total_tables_analyzed": 3,
        "total_fields": 4,
        "table_types": {"Project/Task": 2, "General Data Storage": 1},
    }
