"""A task: what a person says, what they decide, how the scripted model plays it, and what must be then."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TASKS = Path(__file__).with_name("tasks")

_TASK_KEYS = frozenset({"covers", "given", "options", "talk"})
_EXCHANGE_KEYS = frozenset({"say", "decide", "moves", "end"})
_END_KEYS = frozenset({"outcome", "code", "answer", "never", "asked", "changes"})

Json = Mapping[str, Any]


class TaskRefused(Exception):
    """The file is no task; the text says where and why."""


@dataclass(frozen=True, slots=True)
class End:
    """What must be at the end of an exchange.

    `answer` are regular expressions that the answer has, `never` those that it has not; case is ignored.
    `asked` are such expressions for tools that the person was asked about. `changes` are those of the bases
    since the task began, all of them, as `evals.state.changes` tells them; {"added": {field: values}} stands
    for as many new records, of which that field alone is looked at.
    """

    outcome: str = "done"
    code: str = ""
    answer: Sequence[str] = ()
    never: Sequence[str] = ()
    asked: Sequence[str] = ()
    changes: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One thing that the person says.

    `decide` is what they decide about each call that waits: "approve", {"deny": reason}, or
    {"replace": [value, other]}, which approves with every such value replaced by the other. `moves` are the
    turns of the scripted model, as docs/gemini-twin.md tells them.
    """

    say: str
    moves: Sequence[Json]
    end: End
    decide: str | Json = "approve"


@dataclass(frozen=True, slots=True)
class Task:
    """A task of the folder. `given` is what is written into the bases beforehand, by base, table and record.

    `options` are those of the runs, such as `budget_micros`.
    """

    name: str
    covers: str
    talk: Sequence[Exchange]
    given: Mapping[str, Mapping[str, Mapping[str, Json]]] = field(default_factory=dict)
    options: Json = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> "Task":
        """The task of a file. Raises TaskRefused."""
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise TaskRefused(f"{path.name}: {error}") from error
        told = _checked(document, _TASK_KEYS, path.name)
        talk = [_exchange(one, f"{path.name}: talk[{place}]") for place, one in enumerate(told["talk"])]
        return cls(**{**told, "name": path.stem, "talk": talk})


def tasks(names: Sequence[str] = (), *, folder: Path = TASKS) -> list[Task]:
    """The tasks of these names, or all of them. Raises TaskRefused."""
    known = {path.stem: path for path in sorted(folder.glob("*.json"))}
    if unknown := next((name for name in names if name not in known), None):
        raise TaskRefused(f"There is no task {unknown!r}. There are: {', '.join(known)}.")
    return [Task.load(known[name]) for name in names or known]


def script(chosen: Sequence[Task]) -> dict[str, Any]:
    """What the local Gemini answers to each thing that is said in these tasks. Raises TaskRefused."""
    moves: dict[str, Sequence[Json]] = {}
    for task in chosen:
        for exchange in task.talk:
            if moves.setdefault(exchange.say, exchange.moves) != exchange.moves:
                raise TaskRefused(f"{task.name}: another task says the same, {exchange.say!r}.")
    return {"conversations": [{"when": _exactly(say), "turns": list(turns)} for say, turns in moves.items()]}


def _exactly(text: str) -> str:
    escaped = "".join(character if character.isalnum() else f"\\{character}" for character in text)
    return f"^{escaped}$"


def _exchange(document: Any, place: str) -> Exchange:
    told = _checked(document, _EXCHANGE_KEYS, place)
    return Exchange(**{**told, "end": End(**_checked(told.get("end"), _END_KEYS, f"{place}.end"))})


def _checked(document: Any, known: frozenset[str], place: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise TaskRefused(f"{place}: expected an object, not {document!r}.")
    if unknown := next((key for key in document if key not in known), None):
        raise TaskRefused(f"{place}: unknown key {unknown!r}. Known: {', '.join(sorted(known))}.")
    return document
