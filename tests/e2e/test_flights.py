"""A client's session on NYC Flights: each answer beside figures computed from the original CSV files."""

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.types import TextContent, TextResourceContents

# Tests that only read share a session, and so the loop that it lives in: a process starts in seconds.
pytestmark = pytest.mark.asyncio(loop_scope="session")

FIGURES = {
    name: figure["value"]
    for name, figure in json.loads(
        Path(__file__).with_name("flights_figures.json").read_text(encoding="utf-8")
    )["figures"].items()
}
FLIGHTS = {"base_id": "NYC Flights 2013", "table_id": "Flights"}
AIRLINES = {"base_id": "NYC Flights 2013", "table_id": "Airlines"}
PLANES = {"base_id": "NYC Flights 2013", "table_id": "Planes"}


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """The structured answer of a call that succeeds."""
    result = await client.call_tool(tool, arguments)
    text = result.content[0]
    assert isinstance(text, TextContent)
    assert text.text
    assert not result.is_error, text.text
    return dict(result.structured_content)


async def agreed(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """The answer when the call is repeated with the handle that its refusal gives."""
    refused = await client.call_tool(tool, arguments)
    text = refused.content[0]
    assert isinstance(text, TextContent)
    handle = re.search(r"confirm='([^']+)'", text.text)
    assert handle is not None, text.text
    return await call(client, tool, **arguments, confirm=handle[1])


async def read_all(client: Client, tool: str, **arguments: Any) -> list[dict[str, Any]]:
    """The records of every page of a list, as its cursors lead through it."""
    page = await call(client, tool, **arguments)
    records = list(page["records"])
    while cursor := page.get("cursor"):
        page = await call(client, tool, **arguments, cursor=cursor)
        records += page["records"]
    return records


async def exported(client: Client, answer: dict[str, Any]) -> str:
    """The text of an export, wherever the answer says that it is."""
    if "full_csv_data" in answer:
        return str(answer["full_csv_data"])
    resource = await client.read_resource(answer["resource"])
    contents = resource.contents[0]
    assert isinstance(contents, TextResourceContents)
    return contents.text


async def test_list_tables_tells_what_the_base_holds(reader):
    answer = await call(reader, "list_tables", base_id="NYC Flights 2013")

    names = [table["name"] for table in answer["tables"]]
    assert sorted(names) == ["Airlines", "Airports", "Flights", "Planes", "Weather"]
    assert answer["table_count"] == 5


async def test_get_records_pages_through_every_flight_once(reader):
    records = await read_all(
        reader, "get_records", **FLIGHTS, fields=["Distance", "Airline name"], max_records=2500
    )

    carriers = Counter(record["fields"]["Airline name"][0] for record in records)
    assert len(records) == len({record["id"] for record in records}) == FIGURES["flights"]
    assert sorted(carriers.values()) == sorted(FIGURES["flights_by_carrier"].values())


async def test_get_records_shows_counts_and_rollups_that_agree_with_the_csv_files(reader):
    answer = await call(
        reader, "get_records", **AIRLINES, fields=["Code", "Flight count", "Average departure delay"]
    )

    rows = {record["fields"]["Code"]: record["fields"] for record in answer["records"]}
    assert answer["total"] == FIGURES["airlines"]
    for code, count in FIGURES["flights_by_carrier"].items():
        assert rows[code]["Flight count"] == count
        assert rows[code]["Average departure delay"] == pytest.approx(
            FIGURES["departure_delay_mean_by_carrier"][code], abs=1e-5
        )


async def test_get_records_filters_sorts_and_takes_views(reader):
    late = await call(
        reader,
        "get_records",
        **FLIGHTS,
        filter_by_formula="{Departure delay} > 60",
        fields=["Distance"],
        max_records=999,
    )
    viewed = await call(
        reader,
        "get_records",
        **FLIGHTS,
        view="More than an hour late",
        fields=["Departure delay"],
        max_records=999,
    )
    jfk = await call(
        reader,
        "get_records",
        **FLIGHTS,
        filter_by_formula='AND({Departure delay} > 60, {Origin} = "JFK")',
        fields=["Distance"],
        max_records=999,
    )
    longest = await call(
        reader,
        "get_records",
        **FLIGHTS,
        sort=[{"field": "Distance", "direction": "desc"}],
        fields=["Distance"],
        max_records=1,
    )

    delays = [record["fields"]["Departure delay"] for record in viewed["records"]]
    assert late["total"] == viewed["total"] == FIGURES["late_over_60"]
    assert delays == sorted(delays, reverse=True)
    assert jfk["total"] == FIGURES["late_over_60_from_jfk"]
    assert longest["records"][0]["fields"]["Distance"] == FIGURES["distance_max"]


async def test_search_records_finds_text_in_any_case(reader):
    found = await read_all(
        reader, "search_records", **PLANES, query="aIrBuS", fields=["Manufacturer"], max_records=999
    )
    apostrophe = await call(
        reader, "search_records", base_id="NYC Flights 2013", table_id="Airports", query="'", fields=["Name"]
    )

    assert len(found) == FIGURES["planes_airbus"]
    assert apostrophe["total"] == FIGURES["airports_with_apostrophe"]


async def test_a_record_is_created_found_changed_and_deleted(client):
    name = 'O\'Brien "Air" \\ {Co}'

    created = await call(client, "create_record", **AIRLINES, fields={"Code": "ZZ", "Name": name})
    found = await call(client, "search_records", **AIRLINES, query=name.upper())
    changed = await call(client, "update_record", **AIRLINES, record_id=created["id"], fields={"Name": "Zed"})
    changes = await call(client, "list_changes", **AIRLINES, record_id=created["id"])
    deleted = await agreed(client, "delete_record", **AIRLINES, record_id=created["id"])
    gone = await client.call_tool(
        "update_record", {**AIRLINES, "record_id": created["id"], "fields": {"Name": "x"}}
    )

    assert [record["id"] for record in found["records"]] == [created["id"]]
    assert found["records"][0]["fields"]["Name"] == name
    assert changed["fields"]["Name"] == "Zed"
    assert changed["fields"]["Code"] == "ZZ"
    assert [change["operation"] for change in changes["changes"]] == ["update", "create"]
    assert changes["changes"][0]["id"] == changed["change_id"]
    assert deleted["id"] == created["id"]
    assert gone.is_error


async def test_what_was_changed_is_taken_back(client):
    [delta] = (await call(client, "search_records", **AIRLINES, query="Delta Air Lines"))["records"]

    changed = await call(client, "update_record", **AIRLINES, record_id=delta["id"], fields={"Name": "Delta"})
    undone = await call(client, "undo_change", change_id=changed["change_id"])
    now = await call(client, "get_record", **AIRLINES, record_id=delta["id"], fields=["Name"])

    assert undone["differences"] == [
        {"id": delta["id"], "verb": "restore", "after": {"Name": "Delta Air Lines Inc."}}
    ]
    assert now["fields"] == {"Name": "Delta Air Lines Inc."}


async def test_list_bases_names_the_sample_bases(reader):
    answer = await call(reader, "list_bases")

    assert {"NYC Flights 2013", "Studio"} <= {base["name"] for base in answer["bases"]}


async def test_batches_of_any_size_account_for_every_record(client):
    rows = [{"Code": f"Z{number:02}", "Name": f"Airline {number}"} for number in range(25)]
    wrapped = [{"fields": row} for row in rows[:12]]

    created = await call(client, "batch_create_records", **AIRLINES, records=wrapped + rows[12:])
    ids = [record["id"] for record in created["created_records"]]
    updated = await call(
        client,
        "batch_update_records",
        **AIRLINES,
        records=[{"id": record_id, "fields": {"Name": "Same"}} for record_id in [*ids, "recMissing0000000"]],
    )

    assert len(ids) == 25
    assert created["errors"] == []
    assert [record["fields"]["Code"] for record in created["created_records"]] == [
        row["Code"] for row in rows
    ]
    assert len(updated["updated_records"]) == 25
    assert [error["index"] for error in updated["errors"]] == [25]


async def test_get_field_info_tells_links_formulas_and_what_can_be_written(reader):
    answer = await call(reader, "get_field_info", **FLIGHTS)

    fields = {field["name"]: field for field in answer["fields"]}
    assert fields["Flight"]["is_primary"]
    assert not fields["Flight"]["writable"]
    assert "{Flight number}" in fields["Flight"]["formula"]
    assert fields["Airline"]["linked_table"] == "Airlines"
    assert fields["Airline name"]["lookup_field"] == "Name"
    assert fields["Departure delay"]["writable"]
    assert answer["total_fields"] == len(fields)


async def test_formulas_are_validated_and_evaluated_on_values_and_records(reader):
    value = await call(reader, "evaluate_formula", formula='IF({A}>1,"x"&{B},0)', fields={"A": 2, "B": "é"})
    on_table = await call(
        reader,
        "evaluate_formula",
        formula="{Distance} / {Air time} * 60",
        **FLIGHTS,
        filter_by_formula='AND({Airline}="UA",{Destination code}="ORD")',
    )
    good = await call(reader, "validate_formula", formula="{Distance} * 2", **FLIGHTS)
    bad = await call(reader, "validate_formula", formula="{Distanc} * 2", **FLIGHTS)

    assert value["value"] == "xé"
    assert on_table["evaluated"] == FIGURES["united_to_ord"]
    assert good == {"valid": True, "problems": [], "result_type": "number", "depends_on": ["Distance"]}
    assert not bad["valid"]
    assert "Distance" in json.dumps(bad["problems"])


async def test_validate_record_tells_every_problem_at_once(reader):
    answer = await call(
        reader, "validate_record", **FLIGHTS, fields={"Distance": "far", "Status": "Late", "Dstance": 3}
    )

    assert not answer["valid"]
    assert {problem["path"] for problem in answer["problems"]} == {"Distance", "Status", "Dstance"}


async def test_analyze_table_data_agrees_with_the_csv_files(reader):
    answer = await call(reader, "analyze_table_data", **FLIGHTS, sample_size=10_000)

    delay = answer["field_analysis"]["Departure delay"]
    assert answer["analysis_summary"]["records_analyzed"] == FIGURES["flights"]
    assert delay["empty_count"] == FIGURES["missing_in_flights"]["dep_delay"]
    assert delay["avg"] == pytest.approx(FIGURES["departure_delay_mean"], abs=1e-5)
    assert delay["median"] == FIGURES["departure_delay_median"]
    assert delay["max"] == FIGURES["departure_delay_max"]


async def test_find_duplicates_looks_at_all_records(reader):
    answer = await call(reader, "find_duplicates", **FLIGHTS, fields=["Tail number", "Date"])

    assert answer["total_records_checked"] == FIGURES["flights"]
    assert answer["duplicate_groups_found"] == FIGURES["repeated_tail_days"]
    assert answer["total_duplicate_records"] == FIGURES["flights_in_repeated_tail_days"]


async def test_export_table_csv_gives_every_plane(reader):
    answer = await call(
        reader, "export_table_csv", **PLANES, fields=["Tail number", "Seats"], max_records=5000
    )

    rows = list(csv.DictReader(io.StringIO(await exported(reader, answer))))
    seats = [int(row["Seats"]) for row in rows if row["Seats"]]
    assert len(rows) == answer["record_count"] == FIGURES["planes"]
    assert sum(seats) / len(seats) == pytest.approx(FIGURES["seats_mean"], abs=1e-5)


async def test_a_large_export_becomes_a_resource_that_can_be_read(reader):
    answer = await call(reader, "export_table_csv", **FLIGHTS, max_records=10_000)

    rows = list(csv.reader(io.StringIO(await exported(reader, answer))))
    assert "full_csv_data" not in answer
    assert len(rows) == FIGURES["flights"] + 1


async def test_a_metadata_table_is_made_once_and_synced_into_another_base(client):
    first = await call(client, "create_metadata_table", base_id="NYC Flights 2013")
    second = await call(client, "create_metadata_table", base_id="NYC Flights 2013")
    other = await call(client, "create_metadata_table", base_id="Studio")
    sync = {
        "source_base_id": "NYC Flights 2013",
        "source_table_id": "Table Metadata",
        "target_base_id": "Studio",
        "target_table_id": "Table Metadata",
        "key_field": "Table Name",
    }
    planned = await call(client, "sync_tables", **sync)
    synced = await call(client, "sync_tables", **sync, dry_run=False)
    again = await call(client, "sync_tables", **sync)

    rows = await call(client, "get_records", base_id="NYC Flights 2013", table_id="Table Metadata")
    flights = next(row for row in rows["records"] if row["fields"]["Table Name"] == "Flights")
    assert first["records_created"] == 5
    assert second["records_created"] == 0
    assert rows["total"] == 5
    assert flights["fields"]["Primary Field"] == "Flight"
    assert other["records_created"] > 0
    assert planned["sync_summary"]["records_to_create"] == 5
    assert planned["dry_run"]
    assert synced["sync_summary"]["records_to_create"] == 5
    assert again["sync_summary"]["records_to_create"] == 0
    assert again["sync_summary"]["records_to_update"] == 0
