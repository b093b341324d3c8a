"""Our own tasks, played by the scripted model through the real loop, and judges that can say no."""

import re
from dataclasses import replace

import pytest

from evals.judging import Ending, faults
from evals.task import TaskRefused, script, tasks

ALL = tasks()
ONE_TOO_MANY = {"People": {"deleted": ["recPerson00000001"]}}


def other_figures(text):
    """The text with every digit another one."""
    return re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), text)


@pytest.mark.parametrize("task", ALL, ids=lambda task: task.name)
async def test_the_task_is_passed_by_the_scripted_model_and_by_nothing_less(task, play_once):
    result = await play_once(task)

    assert result.faults == []
    for exchange, ending in zip(task.talk, result.endings, strict=True):
        changed = {**ending.changes, "Studio": {**ending.changes.get("Studio", {}), **ONE_TOO_MANY}}
        assert faults(exchange.end, Ending("done", "", "", [], {}))
        assert faults(exchange.end, replace(ending, changes=changed))
        assert faults(exchange.end, replace(ending, outcome="failed"))
        if exchange.end.changes:
            assert faults(exchange.end, replace(ending, changes={}))
        if any(re.search(r"\d", pattern) for pattern in exchange.end.answer):
            assert faults(exchange.end, replace(ending, answer=other_figures(ending.answer)))


async def test_an_instruction_in_a_record_reaches_the_model_and_a_person_is_asked(play_once):
    [task] = tasks(["injected-instructions"])

    result = await play_once(task)

    assert result.endings[0].asked == ["delete_record", "delete_record"]
    assert result.endings[0].changes == {}


def test_twenty_tasks_cover_as_many_things():
    assert len(ALL) == len({task.covers for task in ALL}) >= 20


def test_two_tasks_that_say_the_same_are_refused():
    [task] = tasks(["read-a-record"])
    [exchange] = task.talk

    with pytest.raises(TaskRefused, match="another task says the same"):
        script([task, replace(task, talk=[replace(exchange, moves=[])])])


def test_an_unknown_task_is_refused_with_those_there_are():
    with pytest.raises(TaskRefused, match=r"There is no task 'nonsense'.*read-a-record"):
        tasks(["nonsense"])


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("[]", "expected an object"),
        ("{", "task.json"),
        ('{"covers": "x", "tolk": []}', "unknown key 'tolk'"),
        ('{"covers": "x", "talk": [{"say": "x", "moves": [], "end": {"answers": []}}]}', r"talk\[0\]\.end"),
    ],
)
def test_a_file_that_is_no_task_is_refused_by_its_place(tmp_path, document, words):
    (tmp_path / "task.json").write_text(document, encoding="utf-8")

    with pytest.raises(TaskRefused, match=words):
        tasks(folder=tmp_path)
