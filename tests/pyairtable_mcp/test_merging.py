"""A dry run of an upsert says what the upsert then does, for every type that records are merged on."""

from dataclasses import replace
from typing import Any

import pytest

from airtable_gateway import InvalidFormula
from local_twins.airtable import import_document
from pyairtable_mcp import Caps

TABLE = {
    "id": "tblMerged00000001",
    "name": "Merged",
    "primaryFieldId": "fldMergedText0001",
    "fields": [
        {"id": "fldMergedText0001", "name": "Text", "type": "singleLineText"},
        {"id": "fldMergedLong0001", "name": "Long", "type": "multilineText"},
        {"id": "fldMergedRich0001", "name": "Rich", "type": "richText"},
        {"id": "fldMergedNumb0001", "name": "Number", "type": "number", "options": {"precision": 2}},
        {
            "id": "fldMergedSele0001",
            "name": "Select",
            "type": "singleSelect",
            "options": {"choices": [{"name": "One"}, {"name": "one"}, {"name": "Two"}]},
        },
        {
            "id": "fldMergedMany0001",
            "name": "Many",
            "type": "multipleSelects",
            "options": {"choices": [{"name": "A"}, {"name": "B"}]},
        },
        {
            "id": "fldMergedDate0001",
            "name": "Date",
            "type": "date",
            "options": {"dateFormat": {"name": "iso", "format": "YYYY-MM-DD"}},
        },
        {
            "id": "fldMergedTime0001",
            "name": "Time",
            "type": "dateTime",
            "options": {
                "timeZone": "Europe/Berlin",
                "dateFormat": {"name": "iso", "format": "YYYY-MM-DD"},
                "timeFormat": {"name": "24hour", "format": "HH:mm"},
            },
        },
        {
            "id": "fldMergedDone0001",
            "name": "Done",
            "type": "checkbox",
            "options": {"icon": "check", "color": "greenBright"},
        },
        {"id": "fldMergedMail0001", "name": "Mail", "type": "email"},
        {"id": "fldMergedNote0001", "name": "Note", "type": "singleLineText"},
    ],
    "views": [{"id": "viwMerged00000001", "name": "Grid view", "type": "grid"}],
}

CASES: dict[str, tuple[list[Any], list[Any]]] = {
    # merge field: what the records have, what the rows give
    "Text": (
        ["Ann", "ann", "1", "twice", "twice", " ann", None],
        ["Ann", "ANN", "1", "twice", " ann ", None],
    ),
    "Text typecast": (["Ann", "1", "1.5", "true"], ["Ann", 1, 1.5, True, None]),
    "Long": (["a\nb", "a", "a\n"], ["a\nb", "a", "a b", ""]),
    "Rich": (["**a**", "b"], ["**a**\n", "b", "c\n"]),
    "Number": ([1, 1.5, 0, -2, 3, 3.0, None, None], [1.0, 1.5, 0, 2, 3, None]),
    "Number typecast": ([1, 1234.5], ["1", "1,234.50", "$7", "words"]),
    "Select": (["One", "one", "Two", "Two"], ["One", "one", "Two", None]),
    "Select typecast": (["One"], ["One", "Three", "TWO"]),
    "Many": ([["A", "B"], ["A"], ["B", "A"]], [["A"], ["B", "A"], ["B"], []]),
    "Many typecast": ([["A", "B"], ["A"]], ["A, B", "A", "C"]),
    "Date": (["2026-01-05", "2026-02-01", "2026-02-01"], ["2026-01-05", "2026-02-01", "2026-03-01", None]),
    "Date typecast": (["2026-01-05"], ["2026-1-5", "March 1, 2026"]),
    "Time": (
        ["2026-01-05T10:00:00.000Z", "2026-07-01T12:30:00.000Z", "2026-03-05T10:00:00.000Z"],
        ["2026-01-05T10:00:00Z", "2026-07-01T14:30:00+02:00", "2026-03-05T11:00:00", None],
    ),
    "Done": ([True], [True, False]),
    "Mail": (["a@b.c"], ["a@b.c"]),
}


class Unfiltered:
    """An Airtable that takes no filter."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        return getattr(self._inner, name)

    async def page(self, base, table, query, **how):
        """The page, if it is one of the whole table."""
        if query.filter_by_formula:
            raise InvalidFormula("The formula is refused.")
        return await self._inner.page(base, table, query, **how)


@pytest.fixture
def merged(store, call):
    """Calls a tool on the table of these cases; it holds the given cells of one field."""

    def filled(field, values):
        records = [
            {"id": f"recMerged{number:08}", "fields": {} if value is None else {field: value}}
            for number, value in enumerate(values)
        ]
        base = {"id": "appMerged00000001", "name": "Merging", "tables": [TABLE]}
        import_document(store, {"users": [], "bases": [base | {"records": {TABLE["id"]: records}}]})

        async def ask(tool, caller=call, **arguments):
            return await caller(tool, table="Merged", base_id="Merging", **arguments)

        return ask

    return filled


def fates(answer):
    """What becomes of each row: the id of the record that it meets, "created" or "failed"."""
    told = {row["index"]: "failed" for row in answer.get("errors", ())}
    for row in answer.get("differences", ()):
        told[row["index"]] = row.get("id", "created")
    for row in answer.get("records", ()):
        told[row["index"]] = "created" if row["created"] else row["id"]
    return told


@pytest.mark.parametrize("case", CASES)
async def test_a_dry_run_says_what_the_upsert_then_does(merged, case):
    field, _, typecast = case.partition(" ")
    values, given = CASES[case]
    ask = merged(field, values)
    rows = [{field: value, "Note": "new"} for value in given]
    arguments = {"records": rows, "merge_on": [field], "typecast": bool(typecast)}

    shown = await ask("upsert_records", **arguments, dry_run=True)
    done = await ask("upsert_records", **arguments)

    assert sorted(fates(shown)) == list(range(len(rows)))
    assert fates(shown) == fates(done), done


@pytest.mark.parametrize(
    ("field", "value", "other"),
    [
        ("Text", 'say "a, b" {c} \\ d', "say"),
        ("Text", "🦊 x" * 300, "🦊 x" * 301),
        ("Long", "a\nb", "a"),
        ("Number", -1e-7, 0),
        ("Number", 1234567.25, 1234567),
        ("Select", "One", "one"),
        ("Many", ["A", "B"], ["A"]),
        ("Date", "2026-01-05", "2026-01-06"),
        ("Time", "2026-01-05T10:00:00.001Z", "2026-01-05T10:00:00.000Z"),
    ],
)
async def test_a_few_rows_are_looked_up_in_a_table_of_any_size(merged, call, field, value, other):
    ask = merged(field, [value, *[other] * 5])
    narrow = call.on(replace(call.context, caps=Caps(read=2)))

    shown = await ask("upsert_records", narrow, records=[{field: value}], merge_on=[field], dry_run=True)

    assert fates(shown) == {0: "recMerged00000000"}


async def test_a_filter_that_airtable_refuses_leaves_the_whole_table_to_be_read(merged, call):
    ask = merged("Text", ["a", "b"])
    strict = call.on(replace(call.context, gateway=Unfiltered(call.context.gateway)))

    shown = await ask("upsert_records", strict, records=[{"Text": "b"}], merge_on=["Text"], dry_run=True)

    assert fates(shown) == {0: "recMerged00000001"}


@pytest.mark.parametrize("more", [0, 3, 76])
async def test_any_number_of_rows_meets_its_records(merged, more):
    ask = merged("Text", [f"name {number}" for number in range(25 + more)])
    rows = [{"Text": f"name {number}", "Note": "new"} for number in range(5, 30 + more)]

    shown = await ask("upsert_records", records=rows, merge_on=["Text"], dry_run=True)

    assert shown["message"] == f"5 to create, {20 + more} to update"


async def test_records_that_are_the_same_are_named_with_the_way_on(merged):
    ask = merged("Text", ["twice", "twice", "once"])

    shown = await ask(
        "upsert_records", records=[{"Text": "twice"}, {"Text": "once"}], merge_on=["Text"], dry_run=True
    )

    assert shown["message"] == "0 to create, 1 to update, 1 not: see errors"
    [error] = shown["errors"]
    assert 'the same in "Text": "recMerged00000000", "recMerged00000001"' in error["error"]
    assert "merge_on" in error["error"]


async def test_a_field_that_airtable_does_not_merge_on_is_named(merged):
    ask = merged("Done", [True])

    shown = await ask("upsert_records", records=[{"Done": True}], merge_on=["Done"], dry_run=True)

    assert "'Done' is a checkbox field" in shown["errors"][0]["error"]


@pytest.mark.parametrize(
    ("field", "typecast", "one", "other"),
    [
        ("Number", True, 7, " 7 "),
        ("Text", True, "1", 1),
        ("Time", False, "2026-01-05T10:00:00Z", "2026-01-05T11:00:00+01:00"),
        ("Date", True, "2026-01-05", "January 5, 2026"),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
async def test_rows_that_are_kept_as_the_same_are_refused(merged, call, field, typecast, one, other, dry_run):
    ask = merged(field, [])

    text = await call.refused(
        "upsert_records",
        table="Merged",
        base_id="Merging",
        records=[{field: one}, {field: other}],
        merge_on=[field, field.lower()],
        typecast=typecast,
        dry_run=dry_run,
    )

    assert "records[0] and records[1] are the same in merge_on" in text
    assert (await ask("get_records"))["total"] == 0


async def test_rows_are_taken_as_airtable_wraps_them(merged):
    ask = merged("Text", ["a"])

    done = await ask("upsert_records", records=[{"fields": {"Text": "a", "Note": "n"}}], merge_on=["Text"])

    assert fates(done) == {0: "recMerged00000000"}


async def test_two_merge_fields_are_compared_together(merged):
    ask = merged("Text", ["a", "b"])
    rows = [{"Text": "a", "Number": None}, {"Text": "a", "Number": 1}]

    shown = await ask("upsert_records", records=rows, merge_on=["Text", "Number"], dry_run=True)
    done = await ask("upsert_records", records=rows, merge_on=["Text", "Number"])

    assert fates(shown) == fates(done) == {0: "recMerged00000000", 1: "created"}
