"""The tools that describe and change tables, fields, choices, views and bases."""

import json
from typing import Any

import pytest

from airtable_gateway import Endpoint, FixedEndpoint
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import import_document

NOTHING = {"base_id": None, "table_id": None}


async def test_a_table_is_described_as_far_as_asked(call):
    names = await call("describe_table", detail="names")
    types = await call("describe_table")
    full = await call("describe_table", detail="full", fields=["status"])
    views = await call("list_views")

    assert names["fields"][:3] == ["Name", "Status", "Hours"]
    assert types["fields"][0] == {"name": "Name", "id": "fldTaskName000001", "type": "singleLineText"}
    assert full["fields"][0]["choices"] == ["Todo", "Doing", "Done"]
    assert (
        full["views"] == views["views"] == [{"id": "viwTasks000000001", "name": "Grid view", "type": "grid"}]
    )
    assert names["description"] == "What is to be done"


async def test_a_table_is_made_renamed_and_described(call):
    fields = [
        {"name": "Title", "type": "singleLineText"},
        {"name": "Kind", "type": "singleSelect", "options": {"choices": [{"name": "A"}]}},
        {"name": "Task", "type": "multipleRecordLinks", "options": {"linkedTableId": "tasks"}},
    ]

    shown = await call("create_table", table_id=None, name="Notes", fields=fields, dry_run=True)
    made = await call("create_table", table_id=None, name="Notes", fields=fields, description="d")
    renamed = await call("update_table", table="Notes", name="Remarks", description="")
    doubled = await call.refused("create_table", table_id=None, name="tasks", fields=fields[:1])
    nothing = await call.refused("update_table", table="Remarks")

    options = shown["differences"][0]["after"]["fields"][2]["options"]
    assert options["linkedTableId"] == "tblTasks000000001"
    assert [field["name"] for field in made["fields"]] == ["Title", "Kind", "Task"]
    assert made["change_id"]
    assert (renamed["id"], renamed["name"], renamed["description"]) == (made["id"], "Remarks", "")
    assert "There is a table 'tasks' already" in doubled
    assert "Nothing to change" in nothing


async def test_every_field_that_cannot_be_made_is_told_at_once(call):
    fields = [
        {"name": "", "type": "singleLineText"},
        {"name": "B", "type": "text"},
        {"name": "C", "type": "formula"},
        {"name": "D", "type": "rating", "options": {"max": 99}},
        {"name": "E", "type": "multipleRecordLinks", "options": {"linkedTableId": "Nowhere"}},
        {"name": "d", "type": "singleLineText", "width": 3},
    ]

    text = await call.refused("create_table", table_id=None, name="New", fields=fields)

    assert text.startswith("Nothing was made.")
    for said in ("fields[0] has no name", "no type 'text'", "fields[2]", "fields[3]", "'Nowhere'", "'width'"):
        assert said in text
    assert "Two fields are called 'd'" in text


async def test_a_field_is_made_and_changed(call):
    made = await call("create_field", name="Due", type="date", options={"dateFormat": {"name": "iso"}})
    renamed = await call("update_field", field="Due", name="Until", description="the day")
    doubled = await call.refused("create_field", name="hours", type="number")
    bad = await call.refused("create_field", name="N", type="number", options={"precision": 99})

    assert made["type"] == "date"
    assert (renamed["id"], renamed["name"], renamed["description"]) == (made["id"], "Until", "the day")
    assert "There is a field 'hours' already" in doubled
    assert "Nothing was made." in bad


async def test_choices_are_added_and_renamed_and_none_is_lost(call):
    shown = await call("update_field", field="Status", add_choices=["Later"], dry_run=True)
    changed = await call(
        "update_field", field="Status", add_choices=["Later"], rename_choices={"todo": "Open"}
    )
    record = await call("get_record", record_id="recTask0000000003", fields=["Status"])
    unknown = await call.refused("update_field", field="Status", rename_choices={"Opne": "x"})
    doubled = await call.refused("update_field", field="Status", add_choices=["Done"])
    no_select = await call.refused("update_field", field="Hours", add_choices=["x"])

    assert len(shown["differences"][0]["after"]["options"]["choices"]) == 4
    assert [choice["name"] for choice in changed["options"]["choices"]] == ["Open", "Doing", "Done", "Later"]
    assert record["fields"] == {"Status": "Open"}
    assert "no choice 'Opne'" in unknown
    assert "'Done' twice" in doubled
    assert "choices are those of a select" in no_select


async def statuses(call):
    records = await call("get_records", fields=["Status"], max_records=3)
    return [record["fields"].get("Status") for record in records["records"]]


async def test_choices_given_as_options_are_known_by_their_names_and_keep_their_records(call):
    before = await statuses(call)
    options = {"choices": [{"name": "done"}, {"name": "Todo", "color": "redBright"}, {"name": "Doing"}]}

    changed = await call("update_field", field="Status", options=options)
    again = await call("update_field", field="Status", options={"choices": changed["options"]["choices"]})

    assert [choice["name"] for choice in changed["options"]["choices"]] == ["done", "Todo", "Doing"]
    assert changed["options"]["choices"][1]["color"] == "redBright"
    assert again["options"] == changed["options"]
    assert await statuses(call) == [name.replace("Done", "done") for name in before]


async def test_no_choice_goes_unasked(call):
    options = {"choices": [{"name": "Todo"}, {"name": "New"}]}

    shown = await call("update_field", field="Status", options=options, dry_run=True)
    asked = await call.refused("update_field", field="Status", options=options)
    kept = await call("get_field_info", fields=["Status"])
    changed = await call.agreed("update_field", field="Status", options=options)

    assert shown["differences"][0]["removed_choices"] == ["Doing", "Done"]
    assert 'Remove "Doing", "Done" from the choices of Status?' in asked
    assert kept["fields"][0]["choices"] == ["Todo", "Doing", "Done"]
    assert "New" in [choice["name"] for choice in changed["options"]["choices"]]


@pytest.mark.parametrize("choices", [None, 5, "Todo", {"name": "Todo"}])
async def test_choices_that_are_no_list_are_refused_with_their_form(call, choices):
    text = await call.refused("update_field", field="Status", options={"choices": choices})

    assert 'a list: {"choices": [{"name": "A"}, ...]}' in text
    assert "Nothing was changed" in text


@pytest.mark.parametrize("names", [{"add_choices": [""]}, {"rename_choices": {"Todo": ""}}])
async def test_a_choice_without_a_name_is_refused_by_a_rehearsal_as_by_the_change(call, names):
    rehearsed = await call.refused("update_field", field="Status", **names, dry_run=True)

    assert rehearsed.startswith("Nothing was made. The field: Single select")
    assert await call.refused("update_field", field="Status", **names) == rehearsed


@pytest.mark.parametrize("choice", [{"id": ["x"]}, {"id": {"x": 1}}, {"id": 5}])
async def test_an_id_of_a_choice_that_is_none_is_refused(call, choice):
    text = await call.refused("update_field", field="Status", options={"choices": [choice]})

    assert "has no choice of the id" in text


async def test_a_key_of_another_call_opens_no_way_round_the_question(call):
    keyed = call.keyed("once")
    await keyed("create_record", fields={"Name": "x"})

    text = await keyed.refused("update_field", field="Status", options={"choices": []})
    kept = await call("get_field_info", fields=["Status"])

    assert "key" in text
    assert kept["fields"][0]["choices"] == ["Todo", "Doing", "Done"]


async def test_a_consent_to_lose_choices_holds_for_these_choices_alone(call):
    text = await call.refused("update_field", field="Status", options={"choices": [{"name": "Todo"}]})
    handle = text.split("confirm='")[1].split("'")[0]

    other = await call.refused("update_field", field="Status", options={"choices": []}, confirm=handle)

    assert "confirm was refused" in other


async def test_choices_that_cannot_be_meant_are_refused_with_those_that_are(call):
    strange = {"choices": [{"id": "selNowhere0000001", "name": "Todo"}]}

    unknown = await call.refused("update_field", field="Status", options=strange)
    bare = await call.refused("update_field", field="Status", options={"choices": ["Todo", "Doing", "Done"]})
    doubled = await call.refused(
        "update_field", field="Status", options={"choices": [{"name": "Todo"}, {"name": "Todo"}]}
    )

    assert "no choice of the id 'selNowhere0000001'" in unknown
    assert "Doing (sel" in unknown
    assert "Nothing was made" in bare
    assert "twice" in doubled


@pytest.mark.parametrize(
    ("field", "options", "said"),
    [
        ("Hours", {"choices": [{"name": "A"}]}, "'Hours' is a number field. Number: options has no option"),
        ("Name", {"precision": 1}, "It takes none."),
        ("Status", {"precision": 1}, "It takes choices."),
        ("Owner", {"choices": []}, "It takes linkedTableId"),
        ("Hours", {"precision": 99}, "precision"),
    ],
)
async def test_options_of_another_type_are_refused_by_a_rehearsal_as_by_the_change(
    call, field, options, said
):
    rehearsed = await call.refused("update_field", field=field, options=options, dry_run=True)

    assert said in rehearsed
    assert await call.refused("update_field", field=field, options=options) == rehearsed


async def test_options_that_are_not_given_stay(call):
    money = {"precision": 2, "symbol": "€"}
    await call("create_field", name="Price", type="currency", options=money)

    shown = await call("update_field", field="Price", options={"precision": 0}, dry_run=True)
    changed = await call("update_field", field="Price", options={"precision": 0})

    assert (
        shown["differences"][0]["after"]["options"] == changed["options"] == {"precision": 0, "symbol": "€"}
    )


async def test_bases_are_listed_found_and_made(call, context):
    tables = [{"name": "T", "fields": [{"name": "Name", "type": "singleLineText"}]}]

    shown = await call(
        "create_base", **NOTHING, workspace_id="wspTwin0000000001", name="Garden", tables=tables, dry_run=True
    )
    before = await call("list_bases", **NOTHING)
    found = await call("search_bases", **NOTHING, query="wrok")
    none = await call("search_bases", **NOTHING, query="quite another")

    assert shown["differences"] == [{"after": tables[0]}]
    assert [base["name"] for base in before["bases"]] == ["Work"]
    assert [base["id"] for base in found["bases"]] == ["appWork0000000001"]
    assert none["bases"] == []


@pytest.mark.parametrize("workspace", ["wspNo", "My workspace", ""])
async def test_a_workspace_that_is_not_there_is_named_with_the_way_to_its_id(call, workspace):
    tables = [{"name": "T", "fields": [{"name": "Name", "type": "singleLineText"}]}]

    text = await call.refused("create_base", **NOTHING, workspace_id=workspace, name="Garden", tables=tables)

    assert repr(workspace) in text
    assert "ask the user for the id (wsp...)" in text


WORDS = ["Project", "Material", "Total", "Estimated", "Supplier", "Approved", "Delivery", "Notes", "Unit"]
TABLES, PAIRS = 34, 44
KINDS = (
    ["singleLineText"] * 152
    + ["formula"] * 67
    + ["multipleLookupValues"] * 54
    + ["number"] * 53
    + ["singleSelect"] * 49
    + ["date"] * 38
    + ["rollup"] * 12
    + ["multilineText"] * 26
)
"""The types of a real base of 34 tables and 539 fields, beside 88 links (44 pairs)."""

OPTIONS: dict[str, dict[str, Any]] = {
    "formula": {"formula": "1"},
    "number": {"precision": 2},
    "date": {"dateFormat": {"name": "iso"}},
    "singleSelect": {"choices": [{"name": "Planned"}, {"name": "Approved"}]},
    "rollup": {"formula": "SUM(values)"},
}


def a_wide_base():
    """A base of that size; each table has its share of every type."""
    tables: list[dict[str, Any]] = [
        {
            "id": f"tblWide{number:010}",
            "name": f"Construction {WORDS[number % 9].lower()} {number}",
            "primaryFieldId": f"fldWide{number:04}000000",
            "fields": [],
            "views": [{"id": f"viwWide{number:010}", "name": "Grid view", "type": "grid"}],
        }
        for number in range(TABLES)
    ]

    def add(number, type, options):
        fields = tables[number]["fields"]
        name = f"{WORDS[len(fields) % 9]} {WORDS[(number + len(fields) // 3) % 9].lower()} {len(fields)}"
        field = {"id": f"fldWide{number:04}{len(fields):06}", "name": name, "type": type, "options": options}
        fields.append(field)
        return field

    for number in range(TABLES):
        add(number, "singleLineText", {})
    for pair in range(PAIRS):
        one, other = pair % TABLES, (pair + 1) % TABLES
        here, there = add(one, "multipleRecordLinks", {}), add(other, "multipleRecordLinks", {})
        here["options"] = {"linkedTableId": tables[other]["id"], "inverseLinkFieldId": there["id"]}
        there["options"] = {"linkedTableId": tables[one]["id"], "inverseLinkFieldId": here["id"]}
    for index, kind in enumerate(KINDS[TABLES:]):
        number = index % TABLES
        options = dict(OPTIONS.get(kind, {}))
        if kind in ("multipleLookupValues", "rollup"):
            link = next(f for f in tables[number]["fields"] if f["type"] == "multipleRecordLinks")
            linked = next(t for t in tables if t["id"] == link["options"]["linkedTableId"])
            options |= {"recordLinkFieldId": link["id"], "fieldIdInLinkedTable": linked["primaryFieldId"]}
        add(number, kind, options)
    return {"id": "appWide0000000001", "name": "Wide", "tables": tables}


async def test_a_wide_base_fits_into_six_thousand_tokens(call, store):
    import_document(store, {"users": [], "bases": [a_wide_base()]})
    wide = {"base_id": "Wide", "table_id": None}

    answer = await call("list_tables", **wide)
    text = await call.text("list_tables", **wide)
    ids = await call("list_tables", **wide, detail="ids", tables=["tblWide0000000003"])
    brief = await call("list_tables", **wide, detail="tables")

    types = [type for table in answer["tables"] for type in table["fields"].values()]
    assert len(answer["tables"]) == TABLES
    assert len(types) == 539
    assert types.count("multipleRecordLinks") == 88
    assert "cut" not in answer
    assert len(json.dumps(answer, ensure_ascii=False, separators=(",", ":"))) / 4 <= 6_000
    assert len(text) / 4 <= 6_000
    assert "fldWide0003000000" in ids["tables"][0]["field_ids"].values()
    assert "fields" not in brief["tables"][0]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("create_table", {"table_id": None, "name": "New", "fields": [{"name": "N", "type": "email"}]}),
        ("create_field", {"name": "New", "type": "singleSelect", "options": {"choices": [{"name": "A"}]}}),
        ("update_table", {"name": "Jobs", "description": "d"}),
        ("update_field", {"field": "Hours", "name": "Effort"}),
        ("update_field", {"field": "Status", "add_choices": ["Later"], "rename_choices": {"Todo": "Open"}}),
        (
            "update_field",
            {
                "field": "Status",
                "options": {"choices": [{"name": name} for name in ("Todo", "Doing", "Done", "New")]},
            },
        ),
    ],
)
async def test_a_change_of_the_schema_under_one_key_is_made_once_and_answered_as_it_was(
    call, tool, arguments
):
    keyed = call.keyed("key-1")

    first = await keyed(tool, **arguments)
    again = await keyed(tool, **arguments)

    assert again == first
    assert len((await call("list_changes", base_id=None, table_id=None))["changes"]) == 1


async def test_another_change_of_the_schema_under_the_same_key_is_refused(call):
    keyed = call.keyed("key-1")
    await keyed("update_field", field="Hours", name="Effort")

    other = await keyed.refused("update_field", field="Hours", name="Time")

    assert "key-1" in other
    assert (await call("get_field_info", fields=["Effort"]))["fields"][0]["name"] == "Effort"


async def test_choices_that_went_with_consent_are_not_asked_for_again(call):
    options = {"choices": [{"name": "Todo"}, {"name": "New"}]}
    keyed = call.keyed("key-1")
    asked = await keyed.refused("update_field", field="Status", options=options)
    handle = asked.split("confirm='")[1].split("'")[0]

    first = await keyed("update_field", field="Status", options=options, confirm=handle)
    again = await keyed("update_field", field="Status", options=options, confirm=handle)

    assert again == first


@pytest.fixture
async def somebody_else(airtable):
    """A client of the same Airtable whose changes nobody tells us."""
    async with PyAirtableGateway(FixedEndpoint(Endpoint(airtable, "patOther")), rate_limit=None) as gateway:
        yield gateway


TEXT = {"name": "Name", "type": "singleLineText"}


async def test_what_somebody_else_made_is_found_though_the_schema_is_kept(call, somebody_else):
    await call("list_tables", table_id=None)
    await somebody_else.create_table("Work", "Fresh", [TEXT, {"name": "More", "type": "email"}])

    described = await call("describe_table", table="Fresh", fields=["More"])
    told = await call("get_field_info", table="Fresh", fields=["More"])
    listed = await call("list_tables", table_id=None, tables=["Fresh"])

    assert described["fields"][0]["type"] == told["fields"][0]["type"] == "email"
    assert [table["name"] for table in listed["tables"]] == ["Fresh"]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("describe_table", {"fields": ["Late"]}),
        ("get_field_info", {"fields": ["Late"]}),
        ("update_field", {"field": "Late", "description": "d"}),
        ("create_webhook", {"fields": ["Late"]}),
    ],
)
async def test_a_field_that_somebody_else_made_is_found(call, somebody_else, tool, arguments):
    await call("describe_table")
    await somebody_else.create_field("Work", "Tasks", "Late", "email")

    assert await call(tool, **arguments)


async def test_what_somebody_else_renamed_or_made_is_free_or_taken_as_it_is_now(call, somebody_else):
    await call("describe_table")
    await somebody_else.update_table("Work", "People", name="Persons")
    await somebody_else.update_field("Work", "Tasks", "fldHours000000001", name="Effort")

    made = await call("create_table", table_id=None, name="People", fields=[TEXT])
    field = await call("create_field", name="Hours", type="email")
    taken = await call.refused("create_table", table_id=None, name="Persons", fields=[TEXT])
    effort = await call.refused("create_field", name="Effort", type="email", dry_run=True)

    assert made["name"] == "People"
    assert field["name"] == "Hours"
    assert "There is a table 'Persons' already" in taken
    assert "There is a field 'Effort' already" in effort


async def test_a_table_is_renamed_as_it_is_now(call, somebody_else):
    await call("describe_table")
    await somebody_else.create_table("Work", "Fresh", [TEXT])
    await somebody_else.update_table("Work", "People", name="Persons")

    shown = await call("update_table", table="Fresh", name="People", dry_run=True)
    taken = await call.refused("update_table", table="Fresh", name="Persons")

    assert shown["differences"][0]["after"]["name"] == "People"
    assert "There is a table 'Persons' already" in taken
