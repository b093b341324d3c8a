"""A piece of work: calls one after the other, each decided by what the ones before it answered."""

from collections.abc import Generator, Mapping, Sequence
from typing import Any, TypeAlias

from local_twins.gemini.tables import read_answer
from local_twins.gemini.turn import Call

Json: TypeAlias = Mapping[str, Any]

Work: TypeAlias = Generator[Call, Any, str]
"""Yields calls, is sent what each answered, and returns what is said in the end."""


_CUT = "\n[cut: "
"""What an agent writes where it left something out."""


class Stopped(Exception):
    """The work cannot go on; its text says why."""


def shown(text: str, most: int = 80) -> str:
    """What a person said, in quotes and no longer than it helps."""
    said = " ".join(text.split())
    return repr(said if len(said) <= most else f"{said[: most - 1]}…")


def ask(tool: str, **arguments: Any) -> Generator[Call, Any, Json]:
    """Call a tool; its answer. Raises Stopped if it was refused or is too large to be read."""
    told = yield Call(tool, {name: value for name, value in arguments.items() if value is not None})
    if isinstance(told, str) and _CUT not in told:
        told = read_answer(told)
    if not isinstance(told, Mapping):
        raise Stopped("The answer was too large for a demo to read. Ask for less at a time.")
    if "error" in told:
        raise Stopped(f"{tool} was not carried out: {told['error']}")
    return told


def replay(work: Work, answers: Sequence[Any]) -> Call | str:
    """The next call after these answers, or what is said at the end.

    The work starts anew each time: a demo remembers nothing, everything stands in the conversation.
    """
    try:
        call = next(work)
        for answer in answers:
            call = work.send(answer)
    except StopIteration as end:
        return str(end.value)
    except Stopped as reason:
        return str(reason)
    return call
