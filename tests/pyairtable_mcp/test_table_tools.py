"""The tools that look at a whole table or base."""

import csv
import io
import json
import re
from pathlib import Path


async def test_list_tables_names_every_field_and_its_type(call):
    answer = await call("list_tables", table=None, table_id=None)

    tasks = answer["tables"][1]
    assert answer["base_id"] == "appWork0000000001"
    assert answer["base_name"] == "Work"
    assert tasks["field_count"] == 7
    assert next(iter(tasks["fields"])) == "Name"
    assert "primary_field" not in tasks
    assert tasks["fields"]["Owner"] == "multipleRecordLinks"
    assert tasks["description"] == "What is to be done"


async def test_get_field_info_shows_formulas_with_names_and_where_links_lead(call):
    answer = await call("get_field_info")

    fields = {field["name"]: field for field in answer["fields"]}
    assert fields["Status"]["choices"] == ["Todo", "Doing", "Done"]
    assert fields["Double"]["formula"] == "{Hours} * 2"
    assert not fields["Double"]["writable"]
    assert fields["Owner"]["linked_table"] == "People"
    assert fields["Hours"]["options"] == {"precision": 1}
    assert [field["is_primary"] for field in answer["fields"]] == [True] + [False] * 6


async def test_analyze_table_data_looks_at_as_many_records_as_it_is_told(call):
    some = await call("analyze_table_data", sample_size=10)
    chosen = await call("analyze_table_data", fields=["Hours"])

    assert some["analysis_summary"]["records_analyzed"] == 10
    assert "raise sample_size" in some["note"]
    assert list(chosen["field_analysis"]) == ["Hours"]
    assert chosen["field_analysis"]["Hours"]["max"] == 15


async def test_analyze_table_data_reports_errors_and_empty_fields_with_evidence(call):
    answer = await call("analyze_table_data")

    found = {(finding["code"], finding["field"]) for finding in answer["data_quality_insights"]}
    fields = {field for _, field in found}
    assert "Broken" in fields
    assert "Notes }{ odd" in fields


async def test_find_duplicates_groups_equal_and_similar_records(call):
    await call(
        "batch_create_records", table="People", records=[{"Name": " ADA  o'brien"}, {"Name": "Ada OBrien"}]
    )

    exact = await call("find_duplicates", table="People", fields=["Name"])
    fuzzy = await call("find_duplicates", table="People", fields=["fldPersonName0001"], threshold=0.85)

    assert exact["duplicate_groups_found"] == 1
    assert exact["total_duplicate_records"] == 2
    assert fuzzy["total_duplicate_records"] == 3
    assert exact["duplicate_check_fields"] == ["Name"]


async def test_find_duplicates_takes_list_values(call):
    answer = await call("find_duplicates", fields=["Owner", "Status"])

    assert answer["duplicate_groups_found"] == 6
    assert answer["total_duplicate_records"] == 30


async def test_export_has_the_schemas_columns_and_guards_formulas(call):
    await call("create_record", fields={"Name": "=1+1", "Hours": -5})

    answer = await call("export_table_csv", fields=["Name", "Notes }{ odd", "Hours"])

    rows = list(csv.reader(io.StringIO(answer["full_csv_data"])))
    assert rows[0] == ["Record ID", "Name", "Notes }{ odd", "Hours", "Created Time"]
    assert rows[-1][1] == "'=1+1"
    assert rows[-1][3] == "-5"
    assert answer["guarded_cells"] == 1
    assert answer["record_count"] == 31


async def test_a_large_export_goes_to_a_file(call):
    answer = await call.with_budget(300)("export_table_csv")

    assert "full_csv_data" not in answer
    text = Path(answer["file"]).read_bytes().decode()
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == 31


async def test_a_metadata_table_is_made_updated_and_mended(call):
    first = await call("create_metadata_table", table_id=None)
    second = await call("create_metadata_table", table_id=None)

    rows = await call("get_records", table="Table Metadata")
    tasks = next(row["fields"] for row in rows["records"] if row["fields"]["Table Name"] == "Tasks")
    assert (first["records_created"], first["records_updated"], first["table_created"]) == (2, 0, True)
    assert (second["records_created"], second["records_updated"], second["table_created"]) == (0, 2, False)
    assert rows["total"] == 2
    assert tasks["Primary Field"] == "Name"
    assert tasks["Linked Tables"] == "People"
    assert tasks["Field Count"] == 7
    assert tasks["Analysis Date"] == "2026-11-23T12:00:00.000Z"


async def test_a_metadata_table_is_never_written_into_somebodys_own_table(call):
    for name in ("People", "people", "tblPeople00000001"):
        text = await call.refused("create_metadata_table", table_id=None, table_name=name)
        assert "'People' is no metadata table: it lacks 'Table Name' and 'Table ID'" in text

    people = await call("get_field_info", table="People")
    assert [field["name"] for field in people["fields"]] == ["Name", "Tasks"]
    assert (await call("get_records", table="People"))["total"] == 2


async def test_a_metadata_table_that_lost_a_column_gets_it_back(call):
    await call.context.gateway.create_table(
        "Work", "About", [{"name": name, "type": "singleLineText"} for name in ("Table Name", "Table ID")]
    )

    answer = await call("create_metadata_table", table_id=None, table_name="about")

    assert (answer["table_created"], answer["records_created"]) == (False, 2)
    assert (await call("get_records", table="About"))["records"][0]["fields"]["Field Count"]


async def test_sync_creates_updates_and_deletes_only_when_told(call):
    await call("batch_create_records", table="People", records=[{"Name": "Task 1"}, {"Name": "Task 2"}])
    sync = {
        "base_id": None,
        "table_id": None,
        "source_base_id": "Work",
        "source_table_id": "Tasks",
        "target_base_id": "appWork0000000001",
        "target_table_id": "People",
        "key_field": "Name",
    }

    planned = await call("sync_tables", **sync)
    untouched = await call("get_records", table="People")
    applied = await call.agreed("sync_tables", **sync, dry_run=False, delete_missing=True)
    after = await call("get_records", table="People")

    assert planned["sync_summary"] == {
        "source_records": 30,
        "target_records": 4,
        "records_to_create": 28,
        "records_to_update": 0,
        "records_to_delete": 0,
        "records_unchanged": 2,
    }
    assert planned["changes"]["delete"] == []
    assert len(planned["only_in_target"]) == 2
    assert untouched["total"] == 4
    assert applied["applied"] == {"created": 28, "updated": 0, "deleted": 2}
    assert applied["errors"] == []
    assert after["total"] == 30


async def test_sync_reports_doubled_keys_and_leaves_them_alone(call):
    await call("batch_create_records", table="People", records=[{"Name": "Task 1"}, {"Name": "Task 1"}])

    answer = await call(
        "sync_tables",
        base_id=None,
        table_id=None,
        source_base_id="Work",
        source_table_id="Tasks",
        target_base_id="Work",
        target_table_id="People",
        key_field="Name",
        dry_run=False,
    )

    assert [duplicate["key"] for duplicate in answer["duplicate_keys"]] == ["Task 1"]
    assert answer["applied"]["created"] == 29
    assert (await call("get_records", table="People"))["total"] == 33


async def test_a_plan_too_large_for_a_result_is_complete_elsewhere(call):
    answer = await call.with_budget(2_400)(
        "sync_tables",
        base_id=None,
        table_id=None,
        source_base_id="Work",
        source_table_id="Tasks",
        target_base_id="Work",
        target_table_id="People",
        key_field="Name",
    )

    name = re.search(r"airtable://exports/(\S+json)", answer["cut"])
    assert name is not None
    plan = json.loads((call.context.exports / name[1]).read_text(encoding="utf-8"))
    assert len(plan["changes"]["create"]) == 30
    assert f"changes.create shows {len(answer['changes']['create'])} of 30 items" in answer["cut"]


async def test_a_table_is_not_synced_with_itself(call):
    text = await call.refused(
        "sync_tables",
        base_id=None,
        table_id=None,
        source_base_id="Work",
        source_table_id="Tasks",
        target_base_id="Work",
        target_table_id="tblTasks000000001",
        key_field="Name",
    )

    assert "both source and target" in text


async def test_texts_that_occur_once_are_told_by_three_examples(call):
    names = (await call("analyze_table_data"))["field_analysis"]["Name"]

    assert names["distinct_count"] == 30
    assert len(names["top_values"]) == 3
