"""Searching more fields, or for a longer text, than one of Airtable's filters can hold."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.pyairtable_mcp.conftest import WORK

from airtable_gateway import RecordQuery
from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document
from pyairtable_mcp.reading.searching import search

WIDE: dict[str, Any] = {
    "id": "tblWide0000000001",
    "name": "Wide",
    "primaryFieldId": "fldWide0000000000",
    "fields": [
        *(
            {
                "id": f"fldWide{index:010}",
                "name": f"Column {index}" if index else "Name",
                "type": "singleLineText",
            }
            for index in range(500)
        ),
        {
            "id": "fldPerson00000001",
            "name": "Person",
            "type": "multipleRecordLinks",
            "options": {"linkedTableId": "tblPeople00000001"},
        },
    ],
    "views": [],
}
ROWS = [
    {"Name": "first", "Column 499": 'Needle "\\ here'},
    {"Name": "second", "Column 3": "z" * 900},
    {"Name": "third", "Person": ["recAda00000000001"]},
    {"Name": "fourth", "Column 250": "NEEDLE"},
    {"Name": "fifth"},
]
BASE: dict[str, Any] = {
    **WORK,
    "tables": [*WORK["tables"], WIDE],
    "records": {**WORK["records"], WIDE["id"]: [{"fields": row} for row in ROWS]},
}


@pytest.fixture(scope="module")
def airtable() -> Iterator[str]:
    """The address of a local Airtable with a table of 500 text fields and one link; nobody writes to it."""
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": [BASE]})
        with TwinServer(create_app(store, tokens=AnyToken())) as url:
            yield url


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("needle", ["first", "fourth"]),
        ('needle "\\', ["first"]),
        ("Z" * 900, ["second"]),
        ("o'brien", ["third"]),
        ("nobody", []),
        ("fi", ["first", "fifth"]),
    ],
)
async def test_every_field_of_a_wide_table_is_searched(call, text, names):
    answer = await call("search_records", table="Wide", query=text)

    assert [record["fields"]["Name"] for record in answer["records"]] == names
    assert answer["total"] == len(names)


async def test_what_is_sifted_here_goes_on_with_its_cursor(call):
    first = await call("search_records", table="Wide", query="needle", max_records=1)
    second = await call("search_records", table="Wide", query="needle", max_records=1, cursor=first["cursor"])
    other = await call.refused("search_records", table="Wide", query="noodle", cursor=first["cursor"])

    assert [found["records"][0]["fields"]["Name"] for found in (first, second)] == ["first", "fourth"]
    assert "belongs to another list" in other


@pytest.mark.parametrize("text", ["ada", "task 1", "done", "7.5", 'b" \\', "nothing of this"])
async def test_both_ways_of_searching_find_the_same(call, context, text):
    schema = await context.gateway.schema("Work")
    table = schema.table("Tasks")
    searched = [field for field in table.fields if field.type != "number"]
    everything = (await context.gateway.page("Work", "Tasks", RecordQuery())).records

    by_airtable = await call("search_records", query=text, max_records=100)
    sieve = search(context, schema, table, text, searched * 30).keeps
    assert sieve is not None
    kept = await sieve(everything)

    found = [record.id for record, is_kept in zip(everything, kept, strict=True) if is_kept]
    assert found == [record["id"] for record in by_airtable["records"]]
