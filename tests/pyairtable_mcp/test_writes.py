"""Every write can be shown before it is made, named afterwards, told from its repetition, and taken back."""

import pytest

from local_twins.airtable import import_document

TASK = "recTask0000000001"


async def test_a_dry_run_shows_what_would_change_and_changes_nothing(call):
    created = await call("create_record", fields={"name": "New", "Status": "done"}, dry_run=True)
    updated = await call(
        "update_record",
        record_id=TASK,
        fields={"Hours": 9, "Status": "Doing", "Notes }{ odd": ""},
        dry_run=True,
    )
    deleted = await call("delete_record", record_id=TASK, dry_run=True)
    batch = await call("batch_create_records", records=[{"Name": "a"}, {"Name": "b"}], dry_run=True)
    changes = await call(
        "batch_update_records", records=[{"id": TASK, "fields": {"Hours": None}}], dry_run=True
    )
    upserted = await call(
        "upsert_records",
        records=[{"Name": "Task 2", "Hours": 5}, {"Name": "X"}],
        merge_on=["Name"],
        dry_run=True,
    )
    described = await call("create_metadata_table", table_id=None, dry_run=True)

    assert created["differences"] == [{"index": 0, "after": {"Name": "New", "Status": "Done"}}]
    assert updated["differences"] == [{"id": TASK, "before": {"Hours": 0.5}, "after": {"Hours": 9}}]
    assert deleted["differences"][0]["before"]["Name"] == "Task 1"
    assert [row["after"]["Name"] for row in batch["differences"]] == ["a", "b"]
    assert changes["differences"] == [{"id": TASK, "before": {"Hours": 0.5}, "after": {"Hours": None}}]
    assert upserted["message"] == "1 to create, 1 to update"
    assert upserted["differences"] == [
        {"index": 0, "id": "recTask0000000002", "before": {"Hours": 1}, "after": {"Hours": 5}},
        {"index": 1, "after": {"Name": "X"}},
    ]
    assert len(described["differences"]) == 2
    answers = (created, updated, deleted, batch, changes, upserted, described)
    assert all("change_id" not in answer for answer in answers)
    assert (await call("get_records"))["total"] == 30
    assert len((await call("list_tables", table_id=None))["tables"]) == 2
    assert (await call("list_changes", base_id=None, table_id=None))["changes"] == []


async def test_a_dry_run_refuses_what_the_write_would_refuse(call):
    bad = await call.refused("create_record", fields={"Double": 1}, dry_run=True)
    missing = await call.refused("update_record", record_id="recNobody00000001", fields={}, dry_run=True)

    assert "Double is computed" in bad
    assert "recNobody00000001" in missing


async def test_each_write_names_its_change_and_the_list_tells_of_it(call):
    created = await call("create_record", fields={"Name": "New"})
    many = await call("batch_create_records", records=[{"Name": f"N{n}"} for n in range(25)])

    listed = await call("list_changes", base_id="Work", table_id="Tasks")
    one = await call("list_changes", base_id=None, table_id=None, change_id=created["change_id"])
    call_of_many = await call("list_changes", base_id=None, table_id=None, change_id=many["change_id"])

    assert [change["records"] for change in listed["changes"]] == [5, 10, 10, 1]
    assert {change["tool"] for change in listed["changes"]} == {"create_record", "batch_create_records"}
    assert {change["by"] for change in listed["changes"]} == {"local"}
    assert listed["changes"][-1]["id"] == created["change_id"]
    assert one["changes"][0]["differences"] == [{"id": created["id"], "after": {"Name": "New"}}]
    assert len(call_of_many["changes"]) == 3


async def test_changes_are_listed_by_names_in_any_case(call):
    created = await call("create_record", fields={"Name": "New"})

    for base, table in (("work", "TASKS"), ("WORK", None), (None, "tasks"), ("appWork0000000001", " tasks")):
        listed = await call("list_changes", base_id=base, table_id=table)
        assert [change["id"] for change in listed["changes"]] == [created["change_id"]]
    assert (await call("list_changes", base_id="work", table_id="people"))["changes"] == []
    assert (await call("list_changes", base_id=None, table_id="people"))["changes"] == []


async def test_a_name_in_another_case_that_several_tables_have_is_not_taken_for_the_newest(call, store):
    name = {"id": "fldHome0000000001", "name": "Name", "type": "singleLineText"}
    tasks = {"id": "tblHome0000000001", "name": "Tasks", "primaryFieldId": name["id"], "fields": [name]}
    import_document(
        store, {"users": [], "bases": [{"id": "appHome0000000001", "name": "Home", "tables": [tasks]}]}
    )
    for base in ("Work", "Home"):
        await call("create_record", base_id=base, fields={"Name": "New"})

    exact = await call("list_changes", base_id=None, table_id="Tasks")
    text = await call.refused("list_changes", base_id=None, table_id="TASKS")
    named = await call("list_changes", base_id="home", table_id="TASKS")

    assert {change["base"] for change in exact["changes"]} == {"Work", "Home"}
    assert 'Several are named so, but for their case: "Home / Tasks", "Work / Tasks".' in text
    assert 'Give an id: "tblHome0000000001", "tblTasks000000001".' in text
    assert [change["base"] for change in named["changes"]] == ["Home"]


async def test_changes_of_a_table_that_is_gone_or_was_renamed_are_still_listed(call, context):
    created = await call("create_record", fields={"Name": "New"})
    await context.gateway.update_table("Work", "Tasks", name="Errands")

    for name in ("Tasks", "tasks", "errands"):
        listed = await call("list_changes", base_id=None, table_id=name)
        assert created["change_id"] in [change["id"] for change in listed["changes"]]


async def test_changes_of_a_base_or_a_table_that_was_never_there_are_refused(call):
    await call("create_record", fields={"Name": "New"})

    base = await call.refused("list_changes", base_id="Wrok", table_id=None)
    table = await call.refused("list_changes", base_id="Work", table_id="Tsaks")
    alone = await call.refused("list_changes", base_id=None, table_id="Tsaks")

    assert "There is no base 'Wrok'. Nearest: \"Work\"." in base
    assert "There is no table 'Tsaks'. Nearest: \"Tasks\"." in table
    assert alone.startswith(table)


async def test_a_call_that_made_many_changes_is_taken_back_whole(call):
    records = [{"id": f"recTask{n:010}", "fields": {"Hours": 100}} for n in range(1, 26)]
    changed = await call("batch_update_records", records=records)

    planned = await call("undo_change", change_id=changed["change_id"], dry_run=True)
    undone = await call("undo_change", change_id=changed["change_id"])
    after = await call("get_records", fields=["Hours"])
    again = await call("undo_change", change_id=undone["change_id"])

    assert len(planned["differences"]) == 25
    assert undone["message"] == "25 taken back."
    assert [row["fields"]["Hours"] for row in after["records"]] == [n / 2 for n in range(1, 31)]
    assert again["message"] == "25 taken back."


async def test_what_was_changed_since_is_not_overwritten_unless_forced(call):
    first = await call("update_record", record_id=TASK, fields={"Hours": 1})
    await call("update_record", record_id=TASK, fields={"Hours": 2})

    planned = await call("undo_change", change_id=first["change_id"], dry_run=True)
    refused = await call.refused("undo_change", change_id=first["change_id"])
    forced = await call("undo_change", change_id=first["change_id"], force=True)

    assert planned["conflicts"] == [{"id": TASK, "part": "Hours", "left": 1, "now": 2}]
    assert "changed since" in refused
    assert forced["differences"] == [{"id": TASK, "verb": "restore", "after": {"Hours": 0.5}}]


async def test_a_deleted_record_comes_back_under_a_new_id(call):
    deleted = await call.agreed("delete_record", record_id=TASK)

    undone = await call("undo_change", change_id=deleted["change_id"])
    record = await call("get_record", record_id=undone["new_ids"][TASK])

    assert record["fields"]["Name"] == "Task 1"
    assert record["fields"]["Owner"] == ["recBob00000000001"]
    assert undone["losses"]


async def test_an_unknown_change_is_refused_with_the_next_step(call):
    text = await call.refused("undo_change", change_id="chgNothing")

    shown = await call.refused("list_changes", change_id="chgNothing")

    assert "no change 'chgNothing'" in text
    assert "no change 'chgNothing'" in shown


async def test_the_list_of_changes_goes_on_with_its_cursor(call):
    for number in range(5):
        await call("update_record", record_id=TASK, fields={"Hours": number})

    first = await call("list_changes", limit=3)
    second = await call("list_changes", limit=3, cursor=first["cursor"])
    other = await call.refused("list_changes", limit=3, record_id=TASK, cursor=first["cursor"])

    ids = [change["id"] for page in (first, second) for change in page["changes"]]
    assert len(set(ids)) == 5
    assert "cursor" not in second
    assert "belongs to another list" in other


async def test_a_call_that_is_repeated_under_its_key_is_made_once(call):
    keyed = call.keyed("order-1")

    first = await keyed("batch_create_records", records=[{"Name": f"N{n}"} for n in range(12)])
    again = await keyed("batch_create_records", records=[{"Name": f"N{n}"} for n in range(12)])
    other = await keyed.refused("batch_create_records", records=[{"Name": "another"}])

    ids = [record["id"] for record in first["created_records"]]
    assert [record["id"] for record in again["created_records"]] == ids
    assert again["change_id"] == first["change_id"]
    assert "order-1" in other
    assert (await call("get_records"))["total"] == 42


@pytest.mark.parametrize("key", ["x" * 300, ""])
async def test_a_key_that_is_no_short_text_is_refused(call, key):
    text = await call.keyed(key).refused("create_record", fields={"Name": "x"})

    assert "1 to 255 characters" in text


async def test_each_write_of_a_long_upsert_lists_its_own_records(call):
    rows = [{"Name": f"Task {number}", "Hours": 7} for number in range(1, 31)]

    await call("upsert_records", records=rows, merge_on=["Name"])

    changes = (await call("list_changes", base_id=None, table_id=None))["changes"]
    assert [change["records"] for change in changes] == [10, 10, 10]
    assert changes[-1]["ids"][0] == "recTask0000000001"


async def test_upserts_create_update_and_account_for_each(call):
    rows = [{"Name": f"Task {number}", "Hours": 3} for number in range(25, 37)]

    answer = await call("upsert_records", records=rows, merge_on=["fldTaskName000001"])
    lacking = await call.refused("upsert_records", records=[{"Hours": 1}], merge_on=["Name"])
    doubled = await call.refused("upsert_records", records=[{"Name": "a"}, {"Name": "a"}], merge_on=["Name"])

    assert [row["created"] for row in answer["records"]] == [False] * 6 + [True] * 6
    assert [row["index"] for row in answer["records"]] == list(range(12))
    assert answer["message"] == "12 written"
    assert "records[0] has no 'Name'" in lacking
    assert "records[0] and records[1] are the same in merge_on" in doubled
    assert (await call("get_records"))["total"] == 36
