"""Findings in the words of a model, scripted behind a real socket, paid from a real ledger."""

import json
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from local_twins.gemini import Script, create_app
from local_twins.server import TwinServer
from orchestrator.analysis import Finding, Words
from orchestrator.cost import GLOBAL, Budgets, Estimates, Ledger, Prices
from orchestrator.cost.report import Report
from orchestrator.model.gemini import GeminiModel
from orchestrator.model.steady import SteadyModel
from orchestrator.tables import TABLES
from pyairtable_platform.kernel import Database

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def finding(field, priority="low"):
    return Finding(
        category="data_quality",
        issue="constant",
        table_id="tblGoods000000001",
        table="Goods",
        field=field,
        priority=priority,
        description=f"{field} always says the same.",
        evidence={"records": 12},
        recommendation="Delete it.",
        effort="low",
        confidence=0.9,
    )


FINDINGS = [finding("A", "medium"), finding("B"), finding("C")]


def said(*answers):
    return {"say": "```json\n" + json.dumps({"findings": list(answers)}) + "\n```"}


def answer(id, **more):
    return {"id": id, "priority": "high", "description": "Worded.", "recommendation": "Do it.", **more}


@pytest.fixture
async def make_words(tmp_path):
    """Makes words of a model that answers with these turns; with budgets, report and what was sent."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(f"sqlite:///{tmp_path / 'cost.db'}"))
        async with database.writing() as connection:
            await connection.run_sync(TABLES.create_all)
        http = await stack.enter_async_context(httpx2.AsyncClient())

        def made(*turns):
            sent = []
            script = Script.of({"conversations": [{"turns": list(turns)}]})
            url = stack.enter_context(TwinServer(create_app(script, seen=lambda _, body: sent.append(body))))
            model = SteadyModel(GeminiModel(http, api_key="key", base_url=url))
            words = Words(model, "gemini-3.8-flash", Ledger(database), Prices(), Estimates(), lambda: NOW)
            return words, Budgets(database), Report(database), sent

        yield made


async def test_a_model_words_and_ranks_and_it_is_paid_for(make_words):
    words, _, report, sent = make_words(said(answer(3), answer(1, priority="low")))

    worded = await words.word("ana_1", "ada", FINDINGS, None)

    assert [(one.field, one.priority, one.worded_by) for one in worded.findings] == [
        ("C", "high", "model"),
        ("A", "low", "model"),
        ("B", "low", "rules"),
    ]
    assert worded.findings[0].description == "Worded."
    assert worded.findings[0].evidence == {"records": 12}
    [spent] = await report.spent("user", since=NOW - timedelta(days=1), until=NOW + timedelta(days=1))
    assert (spent.group, spent.micros, worded.problem) == ("ada", worded.micros, "")
    assert worded.micros > 0
    assert "tools" not in sent[0]


@pytest.mark.parametrize(
    "one",
    [
        {"id": 1},
        answer(1, description=""),
        answer(1, description="x" * 5000),
        answer(1, recommendation=["a"]),
        answer(7),
        answer("1"),
    ],
)
async def test_words_that_are_of_no_use_are_not_taken(make_words, one):
    words, *_ = make_words(said(one, "no finding"))

    worded = await words.word("ana_1", "ada", FINDINGS, None)

    assert worded.findings == FINDINGS


async def test_a_priority_that_there_is_not_stays_the_rules(make_words):
    words, *_ = make_words(said(answer(2, priority=["urgent"])))

    worded = await words.word("ana_1", "ada", FINDINGS, None)

    assert [one.priority for one in worded.findings] == ["medium", "low", "low"]


@pytest.mark.parametrize(
    ("turn", "problem"),
    [
        ({"say": "I would rather not."}, "JSON that was asked for"),
        ({"say": "{half"}, "JSON that was asked for"),
        ({"say": '{"findings": 7}'}, "JSON that was asked for"),
        ({"say": "x", "finish": "SAFETY"}, "safety filters"),
        ({"say": "x", "faults": [{"status": 400, "message": "No such model"}]}, "No such model"),
    ],
)
async def test_where_the_model_fails_the_rules_words_stand_and_it_is_said_why(make_words, turn, problem):
    words, *_ = make_words(turn)

    worded = await words.word("ana_1", "ada", FINDINGS, None)

    assert worded.findings == FINDINGS
    assert problem in worded.problem


async def test_no_model_is_asked_when_it_might_cost_more_than_is_allowed(make_words):
    words, budgets, _, sent = make_words(said(answer(1)))

    own = await words.word("ana_1", "ada", FINDINGS, 10)
    await budgets.set_limit(GLOBAL, 10, at=NOW)
    common = await words.word("ana_1", "ada", FINDINGS, None)

    assert own.findings == common.findings == FINDINGS
    assert "10 are left" in own.problem
    assert common.problem
    assert (own.micros, common.micros, sent) == (0, 0, [])


async def test_many_findings_are_worded_in_portions_and_an_estimate_grows_with_them(make_words):
    words, _, _, sent = make_words(said(answer(1)))

    worded = await words.word("ana_1", "ada", [finding(f"F{n}") for n in range(61)], None)

    assert len(sent) == 3
    assert len(worded.findings) == 61
    assert sum(one.worded_by == "model" for one in worded.findings) == 3
    assert 0 < words.estimate(1) < words.estimate(61)
