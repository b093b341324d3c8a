"""A dry run says what the write would do, record by record: also what of it would be refused, and why."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pyairtable_mcp import Caps
from pyairtable_mcp.answers import answering
from pyairtable_mcp.answers.rendering import render

TASK, OTHER = "recTask0000000001", "recTask0000000002"
NOBODY = "recNobody00000001"
PLAIN = "tblTasks000000001"


@pytest.mark.parametrize("target", [NOBODY, TASK, "recShort"])
async def test_a_link_to_a_record_that_is_not_there_is_refused_as_the_write_refuses_it(call, target):
    fields = {"Name": "x", "Owner": ["recAda00000000001", target]}

    new = await call.refused("create_record", fields=fields, dry_run=True)
    changed = await call.refused("update_record", record_id=TASK, fields=fields, dry_run=True)
    written = await call.refused("create_record", fields=fields)

    assert f'Owner links to People, which has no record "{target}"' in new
    assert changed == new
    assert target in written


async def test_a_batch_plans_what_can_be_written_and_lists_what_cannot(call):
    records = [{"Name": "a"}, {"Name": "b", "Owner": [NOBODY]}, {"Name": "c", "Owner": ["recAda00000000001"]}]

    planned = await call("batch_create_records", records=records, dry_run=True)
    written = await call("batch_create_records", records=records)

    assert planned["message"] == "2 to create, 1 not: see errors"
    assert [row["index"] for row in planned["differences"]] == [0, 2]
    assert [(row["index"], row["status"]) for row in planned["errors"]] == [(1, "failed")]
    assert NOBODY in planned["errors"][0]["error"]
    assert [row["index"] for row in written["errors"]] == [1]


async def test_a_batch_of_changes_tells_of_the_records_that_are_not_there(call):
    changes = [
        {"id": NOBODY, "fields": {"Name": "a"}},
        {"id": "no id/at all", "fields": {"Name": "b"}},
        {"id": TASK, "fields": {"Owner": [NOBODY]}},
        {"id": OTHER, "fields": {"Name": "c"}},
    ]

    planned = await call("batch_update_records", records=changes, dry_run=True)
    written = await call("batch_update_records", records=changes)

    assert planned["message"] == "1 to update, 3 not: see errors"
    assert planned["differences"] == [{"id": OTHER, "before": {"Name": "Task 2"}, "after": {"Name": "c"}}]
    assert [row["index"] for row in planned["errors"]] == [0, 1, 2]
    assert [row["index"] for row in written["errors"]] == [0, 1, 2]
    assert "There is no record 'no id/at all'" in planned["errors"][1]["error"]


async def test_a_record_that_is_changed_twice_is_told_and_planned_in_order(call):
    changes = [{"id": TASK, "fields": {"Hours": 7}}, {"id": TASK, "fields": {"Hours": 8, "Name": "x"}}]

    planned = await call("batch_update_records", records=changes, dry_run=True)
    written = await call("batch_update_records", records=changes)

    assert [row["before"] for row in planned["differences"]] == [
        {"Hours": 0.5},
        {"Hours": 7, "Name": "Task 1"},
    ]
    [warning] = planned["warnings"]
    assert warning.startswith(f'records[0] and records[1] change the same record, "{TASK}"')
    assert written["warnings"] == [warning]
    assert (await call("get_record", record_id=TASK))["fields"]["Hours"] == 8


async def test_the_records_that_typecasting_would_make_are_told(call):
    records = [
        {"Name": "a", "Owner": ["Zoe", "ada o'brien"]},
        {"Name": "b", "Owner": "Zoe, Ada O'Brien", "Hours": "1.5"},
        {"Name": "c", "Owner": ["Never", NOBODY]},
    ]

    planned = await call("batch_create_records", records=records, typecast=True, dry_run=True)
    before = await call("get_records", table="People")
    await call("batch_create_records", records=records, typecast=True)
    after = await call("get_records", table="People")

    [warning] = planned["warnings"]
    assert warning == (
        'Typecasting adds 2 records to People: "Zoe", "ada o\'brien". '
        'In another case there are "Ada O\'Brien": link those?'
    )
    assert planned["differences"][1]["after"]["Hours"] == 1.5
    assert [row["index"] for row in planned["errors"]] == [2]
    assert before["total"] == 2
    assert {row["fields"]["Name"] for row in after["records"][2:]} == {"Zoe", "ada o'brien"}


async def test_names_are_compared_with_what_a_primary_field_of_another_type_shows(call, context):
    fields = [
        {"name": "No", "type": "number", "options": {"precision": 1}},
        {"name": "Task", "type": "multipleRecordLinks", "options": {"linkedTableId": PLAIN}},
    ]
    await context.gateway.create_table("Work", "Numbers", fields)
    await call("create_record", table="Numbers", fields={"No": 5})

    known = await call("create_record", fields={"Numbers": "5.0"}, typecast=True, dry_run=True)
    new = await call("create_record", fields={"Numbers": "6.0"}, typecast=True, dry_run=True)
    never = await call.refused("create_record", fields={"Numbers": [NOBODY]}, typecast=True, dry_run=True)

    assert "warnings" not in known
    assert new["warnings"] == ['Typecasting adds a record to Numbers: "6.0".']
    assert NOBODY in never


async def test_a_name_that_no_record_can_have_is_refused(call, context):
    fields = [
        {"name": "Day", "type": "date", "options": {"dateFormat": {"name": "iso"}}},
        {"name": "Task", "type": "multipleRecordLinks", "options": {"linkedTableId": PLAIN}},
    ]
    await context.gateway.create_table("Work", "Days", fields)

    planned = await call.refused("create_record", fields={"Days": ["someday"]}, typecast=True, dry_run=True)
    written = await call.refused("create_record", fields={"Days": ["someday"]}, typecast=True)

    assert 'Days links to Days, which has no record "someday", and none can be made' in planned
    assert "INVALID_VALUE_FOR_COLUMN" in written


async def test_a_value_that_typecasting_cannot_read_is_refused_as_by_the_write(call, context):
    options = {"dateFormat": {"name": "iso"}}
    await context.gateway.create_field("Work", "Tasks", "Due", "date", options=options)
    records = [{"Due": "no day at all"}, {"Due": "2 Jan 2026"}]

    planned = await call("batch_create_records", records=records, typecast=True, dry_run=True)
    written = await call("batch_create_records", records=records, typecast=True)

    assert [row["index"] for row in planned["errors"]] == [row["index"] for row in written["errors"]] == [0]
    assert planned["differences"] == [{"index": 1, "after": {"Due": "2026-01-02"}}]
    assert "typecast=true" not in planned["errors"][0]["error"] + written["errors"][0]["error"]


async def test_half_a_surrogate_pair_is_refused_as_by_the_write_whatever_becomes_of_it(call):
    records = [{"Hours": "\ud83d"}, {"Name": "x"}]

    planned = await call("batch_create_records", records=records, typecast=True, dry_run=True)
    written = await call("batch_create_records", records=records, typecast=True)

    assert [row["index"] for row in planned["errors"]] == [row["index"] for row in written["errors"]] == [0]


@pytest.mark.parametrize(
    ("value", "typecast", "taken"),
    [
        ([{"id": "recAda00000000001"}], False, False),
        ([{"id": "recAda00000000001"}], True, False),
        (" ", True, True),
        ([], False, True),
    ],
)
async def test_files_are_taken_by_a_rehearsal_as_by_the_write(call, context, value, typecast, taken):
    await context.gateway.create_field("Work", "Tasks", "Files", "multipleAttachments")
    off, arguments = call.held_to("off"), {"records": [{"Files": value}], "typecast": typecast}

    planned = await off("batch_create_records", **arguments, dry_run=True)
    written = await off("batch_create_records", **arguments)

    assert bool(planned.get("errors")) == bool(written.get("errors")) == (not taken)


async def test_people_whom_nobody_can_look_up_are_told(call, context):
    await context.gateway.create_field("Work", "Tasks", "Who", "singleCollaborator")

    named = await call("create_record", fields={"Who": {"email": "a@b.c"}}, dry_run=True)
    cleared = await call("create_record", fields={"Who": None}, dry_run=True)

    assert 'Whether "Who" would name people of this base is not known' in named["warnings"][0]
    assert "warnings" not in cleared


async def test_a_rehearsal_that_is_cut_does_not_say_that_anything_was_written(call):
    rows = [{"Name": f"Task {number}"} for number in range(200)]

    planned = await call.with_budget(2_000)("batch_create_records", records=rows, dry_run=True)
    one = await call.with_budget(2_000)("create_record", fields={"Name": "x" * 4_000}, dry_run=True)

    assert planned["message"] == "200 to create"
    assert "Only what is shown is cut" in planned["cut"]
    assert "Only what is shown is cut" in one["cut"]
    for cut in (planned["cut"], one["cut"]):
        assert "was written" not in cut


async def test_links_that_are_too_many_to_be_looked_up_are_told_and_cost_nothing(call):
    ids = [f"rec{number:014}" for number in range(5_001)]

    answer = await call("create_record", fields={"Owner": ids}, dry_run=True)

    (warning,) = answer["warnings"]
    assert "was not looked up: People has too many to read, or too many are named" in warning


async def test_a_linked_table_is_read_no_further_than_a_call_may(call, context):
    few = call.on(replace(context, caps=Caps(read=1)))
    fields = {"Owner": ["ada o'brien", 'bob "b" \\ {x}']}

    answer = await few("create_record", fields=fields, typecast=True, dry_run=True)

    assert answer["differences"][0]["after"] == fields
    (warning,) = answer["warnings"]
    assert "too many" in warning


async def test_other_calls_are_served_while_a_long_rehearsal_is_told(call, monkeypatch):
    loop, served = asyncio.get_running_loop(), threading.Event()

    def rendered(result: Mapping[str, Any]) -> str:
        loop.call_soon_threadsafe(served.set)
        assert served.wait(20), "the loop stands still"
        return render(result)

    monkeypatch.setattr(answering, "render", rendered)

    told = await call("batch_create_records", records=[{"Name": "x"}] * 200, dry_run=True)

    assert told["message"] == "200 to create"
