"""The tables of cases: every line of cases/*.txt is a question to one type and its answer.

`type NAME` opens a table, `NAME = {...}` names options; then lines of question | options | value | answer.
Questions are check (airtable mode), strict, case (check_case), typecast, text, options.
A locale follows a colon, a zone an @.
An answer is JSON, or !code at the.path -> suggestion, or ! for a refusal of whatever code.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import fields

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Case:
    place: str
    question: str
    type: str
    options: Any
    value: Any
    answer: str
    told: dict[str, str]


def read_cases(file: Path) -> Iterator[Case]:
    type, named = "", {"": None}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if opening := re.fullmatch(r"type ([\w.]+)", line):
            type, named = opening[1], {"": None}
        elif naming := re.fullmatch(r"(\w+) = (.*)", line):
            named[naming[1]] = json.loads(naming[2])
        else:
            asked, options, value, answer = (part.strip() for part in re.split(r"\s\|(?=\s|$)", f"{line} "))
            question, told = read_question(asked)
            place = f"{file.stem}:{number}"
            yield Case(place, question, type, named[options], json.loads(value), answer, told)


def read_question(asked: str) -> tuple[str, dict[str, str]]:
    parts = re.fullmatch(r"(\w+)(?::([\w-]+))?(?:@(\S+))?", asked)
    assert parts, asked
    told = {"locale": parts[2], "time_zone": parts[3]}
    return parts[1], {key: word for key, word in told.items() if word}


ASK: dict[str, Callable[[Case], fields.Checked]] = {
    "check": lambda case: fields.check(case.type, case.value, case.options, mode="airtable"),
    "strict": lambda case: fields.check(case.type, case.value, case.options, mode="strict"),
    "case": lambda case: fields.check_case({"type": case.type, "options": case.options, "input": case.value}),
    "typecast": lambda case: fields.typecast(case.type, case.value, case.options, **case.told),
    "options": lambda case: fields.check_options(case.type, case.value),
    "text": lambda case: fields.Checked(fields.text(case.type, case.value, case.options, **case.told)),
}

ALL = [case for file in sorted(CASES.glob("*.txt")) for case in read_cases(file)]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.place)
def test_the_answer_is_the_one_in_the_table(case: Case) -> None:
    answer = ASK[case.question](case)

    if case.answer == "!":
        assert not answer.ok
    elif case.answer.startswith("!"):
        assert refusal(answer, case.answer) == case.answer
    else:
        assert answer.problems == ()
        assert exactly(answer.value) == exactly(json.loads(case.answer))


PARTIAL = {"button", "attachment.size", "singleSelect"}  # a suggestion for a part, or for another type
# These read a text or look at a file: what comes out is of another kind than what went in.
READINGS = {"currency.parse", "duration.parse", "attachment.sniff"}
STRICT = [case for case in ALL if case.question in ("strict", "case") and case.type not in READINGS]


@pytest.mark.parametrize("case", STRICT, ids=lambda case: case.place)
def test_a_strict_normal_form_is_its_own_normal_form_and_a_suggestion_is_accepted(case: Case) -> None:
    answer = ASK[case.question](case)

    if answer.ok:
        assert ASK[case.question](replace(case, value=answer.value)).value == answer.value
    for problem in answer.problems:
        if problem.suggestion is not None and problem.path in ((), ("url",)) and case.type not in PARTIAL:
            assert ASK[case.question](replace(case, value=problem.suggestion)).problems == ()


def refusal(answer: fields.Checked, expected: str) -> str:
    """The first problem in the notation of the tables, with as much of it as the case names."""
    if answer.ok:
        return f"accepted as {answer.value!r}"
    problem = answer.problems[0]
    told = f"!{problem.code}"
    if " at " in expected:
        told += " at " + ".".join(map(str, problem.path))
    if " -> " in expected:
        told += " -> " + json.dumps(problem.suggestion, ensure_ascii=False)
    return told


def exactly(value: Any) -> Any:
    """The value so that 1, 1.0 and true differ."""
    match value:
        case dict():
            return {key: exactly(member) for key, member in value.items()}
        case list():
            return [exactly(member) for member in value]
    return (type(value).__name__, value)
