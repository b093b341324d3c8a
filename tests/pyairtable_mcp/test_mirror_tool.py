"""Questions in SQL, as a model asks them: answers with types and age, refusals that can be mended at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.types import TextContent

from airtable_gateway import Endpoint, FixedEndpoint, Gateway, JournaledGateway, MemoryJournal, RecordChange
from airtable_gateway.mirror.keeping import Keeping
from airtable_gateway.mirror.mirrors import Mirrors
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import ListedTokens, Store, TwinServer, create_app
from pyairtable_mcp import TOOLS, AllowedGateway, AllowList, Caps, ToolContext, build_server

_SCOPES = ["data.records:read", "data.records:write", "schema.bases:read"]
_TOKENS = ListedTokens(
    {
        "patTest": {"user": "usrLocalDeveloper"},
        "patNoHooks": {"user": "usrLocalDeveloper", "scopes": _SCOPES},
    }
)


@pytest.fixture
def url(store: Store) -> Any:
    """An Airtable with the base Work, of which one token may have webhooks and one may not."""
    with TwinServer(create_app(store, tokens=_TOKENS)) as url:
        yield url


@asynccontextmanager
async def asking(
    url: str, folder: Path, *, token: str = "patTest", allowed: AllowList | None = None, **client: Any
) -> AsyncIterator[tuple[Client, Gateway]]:
    """A client of a server whose copies lie in the folder, and the gateway behind it."""
    mirrors = Mirrors(folder, keeping=Keeping(pause_seconds=3600))
    direct = PyAirtableGateway(
        FixedEndpoint(Endpoint(url, token)), rate_limit=None, ports=Ports(mirrors=mirrors)
    )
    inner: Gateway = direct if allowed is None else AllowedGateway(direct, allowed)
    async with JournaledGateway(inner, MemoryJournal()) as gateway, mirrors:
        server = build_server(ToolContext(gateway, caps=Caps(read=20)), tools=TOOLS)
        async with Client(server, **client) as client_:
            yield client_, direct


async def query(client: Client, sql: str, **more: Any) -> tuple[str, dict[str, Any] | None]:
    """Both forms of the answer; of a refusal, its text alone."""
    result = await client.call_tool("query_mirror", {"base_id": "Work", "sql": sql, **more})
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text, result.structured_content


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_question_over_two_tables_is_answered_with_types_and_age(url, tmp_path, mode):
    joined = """
        SELECT p."Name", count(*) AS tasks, sum(t."Hours") AS hours
        FROM Tasks t JOIN "People" p ON list_contains(t."Owner", p._id) GROUP BY ALL ORDER BY 1
    """
    async with asking(url, tmp_path, mode=mode) as (client, _):
        text, answer = await query(client, joined)

    assert answer is not None
    assert answer["rows"] == [
        {"Name": "Ada O'Brien", "tasks": 15, "hours": 120.0},
        {"Name": 'Bob "B" \\ {x}', "tasks": 15, "hours": 112.5},
    ]
    assert answer["columns"] == {"Name": "VARCHAR", "tasks": "BIGINT", "hours": "DOUBLE"}
    assert answer["as_of"] in text
    assert "note" not in answer


async def test_a_change_from_elsewhere_is_in_the_answer_when_the_copy_may_not_be_older(url, tmp_path):
    async with asking(url, tmp_path) as (client, gateway):
        await query(client, "SELECT 1")
        await gateway.update("Work", "Tasks", [RecordChange("recTask0000000001", {"Hours": 1000})])
        _, old = await query(client, 'SELECT max("Hours") AS most FROM Tasks', max_age_seconds=600)
        _, new = await query(client, 'SELECT max("Hours") AS most FROM Tasks', max_age_seconds=0)

    assert old is not None
    assert new is not None
    assert (old["rows"], new["rows"]) == ([{"most": 15.0}], [{"most": 1000.0}])
    assert old["as_of"] <= new["as_of"]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT Hour FROM Tasks", '"Hours"'),
        ("SELECT * FROM Task", 'Nearest: "Tasks".'),
        ("DELETE FROM Tasks", "Give exactly one SELECT statement."),
        ("SELECT * FROM read_csv('/etc/passwd')", "Tables of the base can"),
        ("SELEC 1", "Give exactly one SELECT statement."),
    ],
)
async def test_a_refusal_says_what_would_do(url, tmp_path, sql, said):
    async with asking(url, tmp_path) as (client, _):
        text, answer = await query(client, sql)

    assert said in text
    assert answer is None


async def test_rows_are_limited_and_columns_of_one_name_are_told_apart(url, tmp_path):
    async with asking(url, tmp_path) as (client, _):
        _, answer = await query(client, "SELECT a.Name, b.Name FROM Tasks a, Tasks b ORDER BY 1, 2")

    assert answer is not None
    assert len(answer["rows"]) == 20
    assert "more rows than these 20" in answer["note"]
    assert answer["rows"][1] == {"Name": "Task 1", "Name_1": "Task 10"}


async def test_without_the_permission_to_have_a_webhook_the_answer_says_what_may_be_old(url, tmp_path):
    async with asking(url, tmp_path, token="patNoHooks") as (client, _):
        _, answer = await query(client, "SELECT count(*) AS n FROM Tasks")

    assert answer is not None
    assert answer["rows"] == [{"n": 30}]
    assert "Deletions and computed values are as of" in answer["note"]


async def test_what_is_not_allowed_is_neither_shown_nor_copied(url, tmp_path):
    allowed = AllowList(tables=("Tasks",))
    async with asking(url, tmp_path, allowed=allowed) as (client, _):
        _, tasks = await query(client, "SELECT count(*) AS n FROM Tasks")
        text, people = await query(client, "SELECT * FROM People")

    assert tasks is not None
    assert tasks["rows"] == [{"n": 30}]
    assert people is None
    assert "no table 'People'" in text
    assert not any(b"O'Brien" in path.read_bytes() for path in tmp_path.iterdir())


async def test_a_base_that_is_not_allowed_is_not_copied(url, tmp_path):
    async with asking(url, tmp_path, allowed=AllowList(bases=("Elsewhere",))) as (client, _):
        text, answer = await query(client, "SELECT 1")

    assert answer is None
    assert "'Work'" in text
    assert list(tmp_path.iterdir()) == []


async def test_a_server_without_copies_names_another_way(airtable):
    gateway = PyAirtableGateway(FixedEndpoint(Endpoint(airtable, "patTest")), rate_limit=None)
    async with gateway, Client(build_server(ToolContext(gateway), tools=TOOLS)) as client:
        text, _ = await query(client, "SELECT 1")

    assert "get_records" in text
