"""Reading, searching and changing single records."""

from unicodedata import normalize

import pytest
from mcp import Client

from pyairtable_mcp import build_server


async def test_a_list_stops_at_its_limit_and_goes_on_with_its_cursor(call):
    first = await call("get_records", max_records=12)
    second = await call("get_records", max_records=12, cursor=first["cursor"])
    third = await call("get_records", max_records=12, cursor=second["cursor"])

    ids = [record["id"] for page in (first, second, third) for record in page["records"]]
    assert len(ids) == len(set(ids)) == 30
    assert "total" not in first
    assert "cursor" not in third


async def test_a_list_that_was_read_whole_says_its_total(call):
    answer = await call("get_records")

    assert answer["total"] == answer["returned"] == 30
    assert "cursor" not in answer


async def test_a_result_stays_within_its_budget_and_loses_nothing(call):
    small = call.with_budget(700)
    ids = []
    cursor = None
    while cursor != "":
        answer = await small("get_records", cursor=cursor)
        ids += [record["id"] for record in answer["records"]]
        assert len(answer["records"]) < 10
        cursor = answer.get("cursor", "")

    assert len(ids) == len(set(ids)) == 30


async def test_a_cursor_of_another_question_is_refused(call):
    first = await call("get_records", max_records=5)

    text = await call.refused(
        "get_records", max_records=5, cursor=first["cursor"], filter_by_formula="{Hours}>3"
    )

    assert "belongs to another list" in text


async def test_fields_sort_and_filter_take_names_and_ids(call):
    by_name = await call(
        "get_records",
        fields=["Name"],
        sort=[{"field": "Hours", "direction": "desc"}],
        filter_by_formula='{Status} = "Done"',
        max_records=2,
    )
    by_id = await call(
        "get_records",
        table="tblTasks000000001",
        fields=["fldTaskName000001"],
        sort=[{"field": "fldHours000000001", "direction": "desc"}],
        filter_by_formula='{fldStatus00000001} = "Done"',
        max_records=2,
    )

    assert [record["fields"] for record in by_name["records"]] == [{"Name": "Task 29"}, {"Name": "Task 26"}]
    assert by_id["records"] == by_name["records"]


async def test_a_wrong_name_is_refused_with_the_nearest_ones_and_the_next_step(call):
    base = await call.refused("get_records", base_id="Wrok")
    table = await call.refused("get_records", table="Taks")
    field = await call.refused("get_records", fields=["Statsu"])
    view = await call.refused("get_records", view="Gird view")

    assert '"Work"' in base
    assert '"Tasks"' in table
    assert "list_tables" in table
    assert '"Status"' in field
    assert "get_field_info" in field
    assert '"Grid view"' in view


async def test_a_filter_that_airtable_refuses_is_explained(call):
    text = await call.refused("get_records", filter_by_formula="{Hours} >")

    assert "INVALID_FILTER_BY_FORMULA" in text
    assert "validate_formula" in text


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("O'Brien", "recAda00000000001"),
        ("o'brien", "recAda00000000001"),
        ('"B"', "recBob00000000001"),
        ("\\", "recBob00000000001"),
        ("{X}", "recBob00000000001"),
        ('Bob "b" \\ {x}', "recBob00000000001"),
    ],
)
async def test_search_finds_linked_names_with_any_character_in_any_case(call, text, owner):
    answer = await call("search_records", query=text, max_records=100)

    assert len(answer["records"]) == 15
    assert all(record["fields"]["Owner"] == [owner] for record in answer["records"])


@pytest.mark.parametrize(
    "text", ['")', "') OR 1=1", "\\", "\n", "{Name}", "executive", "created", "DROP TABLE"]
)
async def test_no_text_ends_the_formula_or_is_forbidden(call, text):
    answer = await call("search_records", query=text, fields=["Name", "Notes }{ odd"])

    assert answer["records"] == []


async def test_search_looks_into_selects_and_long_text_but_not_into_numbers(call):
    await call("update_record", record_id="recTask0000000001", fields={"Notes }{ odd": "line\nÄrger"})

    assert (await call("search_records", query="doing"))["returned"] == 10
    assert (await call("search_records", query="ärger"))["returned"] == 1
    assert (await call("search_records", query="line\nä"))["returned"] == 1
    assert (await call("search_records", query="7.5"))["returned"] == 0
    assert (await call("search_records", query="7.5", fields=["Hours"]))["returned"] == 1


@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_search_finds_accented_letters_in_either_composition(call, form):
    records = [{"Name": normalize("NFC", "Zoë's café")}, {"Name": normalize("NFD", "Zoë's café")}]
    await call("batch_create_records", records=records)

    answer = await call("search_records", query=normalize(form, "ZOË'S CAFÉ"))

    assert answer["returned"] == 2


async def test_an_empty_search_says_which_fields_it_did_not_look_into(call):
    empty = await call("search_records", query="7.25")
    narrow = await call("search_records", query="doing", fields=["Name", "Hours"])
    found = await call("search_records", query="doing")

    assert empty["note"] == 'Not looked into: "Hours". To search one, name it in `fields`.'
    assert narrow["note"].startswith('Not looked into: "Status", ')
    assert "note" not in found


async def test_an_empty_search_of_every_field_says_nothing(call):
    answer = await call("search_records", table="People", query="zzz", fields=["Name", "Tasks"])

    assert answer["records"] == []
    assert "note" not in answer


async def test_a_record_is_created_changed_and_deleted(call):
    created = await call("create_record", fields={"Name": "New", "Hours": 2, "Owner": ["recAda00000000001"]})
    changed = await call("update_record", record_id=created["id"], fields={"Hours": None, "Status": "Done"})
    deleted = await call.agreed("delete_record", record_id=created["id"])
    again = await call.refused("delete_record", record_id=created["id"])

    assert created["fields"]["Double"] == 4
    assert changed["fields"]["Status"] == "Done"
    assert "Hours" not in changed["fields"]
    assert deleted.items() >= {"deleted": True, "id": created["id"]}.items()
    assert created["id"] in again


async def test_every_problem_of_a_write_is_told_before_airtable_is_asked(call):
    text = await call.refused("create_record", fields={"Double": 5, "Status": "Dne", "Hours": "x", "Nmae": 1})

    assert "Nothing was written." in text
    assert "Double" in text
    assert '"Done"' in text
    assert "Hours" in text
    assert '"Name"' in text
    assert (await call("get_records"))["total"] == 30


async def test_typecast_lets_airtable_convert_text_and_add_choices(call):
    created = await call(
        "create_record", fields={"Name": "x", "Hours": "1.5", "Status": "New one"}, typecast=True
    )

    assert created["fields"]["Hours"] == 1.5
    assert created["fields"]["Status"] == "New one"
    assert ["New one" in warning for warning in created["warnings"]] == [True]


async def test_what_typecasting_changed_or_dropped_is_said(call):
    created = await call(
        "create_record", fields={"Name": "x", "Hours": "about 1.5 hours", "Status": "Done"}, typecast=True
    )

    [warning] = created["warnings"]
    assert "about 1.5 hours" in warning
    assert "Hours" in warning


@pytest.mark.parametrize("validation", ["airtable", "strict", "off"])
async def test_how_strictly_a_write_is_judged_is_a_setting(call, context, validation):
    call = call.held_to(validation)
    doubtful = {"Name": "x", "Mail": "not an address"}
    await context.gateway.create_field("Work", "Tasks", "Mail", "email")

    if validation == "strict":
        assert "Mail" in await call.refused("create_record", fields=doubtful)
    else:
        created = await call("create_record", fields=doubtful)
        assert created["fields"]["Mail"] == "not an address"
        assert ("Mail" in str(created.get("warnings"))) == (validation == "airtable")


async def test_an_unknown_field_is_told_with_all_that_there_are(call):
    refused = await call.refused("create_record", fields={"Name": "x", "Hour": 1, "Double": 2})

    assert "Double is computed" in refused
    assert "There is no field" in refused
    assert all(name in refused for name in ("Name", "Status", "Hours", "Owner", "Double", "Broken"))


async def test_a_refusal_of_hostile_length_stays_short(call):
    base = await call.refused("get_records", base_id="x" * 100_000)
    query = await call.refused("search_records", query="x" * 100_000)
    sort = await call.refused("get_records", sort=[{"field": "Name", "x": 1}])

    assert len(base) < 300
    assert "at most 1000 characters" in query
    assert len(query) < 300
    assert "There is no argument 'sort.0.x'." in sort


async def test_null_leaves_out_what_may_be_left_out_and_5_0_is_whole(context):
    arguments = {"base_id": "Work", "table_id": "Tasks", "max_records": 5.0, "view": None, "sort": None}

    async with Client(build_server(context)) as client:
        answer = await client.call_tool("get_records", arguments)

    assert answer.structured_content is not None
    assert answer.structured_content["returned"] == 5


async def test_a_batch_names_what_is_no_record_and_changes_the_rest(call):
    here = (await call("get_records", max_records=1))["records"][0]["id"]

    done = await call(
        "batch_update_records",
        records=[{"id": name, "fields": {"Name": "changed"}} for name in ("nope", here)],
    )

    assert [record["id"] for record in done["updated_records"]] == [here]
    assert "There is no record 'nope'." in done["errors"][0]["error"]


@pytest.mark.parametrize("record_id", ["nope", "recAbsent00000001", "recShort"])
async def test_a_record_that_is_not_there_is_named_with_the_way_to_one(call, record_id):
    read = await call.refused("get_record", record_id=record_id)
    changed = await call.refused("update_record", record_id=record_id, fields={"Name": "x"})

    for text in (read, changed):
        assert record_id in text
        assert "search_records" in text
        assert "list_tables" not in text
