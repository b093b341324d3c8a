"""A table as CSV."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airtable_gateway import FieldNotFound, FieldSchema, Record, TableSchema
from pyairtable_mcp.analysis import csv_export
from pyairtable_mcp.analysis.csv_export import GuardedCell

GUARDS = (Path(__file__).parent / "cases" / "guards.txt").read_text(encoding="utf-8").splitlines()
PRODUCTS = TableSchema(
    "tbl1",
    "Products",
    "fld1",
    (
        FieldSchema("fld1", "Name", "singleLineText"),
        FieldSchema("fld2", "Price", "number"),
        FieldSchema("fld3", "Sold out", "checkbox"),
    ),
)


def a_record(id="rec1", **fields):
    return Record(id, "2026-01-01T00:00:00.000Z", fields)


def rows_of(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_every_field_of_the_table_is_a_column_even_if_the_first_record_lacks_it():
    records = [a_record("rec1", Name="Pen"), a_record("rec2", Price=2.50, **{"Sold out": True})]

    exported = csv_export.export(PRODUCTS, records)

    assert exported.text == (
        "Record ID,Name,Price,Sold out,Created Time\r\n"
        "rec1,Pen,,false,2026-01-01T00:00:00.000Z\r\n"
        "rec2,,2.5,true,2026-01-01T00:00:00.000Z\r\n"
    )
    assert exported.row_count == 2


def test_named_fields_are_the_columns_in_the_order_of_their_naming():
    exported = csv_export.export(PRODUCTS, [a_record(Name="Pen", Price=1)], ["fld2", "name"])

    assert rows_of(exported.text)[0] == ["Record ID", "Price", "Name", "Created Time"]
    assert exported.fields == ("Price", "Name")


def test_an_unknown_field_is_refused():
    with pytest.raises(FieldNotFound):
        csv_export.export(PRODUCTS, [], ["Prize"])


@pytest.mark.parametrize("line", [line for line in GUARDS if not line.startswith("#")])
def test_a_text_that_a_spreadsheet_would_run_is_guarded(line):
    text, expected = (json.loads(part) for part in line.split("|"))

    exported = csv_export.export(PRODUCTS, [a_record(Name=text)], ["Name"])

    assert rows_of(exported.text)[1][1] == expected
    assert exported.guarded == ((GuardedCell("rec1", "Name"),) if text != expected else ())


def test_a_negative_number_is_not_guarded_and_a_heading_is():
    field = FieldSchema("fld1", "=Total", "number")
    table = TableSchema("tbl1", "Sums", "fld1", (field,))

    exported = csv_export.export(table, [a_record(**{"=Total": -5})])

    assert [row[1] for row in rows_of(exported.text)] == ["'=Total", "-5"]
    assert exported.guarded == (GuardedCell("", "=Total"),)


def test_a_list_is_guarded_by_its_first_character():
    exported = csv_export.export(PRODUCTS, [a_record(Name=["=1", "b"])], ["Name"])

    assert rows_of(exported.text)[1][1] == "'=1, b"


def test_the_preview_is_the_heading_and_five_records_though_they_hold_line_breaks():
    exported = csv_export.export(PRODUCTS, [a_record(f"rec{n}", Name="a\r\nb") for n in range(7)])

    assert [row[0] for row in rows_of(exported.preview)] == ["Record ID", *(f"rec{n}" for n in range(5))]


def test_the_answer_is_plain_json_with_the_documented_keys():
    exported = csv_export.export(PRODUCTS, [a_record(Name="@x")])

    told = json.loads(json.dumps(exported.to_json()))

    assert told["fields_exported"] == ["Name", "Price", "Sold out"]
    assert told["record_count"] == 1
    assert told["guarded_cells"] == [{"record_id": "rec1", "field": "Name"}]
    assert told["csv_preview"] == told["full_csv_data"] == exported.text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=5))
def test_what_is_written_reads_back_but_for_the_guards(texts):
    exported = csv_export.export(PRODUCTS, [a_record(Name=text) for text in texts], ["Name"])

    read = [row[1] for row in rows_of(exported.text)[1:]]

    assert read == [csv_export.guarded(text) for text in texts]
