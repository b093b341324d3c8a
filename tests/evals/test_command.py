"""`python -m evals` as `make eval` calls it, with a model at an address of its own."""

import json
from pathlib import Path

from evals.__main__ import main, play_all
from evals.task import tasks


def test_a_model_at_an_address_plays_the_tasks_and_the_report_tells_of_them(scripted, tmp_path, capsys):
    report = tmp_path / "report.json"
    env = {**scripted, "AIRTABLE_API_KEY": "patOfAnOwner"}

    status = main(["--tasks", "read-a-record,budget-exhausted", "--json", str(report)], env)

    told = json.loads(report.read_text(encoding="utf-8"))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[:2]] == [["task", "passed"], ["read-a-record", "yes"]]
    assert (told["model"], told["played"]) == ("gemini-3.8-flash", 2)
    assert told["results"][0]["endings"][0]["answer"].startswith("Café Zoë is reached at")
    assert told["micros"] == sum(result["micros"] for result in told["results"]) > 0
    assert (status, told["passed"]) == (0, 2)


def test_without_a_model_it_says_how_to_name_one(capsys):
    assert main([], {}) == 2
    assert "set GEMINI_API_KEY" in capsys.readouterr().err


def test_an_unknown_task_ends_it(capsys):
    assert main(["--tasks", "nonsense"], {"GEMINI_API_KEY": "key"}) == 2
    assert "There is no task 'nonsense'" in capsys.readouterr().err


async def test_it_stops_when_the_money_is_spent(start, scripted, tmp_path: Path, capsys):
    chosen = tasks(["count-flights"]) * 2

    [only] = await play_all(chosen, start, tmp_path, scripted, most_micros=1)

    assert only.endings[0].code == "limit_money"
    assert not only.has_passed
    assert "1 task was not played" in capsys.readouterr().out
