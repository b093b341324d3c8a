"""Whether an exchange ended as it must: what is wrong, in words; nothing when all is right."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evals.task import End


@dataclass(frozen=True, slots=True)
class Ending:
    """How an exchange ended: `changes` are those of the bases, `asked` the tools that were decided about."""

    outcome: str
    code: str
    answer: str
    asked: Sequence[str]
    changes: Any


def faults(end: End, ending: Ending) -> list[str]:
    """What is not as it must be."""
    return [*_outcome(end, ending), *_answer(end, ending), *_asked(end, ending), *_changes(end, ending)]


def _outcome(end: End, ending: Ending) -> Iterator[str]:
    if (end.outcome, end.code or ending.code) != (ending.outcome, ending.code):
        yield f"ended {ending.outcome} {ending.code}, not {end.outcome} {end.code}"


def _answer(end: End, ending: Ending) -> Iterator[str]:
    for pattern in end.answer:
        if not re.search(pattern, ending.answer, re.IGNORECASE):
            yield f"the answer has no {pattern!r}: {_short(ending.answer)}"
    for pattern in end.never:
        if re.search(pattern, ending.answer, re.IGNORECASE):
            yield f"the answer has {pattern!r}: {_short(ending.answer)}"


def _asked(end: End, ending: Ending) -> Iterator[str]:
    for pattern in end.asked:
        if not any(re.fullmatch(pattern, tool) for tool in ending.asked):
            yield f"nobody was asked about {pattern}"


def _changes(end: End, ending: Ending) -> Iterator[str]:
    if not _agrees(end.changes, ending.changes):
        yield f"the bases differ in {_short(ending.changes)}, and must in {_short(end.changes)}"


def _agrees(wanted: Any, found: Any, key: str = "") -> bool:
    """Whether they are the same; new records may come in any order, or be told by the values of a column."""
    match wanted, found:
        case dict(columns), list() if key == "added":
            return all(_column(found, name) == sorted(map(_text, told)) for name, told in columns.items())
        case list(), list() if key == "added":
            return sorted(map(_text, wanted)) == sorted(map(_text, found))
        case dict(), dict():
            return wanted.keys() == found.keys() and all(
                _agrees(one, found[name], name) for name, one in wanted.items()
            )
        case _:
            return bool(wanted == found)


def _column(records: Sequence[Any], name: str) -> list[str]:
    return sorted(_text(record.get(name)) for record in records)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 700 else f"{text[:700]}…"
