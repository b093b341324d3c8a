"""Every answer stays within its budget, says what it leaves out, and says how to get it."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp import Client
from mcp.types import TextContent, TextResourceContents

from airtable_gateway import Endpoint, FixedEndpoint, JournaledGateway, MemoryJournal
from airtable_gateway.mirror.mirrors import Mirrors
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document
from pyairtable_mcp import RESULT_BUDGET, TOOLS, ToolContext, build_server
from pyairtable_mcp.answers.bounding import bounded, weight

LONG = "long cell, " * 9_000


def a_table(number: int, names: list[str], **more: Any) -> dict[str, Any]:
    """A table of text fields, the first one primary."""
    fields = [
        {"id": f"fld{number:04}{index:010}", "name": name, "type": "singleLineText"}
        for index, name in enumerate(names)
    ]
    return {
        "id": f"tbl{number:014}",
        "name": f"Table {number}",
        "primaryFieldId": fields[0]["id"],
        "fields": [*fields, *more.get("fields", ())],
        "views": [],
    }


WIDE = a_table(500, [f"Quite a long name of a column, number {index}" for index in range(500)])
CHOICES = {
    "id": "fldChoices0000001",
    "name": "Choice",
    "type": "singleSelect",
    "options": {"choices": [{"name": f"The choice of the number {index}"} for index in range(4_000)]},
}
NOTES = {"id": "fldNotes000000001", "name": "Notes", "type": "multilineText"}
TALL = a_table(600, ["Name"], fields=[NOTES, CHOICES])
SAME = a_table(700, ["Name", "Other"])

HUGE: dict[str, Any] = {
    "id": "appHuge0000000001",
    "name": "Huge",
    "tables": [
        *(a_table(number, [f"Column {number} {index}" for index in range(20)]) for number in range(200)),
        WIDE,
        TALL,
        SAME,
    ],
    "records": {
        WIDE["id"]: [
            {
                "id": f"recWide{number:010}",
                "fields": {field["name"]: f"{number} text" for field in WIDE["fields"]},
            }
            for number in range(12)
        ],
        TALL["id"]: [
            {"id": f"recTall{number:010}", "fields": {"Name": f"N{number}", "Notes": f"{number} {LONG}"}}
            for number in range(5)
        ],
        SAME["id"]: [
            {"id": f"recSame{number:010}", "fields": {"Name": "the same name", "Other": f"Row {number}"}}
            for number in range(1_107)
        ],
    },
}  # fmt: skip

_SYNC = {"source_base_id": "Huge", "target_base_id": "Huge", "target_table_id": "Table 3"}
CALLS: dict[str, list[dict[str, Any]]] = {
    "list_tables": [{}, {"tables": ["Table 500", "Table 3"]}, {"tables": ["x" * 100_000]}],
    "get_records": [
        {"table_id": "Table 600"},
        {"table_id": "Table 500"},
        {"table_id": "Table 700", "max_records": 5_000},
        {"table_id": "Table 700", "filter_by_formula": "{" + "x" * 15_000},
        {"table_id": "Table 700", "fields": ["y" * 50_000], "cursor": "z" * 100_000},
    ],
    "create_record": [
        {"table_id": "Table 600", "fields": {"Notes": LONG}},
        {"table_id": "Table 600", "fields": {f"{index} {LONG}": LONG for index in range(30)}},
    ],
    "update_record": [
        {"table_id": "Table 600", "record_id": "recTall0000000001", "fields": {"Notes": LONG}},
        {"table_id": "Table 600", "record_id": "r" * 90_000, "fields": {"Notes": LONG}},
    ],
    "delete_record": [{"table_id": "Table 600", "record_id": "r" * 90_000}],
    "search_records": [
        {"table_id": "Table 600", "query": "long cell"},
        {"table_id": "Table 500", "query": "text"},
        {"table_id": "Table 500", "query": '"' * 900},
    ],
    "create_metadata_table": [{}, {"table_name": "x" * 90_000}],
    "batch_create_records": [
        {"table_id": "Table 700", "records": [{"Name": f"{'x' * 200} {index}"} for index in range(300)]},
        {"table_id": "Table 700", "records": [{"Nope" * 1000: index} for index in range(300)]},
    ],
    "batch_update_records": [
        {
            "table_id": "Table 700",
            "records": [
                {"id": f"recSame{index:010}", "fields": {"Other": "y" * 300}} for index in range(400)
            ],
        },
        {"table_id": "Table 700", "records": [{"id": index} for index in range(2_000)]},
    ],
    "get_field_info": [{"table_id": "Table 600"}, {"table_id": "Table 500"}],
    "analyze_table_data": [{"table_id": "Table 500"}, {"table_id": "Table 600"}],
    "find_duplicates": [
        {"table_id": "Table 700", "fields": ["Name"]},
        {"table_id": "Table 600", "fields": ["Notes"], "ignore_empty": False, "threshold": 0.5},
    ],
    "export_table_csv": [{"table_id": "Table 600"}, {"table_id": "Table 600", "max_records": 2}],
    "sync_tables": [
        {**_SYNC, "source_table_id": "Table 600", "key_field": "Name"},
        {**_SYNC, "source_table_id": "Table 700", "target_table_id": "Table 500", "key_field": "q" * 90_000},
    ],
    "evaluate_formula": [
        {"formula": "{A}", "fields": {"A": "x" * 300_000}},
        {"formula": "{Notes}", "table_id": "Table 600"},
        {"formula": "{Name}", "table_id": "Table 700", "record_ids": ["recMissing0000001"] * 1_000},
        {"formula": "{A}", "field_types": {"A" * 90_000: "q" * 90_000}},
    ],
    "validate_formula": [
        {"formula": "+".join(f"{{no such field {index}}}" for index in range(900)), "table_id": "Table 600"},
        {"formula": '"' + "x" * 45_000},
    ],
    "validate_record": [
        {"table_id": "Table 600", "fields": {"Notes": LONG}},
        {"table_id": "Table 600", "fields": {f"No {index} {'x' * 500}": 1 for index in range(600)}},
    ],
    "convert_field_preview": [
        {"table_id": "Table 600", "field": "Notes", "to_type": "singleSelect"},
        {"table_id": "Table 600", "field": "Notes", "to_type": "number"},
    ],
}
CALLS |= {
    "list_bases": [{}],
    "get_record": [
        {"table_id": "Table 600", "record_id": "recTall0000000002"},
        {"table_id": "Table 600", "record_id": "r" * 90_000, "fields": ["f" * 90_000]},
    ],
    "list_changes": [{"limit": 100}, {"change_id": "x" * 90_000}, {"record_id": "x" * 90_000}],
    "undo_change": [{"change_id": "chg" + "x" * 90_000}],
    "upsert_records": [
        {
            "table_id": "Table 700",
            "records": [{"Name": f"{'n' * 300} {index}"} for index in range(300)],
            "merge_on": ["Name"],
        },
        {"table_id": "Table 700", "records": [{"Other": "x"}] * 3_000, "merge_on": ["Name"]},
    ],
    "delete_records": [
        {"table_id": "Table 700", "record_ids": [f"recSame{index:010}" for index in range(1_107)]},
        {"table_id": "Table 700", "record_ids": ["recTall0000000001"], "dry_run": True},
        {"table_id": "Table 600", "record_ids": [f"recTall{i:010}" for i in range(5)], "dry_run": True},
    ],
    "describe_table": [
        {"table_id": "Table 500", "detail": "full"},
        {"table_id": "Table 600", "detail": "full"},
    ],
    "list_views": [{"table_id": "Table 600"}],
    "create_table": [
        {"name": "n" * 90_000, "fields": [{"name": f"{i} {'f' * 900}", "type": "x"} for i in range(500)]},
        {"name": "New", "fields": [{"name": "a", "type": "singleSelect", "options": CHOICES["options"]}]},
    ],
    "update_table": [{"table_id": "Table 7", "description": "d" * 300_000}],
    "create_field": [
        {"table_id": "Table 8", "name": "c", "type": "singleSelect", "options": CHOICES["options"]},
        {"table_id": "Table 8", "name": "n" * 90_000, "type": "t" * 90_000},
    ],
    "update_field": [
        {"table_id": "Table 600", "field": "Choice", "add_choices": ["more"], "dry_run": True},
        {"table_id": "Table 600", "field": "Choice", "rename_choices": {"q" * 90_000: "r" * 90_000}},
    ],
    "search_bases": [{"query": "x" * 90_000}],
    "create_base": [
        {"workspace_id": "w", "name": "x" * 90_000, "tables": [{"name": "T", "fields": [{"a": "b"}] * 900}]}
    ],
    "list_comments": [{"table_id": "Table 600", "record_id": "recTall0000000001"}],
    "create_comment": [{"table_id": "Table 600", "record_id": "recTall0000000001", "text": LONG}],
    "update_comment": [
        {"table_id": "Table 600", "record_id": "recTall0000000001", "comment_id": "c" * 90_000, "text": LONG}
    ],
    "delete_comment": [
        {"table_id": "Table 600", "record_id": "recTall0000000001", "comment_id": "c" * 90_000}
    ],
    "add_attachment": [
        {"table_id": "Table 600", "record_id": "recTall0000000001", "field": "Notes", "url": "u" * 90_000},
        {"table_id": "Table 600", "record_id": "recTall0000000001", "field": "g" * 90_000, "path": "p"},
    ],
    "download_attachment": [
        {"table_id": "Table 600", "record_id": "recTall0000000001", "field": "g" * 90_000}
    ],
    "query_mirror": [
        {"sql": 'SELECT * FROM "Table 600"'},
        {"sql": "SELECT " + "x" * 90_000},
        {"sql": f'SELECT "{"q" * 9_000}" FROM "Table 500"'},
    ],
    "list_webhooks": [{}],
    "create_webhook": [
        {"table_id": "Table 500", "fields": [f"f{i}" for i in range(9_000)], "dry_run": True},
        {"notification_url": "https://example.com/" + "u" * 90_000, "dry_run": True},
    ],
    "refresh_webhook": [{"webhook_id": "a" * 90_000}],
    "delete_webhook": [{"webhook_id": "a" * 90_000}],
    "list_webhook_payloads": [{"webhook_id": "a" * 90_000}],
}  # fmt: skip
_WITHOUT_BASE = {"list_bases", "search_bases", "create_base", "undo_change", "list_changes", "sync_tables"}
CASES = [(tool, index) for tool, calls in CALLS.items() for index in range(len(calls))]


@pytest.fixture(scope="module")
def huge() -> Any:
    """The address of an Airtable with more of everything than an answer holds."""
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": [HUGE]})
        with TwinServer(create_app(store, tokens=AnyToken())) as url:
            yield url


@pytest.fixture
async def context(huge: str, tmp_path: Path) -> AsyncIterator[ToolContext]:
    """What the tools work with."""
    mirrors = Mirrors(tmp_path / "mirrors")
    inner = PyAirtableGateway(
        FixedEndpoint(Endpoint(huge, "patTest")), rate_limit=None, ports=Ports(mirrors=mirrors)
    )
    async with JournaledGateway(inner, MemoryJournal()) as gateway, mirrors:
        yield ToolContext(gateway, exports=tmp_path)


def with_base(tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments, on the base Huge where the tool takes one base."""
    takes_one = not (tool in _WITHOUT_BASE or (tool == "evaluate_formula" and "table_id" not in arguments))
    return {"base_id": "Huge", **arguments} if takes_one else arguments


async def ask(
    context: ToolContext, tool: str, arguments: dict[str, Any]
) -> tuple[str, dict[str, Any] | None]:
    """Both forms of the answer."""
    async with Client(build_server(context, tools=TOOLS)) as client:
        result = await client.call_tool(tool, with_base(tool, arguments))
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text, result.structured_content


async def read(context: ToolContext, uri: str) -> TextResourceContents:
    """A resource."""
    async with Client(build_server(context, tools=TOOLS)) as client:
        contents = (await client.read_resource(uri)).contents[0]
    assert isinstance(contents, TextResourceContents)
    return contents


def test_every_tool_is_held():
    assert sorted(CALLS) == sorted(tool.name for tool in TOOLS)


@pytest.mark.parametrize(("tool", "index"), CASES)
async def test_no_answer_is_longer_than_its_budget(context, tool, index):
    text, structured = await ask(context, tool, CALLS[tool][index])

    assert len(text) <= RESULT_BUDGET
    if structured is not None:
        assert len(json.dumps(structured, ensure_ascii=False, separators=(",", ":"))) <= RESULT_BUDGET
        assert ("cut" in structured) == text.startswith("cut: ")


@pytest.mark.parametrize(
    ("tool", "index", "said"),
    [
        ("list_tables", 0, "fields and descriptions are left out"),
        ("get_records", 0, "records[].fields.Notes shows"),
        ("get_field_info", 0, "fields[].choices shows"),
        ("find_duplicates", 0, "ids without fields"),
        ("evaluate_formula", 0, "value shows"),
        ("create_record", 0, "Only what is shown is cut, not what is written."),
        ("batch_create_records", 0, "index and id alone"),
    ],
)
async def test_what_is_cut_is_said_with_where_all_of_it_is(context, tool, index, said):
    _, structured = await ask(context, tool, CALLS[tool][index])

    assert structured is not None
    assert said in structured["cut"]
    uri = re.search(r"airtable://exports/\S+\.json", structured["cut"])
    assert uri is not None
    whole = await read(context, uri[0])
    assert whole.mime_type == "application/json"
    assert json.loads(whole.text).keys() == structured.keys() - {"cut"}


async def test_a_list_of_huge_records_loses_none_of_them(context):
    seen: list[str] = []
    cursor = ""
    while True:
        _, page = await ask(context, "get_records", {"table_id": "Table 500", "cursor": cursor})
        assert page is not None
        seen += [record["id"] for record in page["records"]]
        if "cursor" not in page:
            break
        cursor = page["cursor"]

    assert seen == [record["id"] for record in HUGE["records"][WIDE["id"]]]


async def test_a_large_csv_is_a_resource_of_its_own_type(context):
    _, answer = await ask(context, "export_table_csv", {"table_id": "Table 600", "max_records": 5})

    assert answer is not None
    contents = await read(context, answer["resource"])
    assert contents.mime_type == "text/csv"
    assert contents.text.count(LONG) == 5
    assert f"All of it is the resource {answer['resource']}." in answer["cut"]


ANSWERS = st.dictionaries(
    st.text(max_size=8),
    st.recursive(
        st.none() | st.integers(-(10**9), 10**9) | st.text(max_size=300) | st.just("x" * 5_000),
        lambda inner: st.lists(inner, max_size=40) | st.dictionaries(st.text(max_size=9), inner, max_size=40),
        max_leaves=120,
    ),
    min_size=1,
    max_size=8,
)  # fmt: skip


# Time tells nothing here, and on a busy machine a deadline fails by chance.
@settings(deadline=None)
@given(ANSWERS)
def test_whatever_is_cut_fits_and_what_fits_is_not_cut(answer):
    fitted, cuts = bounded(answer, 3_000)

    assert weight(fitted) <= 3_000
    assert (fitted == answer) == (not cuts)
    assert bool(cuts) == (weight(answer) > 3_000)
