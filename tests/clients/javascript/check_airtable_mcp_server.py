"""The npm package airtable-mcp-server against the local Airtable, through its tools over stdio.

It judges every answer by schemas of its own before it passes it on. Needs `npm ci` here: `make test-clients`.
"""

import base64
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

HERE = Path(__file__).parent
PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
).decode()

Tool = Callable[..., Coroutine[Any, Any, Any]]


@pytest.fixture
def connect(gallery):
    """Starts the package with its hosts led to the local Airtable; inside, its tools are called by name."""

    @asynccontextmanager
    async def connected() -> AsyncIterator[Tool]:
        server = StdioServerParameters(
            command="node",
            args=["--require", "./redirect.cjs", "node_modules/airtable-mcp-server/dist/main.js"],
            cwd=HERE,
            env={"AIRTABLE_API_KEY": "patAny", "AIRTABLE_ENDPOINT_URL": gallery.url},
        )
        async with Client(server) as client:

            async def call(tool: str, **arguments: Any) -> Any:
                result = await client.call_tool(tool, {"baseId": gallery.base, **arguments})
                assert not result.is_error, str(result.content)
                return result.structured_content

            yield call

    return connected


async def test_it_reads_bases_and_schema_in_every_detail(gallery, connect):
    async with connect() as call:
        bases = await call("list_bases")
        tables = await call("list_tables")
        names = await call("list_tables", detailLevel="identifiersOnly")
        described = await call("describe_table", tableId=gallery.things)

    assert bases["bases"] == [{"id": gallery.base, "name": "Gallery", "permissionLevel": "create"}]
    assert [table["name"] for table in tables["tables"]] == ["Things", "Parts"]
    assert {field["name"] for field in names["tables"][1]["fields"]} == {"Part", "Weight", "Things"}
    types = {field["name"]: field["type"] for field in described["table"]["fields"]}
    assert types["Part weights"] == "multipleLookupValues"
    assert types["Open"] == "button"


async def test_it_lists_searches_and_gets_records(gallery, connect):
    async with connect() as call:
        listed = await call(
            "list_records",
            tableId="Things",
            filterByFormula="{Amount} < 20",
            sort=[{"field": "Amount", "direction": "asc"}],
            fields=["Name"],
        )
        viewed = await call("list_records", tableId=gallery.things, view="Large")
        found = await call("search_records", tableId=gallery.things, searchTerm="stands")
        one = await call("get_record", tableId=gallery.things, recordId=gallery.table)

    assert [record["fields"] for record in listed["records"]] == [{"Name": "Stool"}, {"Name": "Table"}]
    assert [record["id"] for record in viewed["records"]] == [gallery.shelf, gallery.table]
    assert [record["id"] for record in found["records"]] == [gallery.table]
    assert one["fields"]["Weight"] == 5.5


async def test_it_writes_with_typecast(gallery, connect):
    async with connect() as call:
        made = await call(
            "create_record",
            tableId="Things",
            fields={
                "Name": "Lamp",
                "Amount": "$1,234.5",
                "Status": "Sold",
                "Parts": "Leg, Shade",
                "Labels": "red, green",
            },
        )
        changed = await call(
            "update_records",
            tableId="Things",
            records=[{"id": made["id"], "fields": {"Done": "checked", "Share": "50%"}}],
        )
        parts = await call("list_records", tableId="Parts", filterByFormula='{Part} = "Shade"')
        gone = await call("delete_records", tableId="Things", recordIds=[made["id"], gallery.stool])

    assert made["fields"]["Amount"] == 1234.5
    assert made["fields"]["Status"] == "Sold"
    assert made["fields"]["Labels"] == ["red", "green"]
    assert made["fields"]["Parts"] == [gallery.leg, parts["records"][0]["id"]]
    assert changed["records"][0]["fields"]["Done"] is True
    assert changed["records"][0]["fields"]["Share"] == 0.5
    assert [record["id"] for record in gone["records"]] == [made["id"], gallery.stool]


async def test_it_makes_and_changes_tables_and_fields(gallery, connect):
    choices = {"choices": [{"name": "a"}, {"name": "b", "color": "redBright"}]}
    async with connect() as call:
        table = (
            await call(
                "create_table",
                name="New",
                description="Made here",
                fields=[{"name": "Title", "type": "singleLineText"}],
            )
        )["table"]
        field = (
            await call(
                "create_field",
                tableId=table["id"],
                nested={"field": {"name": "Kind", "type": "singleSelect", "options": choices}},
            )
        )["field"]
        renamed = (
            await call(
                "update_field", tableId=table["id"], fieldId=field["id"], name="Sort", description="Which one"
            )
        )["field"]
        moved = (await call("update_table", tableId=table["id"], name="Newer"))["table"]

    assert [view["name"] for view in table["views"]] == ["Grid view"]
    assert [choice["name"] for choice in field["options"]["choices"]] == ["a", "b"]
    assert (renamed["name"], renamed["description"]) == ("Sort", "Which one")
    assert moved["name"] == "Newer"


async def test_it_comments(gallery, connect):
    async with connect() as call:
        first = (
            await call(
                "create_comment", tableId="Things", recordId=gallery.table, text="Ask @[usrAda00000000000]"
            )
        )["comment"]
        await call(
            "create_comment",
            tableId="Things",
            recordId=gallery.table,
            text="Done",
            parentCommentId=first["id"],
        )
        listed = await call("list_comments", tableId="Things", recordId=gallery.table, pageSize=1)
        rest = await call("list_comments", tableId="Things", recordId=gallery.table, offset=listed["offset"])

    assert first["author"]["email"] == "developer@example.com"
    texts = [comment["text"] for comment in listed["comments"] + rest["comments"]]
    assert sorted(texts) == ["Ask @[usrAda00000000000]", "Done"]
    assert rest["offset"] is None


async def test_it_uploads_to_the_content_host(gallery, connect):
    async with connect() as call:
        record = await call(
            "upload_attachment",
            recordId=gallery.table,
            attachmentFieldIdOrName="Files",
            file=PIXEL,
            filename="pixel.png",
            contentType="image/png",
        )

    (attachment,) = record["fields"][gallery.files]
    assert (attachment["filename"], attachment["type"], attachment["width"]) == ("pixel.png", "image/png", 1)


async def test_it_passes_on_airtables_refusals(gallery, connect):
    async with connect() as call:
        with pytest.raises(AssertionError, match="UNKNOWN_FIELD_NAME"):
            await call("create_record", tableId="Things", fields={"Nope": 1})
        with pytest.raises(AssertionError, match="INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"):
            await call("get_record", tableId="Nowhere", recordId=gallery.table)
        with pytest.raises(AssertionError, match="INVALID_FILTER_BY_FORMULA"):
            await call("list_records", tableId="Things", filterByFormula="{Nope} = 1")
