"""One rule for names in every tool: id, exact name, or a name in another case where only one can be meant."""

from typing import Any

import httpx2
import pytest

from airtable_gateway import Endpoint, FieldSchema, FixedEndpoint, TableSchema
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from pyairtable_mcp.naming import written_rows
from pyairtable_mcp.writing import choices


@pytest.fixture
async def todo(context):
    """The id of the choice Todo."""
    status = (await context.gateway.schema("Work")).table("Tasks").field("Status")
    return next(choice["id"] for choice in status.options["choices"] if choice["name"] == "Todo")


async def test_written_fields_and_choices_are_named_as_everything_else(call, todo):
    by_id = await call("create_record", fields={"fldTaskName000001": "a", "fldStatus00000001": todo})
    by_case = await call("create_record", fields={"NAME": "b", " status ": "doing"})
    changed = await call("update_record", record_id=by_id["id"], fields={"status": "DONE"})
    batch = await call("batch_create_records", records=[{"name": "c", "Status": todo}, {"Name": "d"}])
    checked = await call("validate_record", fields={"name": "e", "STATUS": todo})

    assert by_id["fields"]["Status"] == "Todo"
    assert by_case["fields"] | {"Status": "Doing", "Name": "b"} == by_case["fields"]
    assert changed["fields"]["Status"] == "Done"
    assert batch["created_records"][0]["fields"]["Status"] == "Todo"
    assert checked["fields"] == {"Name": "e", "Status": "Todo"}


async def test_choices_of_several_are_named_the_same_way(call, context):
    choices = [{"name": "red"}, {"name": "Red"}, {"name": "Blue"}]
    await context.gateway.create_field(
        "Work", "Tasks", "Tags", "multipleSelects", options={"choices": choices}
    )

    exact = await call("create_record", fields={"Tags": ["red", "Red", "blue"]})
    unclear = await call.refused("create_record", fields={"Tags": ["RED"]})

    assert exact["fields"]["Tags"] == ["red", "Red", "Blue"]
    assert '"RED"' in unclear


class Counted(dict[str, Any]):
    """Options that count how often their choices are looked through."""

    looks = 0

    def get(self, key: str, otherwise: Any = None) -> Any:
        """The option."""
        self.looks += 1
        return super().get(key, otherwise)


def looks(count: int) -> int:
    """How often a select's choices are looked through for as many rows and choices."""
    names = [f"Choice {number}" for number in range(count)]
    options = Counted({"choices": [{"id": f"sel{name}", "name": name} for name in names]})
    table = TableSchema(
        "tbl1", "Table", "fld1", (FieldSchema("fld1", "Kind", "multipleSelects", "", options),)
    )

    written_rows(table, [{"kind": [name.upper()]} for name in names])
    choices.kept(table.fields[0], {"choices": [{"name": name.upper()} for name in names]})
    choices.grown(table.fields[0], ["New"], {name.upper(): f"{name}!" for name in names})

    return options.looks


def test_choices_are_looked_through_once_for_all_rows_and_for_all_choices():
    assert looks(2) == looks(50)


async def test_one_field_named_twice_is_refused(call):
    text = await call.refused("create_record", fields={"Name": "a", "name": "b"})

    assert "'Name' and 'name' name the same field, 'Name'" in text
    assert (await call("get_records"))["total"] == 30


async def test_a_choice_that_is_newer_than_the_schema_that_is_kept_is_taken(call, context):
    await call("get_records")
    await context.gateway.create("Work", "Tasks", [{"Name": "x", "Status": "Brand new"}], typecast=True)

    written = await call("create_record", fields={"Status": "Brand new"})

    assert written["fields"]["Status"] == "Brand new"


async def test_an_empty_list_of_fields_means_all_in_every_tool(call):
    listed = await call("get_records", fields=[], sort=[], max_records=1)
    exported = await call("export_table_csv", fields=[])
    profiled = await call("analyze_table_data", fields=[])
    found = await call("search_records", query="ada", fields=[])
    described = await call("get_field_info", fields=[])
    tables = await call("list_tables", table=None, table_id=None, tables=[])

    assert listed["records"][0]["fields"]["Name"] == "Task 1"
    assert len(exported["fields_exported"]) == 7
    assert "recTask0000000001,Task 1," in exported["full_csv_data"]
    assert len(profiled["field_analysis"]) == 7
    assert found["returned"] == 15
    assert len(described["fields"]) == 7
    assert len(tables["tables"]) == 2
    assert "at least 1" in await call.refused("find_duplicates", fields=[])


async def test_tables_and_fields_are_chosen_by_any_name(call):
    tables = await call("list_tables", table=None, table_id=None, tables=["tasks"])
    fields = await call("get_field_info", fields=["fldHours000000001", "status"])

    assert [table["name"] for table in tables["tables"]] == ["Tasks"]
    assert tables["table_count"] == 2
    assert [field["name"] for field in fields["fields"]] == ["Hours", "Status"]
    assert fields["total_fields"] == 7


async def test_what_others_made_meanwhile_is_found_by_its_name(call, context, airtable):
    await call("list_tables", base_id="Work")
    async with PyAirtableGateway(FixedEndpoint(Endpoint(airtable, "patTest")), rate_limit=None) as other:
        await other.create_table("Work", "Ideas", [{"name": "Idea", "type": "singleLineText"}])
        await other.create_field("Work", "Tasks", "Mood", "singleLineText")

    made = await call("create_record", table_id="Ideas", fields={"Idea": "Fly"})
    profile = await call("analyze_table_data", fields=["Mood"])
    found = await call("find_duplicates", table_id="ideas", fields=["Idea"])
    exported = await call("export_table_csv", table_id="Tasks", fields=["Mood"], max_records=1)

    assert made["fields"] == {"Idea": "Fly"}
    assert list(profile["field_analysis"]) == ["Mood"]
    assert found["total_records_checked"] == 1
    assert exported["fields_exported"] == ["Mood"]


async def test_many_tables_that_are_not_there_cost_one_look(call, airtable):
    await call("list_tables", base_id="Work")

    async with httpx2.AsyncClient(headers={"Authorization": "Bearer patTest"}) as http:
        before = (await http.get(f"{airtable}/_twin/counts")).json()
        text = await call.refused("list_tables", tables=[f"Nope {number}" for number in range(50)])
        after = (await http.get(f"{airtable}/_twin/counts")).json()

    assert "There is no table 'Nope 0'" in text
    assert after["answers"]["200"] - before["answers"]["200"] <= 2
