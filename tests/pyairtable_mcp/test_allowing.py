"""What the server's owner did not list does not exist for its tools."""

from dataclasses import replace

import pytest

from airtable_gateway import Endpoint, FixedEndpoint, JournaledGateway, MemoryJournal, RecordQuery
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from pyairtable_mcp import AllowedGateway, AllowList, Caps


@pytest.fixture
def limited(airtable, context, call):
    """Makes a caller that is limited to what the lists name."""

    def make(**lists):
        allowed = AllowList(**lists)
        inner = PyAirtableGateway(FixedEndpoint(Endpoint(airtable, "patTest")), rate_limit=None)
        gateway = JournaledGateway(AllowedGateway(inner, allowed), MemoryJournal())
        return call.on(replace(context, gateway=gateway, allowed=allowed))

    return make


@pytest.mark.parametrize("listed", ["Tasks", "tasks", "tblTasks000000001"])
async def test_a_table_that_is_not_listed_is_neither_shown_nor_read_nor_written(limited, listed):
    call = limited(tables=[listed])

    async with call.context.gateway:
        tables = await call("list_tables", table_id=None)
        read = await call("get_records", max_records=1)
        refusals = [
            await call.refused("get_records", table="People"),
            await call.refused("get_records", table="tblPeople00000001"),
            await call.refused("get_record", table="People", record_id="recAda00000000001"),
            await call.refused("create_record", table="People", fields={"Name": "x"}),
            await call.refused("list_comments", table="People", record_id="recAda00000000001"),
            await call.refused("update_table", table="People", name="Mine"),
        ]
        made = await call.refused("create_metadata_table", table_id=None)

    assert [table["name"] for table in tables["tables"]] == ["Tasks"]
    assert read["returned"] == 1
    for text in refusals:
        assert "There is no table" in text
        assert '"Tasks"' in text
    assert "may not make the table" in made


@pytest.mark.parametrize("name", ["Zoe", "Ada O'Brien"])
async def test_typecasting_neither_finds_nor_adds_a_record_of_a_table_that_is_not_listed(limited, name):
    call = limited(tables=["Tasks"])
    row = {"Name": "x", "owner": [name]}

    async with call.context.gateway:
        refusals = [
            await call.refused("create_record", fields=row, typecast=True, dry_run=True),
            await call.refused("create_record", fields=row, typecast=True),
            await call.refused(
                "update_record", record_id="recTask0000000001", fields={"Owner": name}, typecast=True
            ),
        ]
        upserted = await call("upsert_records", records=[row], merge_on=["Name"], typecast=True)
        linked = await call("create_record", fields={"Owner": ["recAda00000000001"]}, typecast=True)
        emptied = await call("create_record", fields={"Owner": None, "Hours": "5"}, typecast=True)

    assert all("Owner links to a table that this server may not use" in text for text in refusals)
    assert "Owner links to a table that this server may not use" in upserted["errors"][0]["error"]
    assert linked["fields"]["Owner"] == ["recAda00000000001"]
    assert emptied["fields"]["Hours"] == 5
    assert await people(call) == 2


async def people(call):
    async with PyAirtableGateway(call.context.endpoints, rate_limit=None) as gateway:
        return len((await gateway.page("Work", "People", RecordQuery())).records)


async def test_links_to_a_table_that_is_not_listed_stay_ids(limited):
    call = limited(tables=["Tasks"])

    async with call.context.gateway:
        answer = await call("evaluate_formula", formula="{Owner}", record_ids=["recTask0000000002"])
        checked = await call("validate_record", fields={"Owner": ["recAda00000000001"]})

    assert answer["results"] == [{"id": "recTask0000000002", "value": ["recAda00000000001"]}]
    assert checked["valid"]
    assert "not_looked_up" in [warning["code"] for warning in checked["warnings"]]


@pytest.mark.parametrize("listed", ["Work", "appWork0000000001"])
async def test_a_base_that_is_listed_may_be_named_either_way(limited, listed):
    call = limited(bases=[listed])

    async with call.context.gateway:
        by_name = await call("get_records", max_records=1)
        by_id = await call("get_records", base_id="appWork0000000001", max_records=1)
        bases = await call("list_bases", base_id=None, table_id=None)

    assert by_name["records"] == by_id["records"]
    assert [base["name"] for base in bases["bases"]] == ["Work"]


async def test_a_base_that_is_not_listed_does_not_exist(limited):
    call = limited(bases=["Other"])

    async with call.context.gateway:
        bases = await call("list_bases", base_id=None, table_id=None)
        by_name = await call.refused("list_tables", table_id=None)
        by_id = await call.refused("get_records", base_id="appWork0000000001", table="tblTasks000000001")
        made = await call.refused(
            "create_base",
            base_id=None,
            table_id=None,
            workspace_id="wspTwin0000000001",
            name="New",
            tables=[{"name": "T", "fields": [{"name": "Name", "type": "singleLineText"}]}],
        )

    assert bases["bases"] == []
    assert "There is no base 'Work'" in by_name
    assert "There is no base 'appWork0000000001'" in by_id
    assert "may not make the base" in made


async def test_one_call_reads_and_writes_no_more_than_it_may(call, context):
    few = call.on(replace(context, caps=Caps(read=20, written=5)))

    read = await few.refused("find_duplicates", fields=["Name"])
    written = await few.refused("batch_create_records", records=[{"Name": str(n)} for n in range(6)])
    some = await few("analyze_table_data", sample_size=20)

    assert "more than the 20 records that one call may read" in read
    assert "may write 5 records, and this one would write 6" in written
    assert some["analysis_summary"]["records_analyzed"] == 20
    assert (await call("get_records"))["total"] == 30
