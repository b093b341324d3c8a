"""Schema analysis over HTTP, on a real base."""

import asyncio
import json

import httpx2
import pytest

from orchestrator.toolbox import ToolCall
from orchestrator.web.app import create_app
from pyairtable_platform.kernel.http import Door

SHOP = {
    "users": [],
    "bases": [
        {
            "id": "appShop0000000001",
            "name": "Shop",
            "tables": [
                {
                    "id": "tblGoods000000001",
                    "name": "Goods",
                    "primaryFieldId": "fldGoodsName00001",
                    "fields": [
                        {"id": "fldGoodsName00001", "name": "Name", "type": "singleLineText"},
                        {"id": "fldGoodsField7001", "name": "Field 7", "type": "singleLineText"},
                    ],
                },
                {
                    "id": "tblNobody00000001",
                    "name": "Nobody",
                    "primaryFieldId": "fldNobodyName0001",
                    "fields": [{"id": "fldNobodyName0001", "name": "Name", "type": "singleLineText"}],
                },
            ],
            "records": {
                "Goods": [
                    {"fields": {"Name": f"Good {number}", "Field 7": ["Yes", "No"][number % 2]}}
                    for number in range(12)
                ]
            },
        }
    ],
}


@pytest.fixture
async def toolbox(toolbox_over):
    """The tools over the base Shop."""
    async with toolbox_over(SHOP) as opened:
        yield opened


@pytest.fixture
async def client(toolbox, open_desk):
    """A client of the agent's application."""
    async with open_desk(toolbox) as desk:
        app = create_app(desk, Door())
        transport = httpx2.ASGITransport(app, client=("127.0.0.1", 5))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as opened:
            yield opened
        await app.state.analyses.close()


async def finished(client, **asked):
    """The analysis once it is no longer running."""
    started = await client.post("/analysis", json=asked)
    assert started.status_code == 202, started.text
    while (found := (await client.get(f"/analysis/{started.json()['id']}")).json())["state"] == "running":
        await asyncio.sleep(0)
    return found


async def test_the_eight_categories_are_told_with_their_rules(client):
    told = (await client.get("/analysis/categories")).json()["categories"]

    assert [one["name"] for one in told] == [
        "structure",
        "normalization",
        "field_types",
        "relationships",
        "performance",
        "data_quality",
        "naming_conventions",
        "indexing",
    ]
    assert all(one["rules"] for one in told)


async def test_the_estimate_counts_tables_and_costs_nothing_without_a_model(client):
    told = (await client.post("/analysis/estimate", json={"base": "Shop"})).json()

    assert (told["tables"], told["fields"], told["micros"]) == (2, 3, 0)


async def test_an_estimate_for_a_table_that_is_not_there_is_refused(client):
    refused = await client.post("/analysis/estimate", json={"base": "Shop", "tables": ["Goods", "Services"]})

    assert refused.status_code == 422
    assert "no table 'Services'" in refused.json()["detail"]


async def test_however_many_are_started_few_read_at_once(client, toolbox, monkeypatch):
    reading: set[object] = set()
    most = []
    call = toolbox.call

    async def counted(asked):
        reading.add(asyncio.current_task())
        most.append(len(reading))
        try:
            return await call(asked)
        finally:
            reading.discard(asyncio.current_task())

    monkeypatch.setattr(toolbox, "call", counted)

    found = await asyncio.gather(*(finished(client, base="Shop") for _ in range(8)))

    assert {one["state"] for one in found} == {"done"}
    assert max(most) <= 3


async def test_an_analysis_ends_with_progress_and_findings(client):
    found = await finished(client, base="Shop")

    assert (found["state"], found["tables"], found["tables_read"]) == ("done", 2, 2)
    issues = {(one["table"], one["field"], one["issue"]) for one in found["findings"]}
    assert issues == {
        ("Goods", "Field 7", "left_over_name"),
        ("Goods", "Field 7", "yes_or_no"),
        ("Nobody", "", "empty_table"),
    }


async def test_its_steps_are_told_as_they_are_made(client):
    started = (await client.post("/analysis", json={"base": "Shop"})).json()

    told = await client.get(f"/analysis/{started['id']}/stream")

    steps = [json.loads(line[6:]) for line in told.text.splitlines() if line.startswith("data: ")]
    assert {step["kind"] for step in steps} == {"analysis"}
    assert [step["tables_read"] for step in steps] == sorted(step["tables_read"] for step in steps)
    assert (steps[-1]["state"], steps[-1]["finding_count"]) == ("done", 3)
    assert "running" in {step["state"] for step in steps[:-1]}


async def test_without_a_model_the_rules_own_words_stand(client):
    found = await finished(client, base="Shop", wording="model")
    estimate = await client.post("/analysis/estimate", json={"base": "Shop", "wording": "model"})

    assert found["state"] == "done"
    assert "No model is set" in found["wording_problem"]
    assert {one["worded_by"] for one in found["findings"]} == {"rules"}
    assert (found["micros"], estimate.json()["micros"]) == (0, 0)


async def test_only_the_tables_and_categories_that_are_named_are_told(client):
    found = await finished(client, base="Shop", tables=["Nobody"], categories=["structure", "indexing"])

    assert [(one["table"], one["issue"]) for one in found["findings"]] == [("Nobody", "empty_table")]


@pytest.mark.parametrize("asked", [{"base": "Nowhere"}, {"base": "Shop", "tables": ["Nowhere"]}])
async def test_what_is_not_there_fails_and_is_named(client, asked):
    found = await finished(client, **asked)

    assert found["state"] == "failed"
    assert "Nowhere" in found["problem"]


async def test_an_analysis_that_nobody_started_is_not_found(client):
    assert (await client.get("/analysis/ana_none")).status_code == 404


async def test_findings_are_written_into_the_metadata_table_and_a_second_time_into_the_same_rows(
    client, toolbox
):
    found = await finished(client, base="Shop")
    for _ in range(2):
        written = await client.post(f"/analysis/{found['id']}/write", json={})
        assert written.status_code == 200, written.text

    rows = await records_of(toolbox, "Table Metadata")

    assert sorted(row["Table Name"] for row in rows) == ["Goods", "Nobody"]
    [goods] = [row for row in rows if row["Table Name"] == "Goods"]
    assert goods["Analysis Status"] == "done"
    told = json.loads(goods["Improvements"])
    assert {one["category"] for one in told} == {"naming_conventions", "field_types"}


async def test_a_rehearsal_shows_the_rows_and_writes_nothing(client, toolbox):
    found = await finished(client, base="Shop")

    told = (await client.post(f"/analysis/{found['id']}/write", json={"dry_run": True})).json()

    assert {row["Table ID"] for row in told["rows"]} == {"tblGoods000000001", "tblNobody00000001"}
    outcome = await call(toolbox, "list_tables", base_id="Shop")
    assert len(outcome.structured["tables"]) == 2


async def records_of(toolbox, table):
    outcome = await call(toolbox, "get_records", base_id="Shop", table_id=table)
    return [record["fields"] for record in outcome.structured["records"]]


async def call(toolbox, tool, **arguments):
    return await toolbox.call(ToolCall(tool, arguments))
