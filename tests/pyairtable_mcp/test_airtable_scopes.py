"""The scopes that are said to be needed are enough, tried on an Airtable that grants just those."""

import copy
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.types import TextContent
from tests.pyairtable_mcp.conftest import WORK

from airtable_gateway import Endpoint, FixedEndpoint, JournaledGateway, MemoryJournal
from airtable_gateway.mirror.mirrors import Mirrors
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import ListedTokens, Store, TwinServer, create_app, import_document
from pyairtable_mcp import TOOLS, Tool, ToolContext, build_server, scopes_of

ADA = {"id": "usrAda00000000000", "email": "ada@example.com", "name": "Ada"}
TASK = "recTask0000000001"
FRESH: dict[str, Any] = {"name": "Fresh", "fields": [{"name": "Name", "type": "singleLineText"}]}
FILES = {"id": "fldFiles000000001", "name": "Files", "type": "multipleAttachments"}
CELL = {"table_id": "Tasks", "base_id": "Work", "record_id": "recTask0000000001", "field": "Files"}
TABLE = {"base_id": "Work", "table_id": "Tasks"}
RECORD = {**TABLE, "record_id": TASK}
COMMENT = {**RECORD, "comment_id": "com00000000000001"}
HOOK = {"base_id": "Work", "webhook_id": "ach00000000000001"}

CALLS: dict[str, dict[str, Any]] = {
    "list_tables": {"base_id": "Work"},
    "get_records": {**TABLE, "max_records": 1},
    "create_record": {**TABLE, "fields": {"Name": "New"}},
    "update_record": {**RECORD, "fields": {"Name": "New"}},
    "delete_record": {**RECORD, "dry_run": True},
    "search_records": {**TABLE, "query": "Task"},
    "create_metadata_table": {"base_id": "Work"},
    "batch_create_records": {**TABLE, "records": [{"Name": "New"}]},
    "batch_update_records": {**TABLE, "records": [{"id": TASK, "fields": {"Name": "New"}}]},
    "get_field_info": TABLE,
    "analyze_table_data": TABLE,
    "find_duplicates": {**TABLE, "fields": ["Name"]},
    "export_table_csv": TABLE,
    "sync_tables": {
        "source_base_id": "Work",
        "source_table_id": "Tasks",
        "target_base_id": "Work",
        "target_table_id": "People",
        "key_field": "Name",
        "dry_run": False,
    },
    "evaluate_formula": {**TABLE, "formula": "{Hours}", "record_ids": [TASK]},
    "validate_formula": {**TABLE, "formula": "{Hours}"},
    "validate_record": {**RECORD, "fields": {"Name": "New"}},
    "convert_field_preview": {**TABLE, "field": "Hours", "to_type": "singleLineText"},
    "list_bases": {},
    "get_record": RECORD,
    "list_changes": {},
    "undo_change": {"change_id": "chgNothing"},
    "upsert_records": {**TABLE, "records": [{"Name": "New"}], "merge_on": ["Name"]},
    "delete_records": {**TABLE, "record_ids": [TASK], "dry_run": True},
    "describe_table": TABLE,
    "list_views": TABLE,
    "create_table": {"base_id": "Work", "name": "Fresh", "fields": FRESH["fields"]},
    "update_table": {"base_id": "Work", "table_id": "People", "description": "Who"},
    "create_field": {"base_id": "Work", "table_id": "People", "name": "More", "type": "email"},
    "update_field": {"base_id": "Work", "table_id": "People", "field": "Name", "description": "How"},
    "search_bases": {"query": "Work"},
    "create_base": {"workspace_id": "wspTest0000000001", "name": "New", "tables": [FRESH]},
    "list_comments": RECORD,
    "create_comment": {**RECORD, "text": "Hello"},
    "update_comment": {**COMMENT, "text": "Hello"},
    "delete_comment": {**COMMENT, "dry_run": True},
    "add_attachment": {
        **TABLE,
        "record_id": TASK,
        "field": "Files",
        "content_base64": "aGk=",
        "filename": "a.txt",
    },
    "download_attachment": CELL,
    "query_mirror": {"base_id": "Work", "sql": 'SELECT count(*) FROM "Tasks"'},
    "list_webhooks": {"base_id": "Work"},
    "create_webhook": TABLE,
    "refresh_webhook": HOOK,
    "delete_webhook": HOOK,
    "list_webhook_payloads": HOOK,
}
SCOPES = sorted({scopes_of(tool) for tool in TOOLS})


def token_of(tool: Tool) -> str:
    return f"patScopes{SCOPES.index(scopes_of(tool))}"


@pytest.fixture(scope="module")
def airtable() -> Iterator[str]:
    """An Airtable with one token for each set of scopes."""
    grants: Any = {
        f"patScopes{index}": {"user": ADA["id"], "scopes": list(each)} for index, each in enumerate(SCOPES)
    }
    base: Any = copy.deepcopy(WORK)
    base["tables"][1]["fields"].append(FILES)
    with Store.open(":memory:") as store:
        import_document(store, {"users": [ADA], "bases": [base]})
        with TwinServer(create_app(store, tokens=ListedTokens(grants))) as url:
            yield url


@pytest.fixture(scope="module")
def comment(airtable: str) -> str:
    """The id of a comment of hers."""
    path = f"{airtable}/v0/appWork0000000001/tblTasks000000001/{TASK}/comments"
    token = token_of(next(tool for tool in TOOLS if tool.name == "create_comment"))
    made = httpx2.post(path, json={"text": "First"}, headers={"Authorization": f"Bearer {token}"})
    return str(made.json()["id"])


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
async def test_the_scopes_that_a_tool_is_said_to_need_let_it_work(airtable, comment, tmp_path, tool):
    endpoint = FixedEndpoint(Endpoint(airtable, token_of(tool)))
    arguments = {**CALLS[tool.name], **({"comment_id": comment} if "comment_id" in CALLS[tool.name] else {})}
    mirrors = Mirrors(tmp_path / "mirrors")
    inner = PyAirtableGateway(endpoint, rate_limit=None, ports=Ports(mirrors=mirrors))
    async with JournaledGateway(inner, MemoryJournal()) as gateway, mirrors:
        context = ToolContext(gateway, exports=tmp_path, endpoints=endpoint)
        async with Client(build_server(context, tools=[tool])) as client:
            answer = await client.call_tool(tool.name, arguments)

    assert isinstance(answer.content[0], TextContent)
    said = answer.content[0].text
    # Some call on what is not there, and are told so: they came as far as looking for it.
    missing = ("There is no change", "has no webhook", "holds no file")
    assert not answer.is_error or any(words in said for words in missing), said
