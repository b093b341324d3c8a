"""The format of script files: JSON into turns, with the place of what is wrong in each refusal."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from local_twins.gemini.errors import ScriptRefused
from local_twins.gemini.turn import Call, Fault, Turn

Conversation = tuple[re.Pattern[str] | None, tuple[Turn, ...]]

_FAULT_KEYS = tuple(field.name for field in fields(Fault))
_CALL_KEYS = ("name", "args", "id")
_USAGE_KEYS = ("prompt", "cached", "output", "thinking", "tool")


def read_conversations(document: Any) -> Iterator[Conversation]:
    """The conversations of the document. Raises ScriptRefused."""
    script = _object(document, ("conversations",), "the script")
    for number, conversation in enumerate(_list(script.get("conversations"), "conversations")):
        yield _conversation(conversation, f"conversations[{number}]")


def _conversation(value: Any, place: str) -> Conversation:
    said = _object(value, ("when", "turns"), place)
    turns = _list(said.get("turns"), f"{place}.turns")
    return (
        _pattern(said.get("when"), f"{place}.when"),
        tuple(_turn(turn, f"{place}.turns[{number}]") for number, turn in enumerate(turns)),
    )


def _pattern(value: Any, place: str) -> re.Pattern[str] | None:
    if value is None:
        return None
    try:
        return re.compile(value, re.IGNORECASE)
    except (TypeError, re.error) as error:
        raise ScriptRefused(f"{place}: {value!r} is not a regular expression ({error}).") from error


def _turn(value: Any, place: str) -> Turn:
    said = _object(value, tuple(_TURN_KEYS), place)
    return Turn(**{
        name: read(said[key], f"{place}.{key}")
        for key, (name, read) in _TURN_KEYS.items()
        if key in said
    })  # fmt: skip


def _texts(value: Any, place: str) -> tuple[str, ...]:
    chunks = [value] if isinstance(value, str) else value
    if not isinstance(chunks, list) or not all(isinstance(chunk, str) for chunk in chunks):
        raise ScriptRefused(f"{place}: expected a text or a list of texts, not {value!r}.")
    return tuple(chunks)


def _calls(value: Any, place: str) -> tuple[Call, ...]:
    return tuple(_call(call, f"{place}[{number}]") for number, call in enumerate(_list(value, place)))


def _call(value: Any, place: str) -> Call:
    said = _object(value, _CALL_KEYS, place)
    if not isinstance(said.get("name"), str):
        raise ScriptRefused(f'{place}: a call needs the "name" of a function.')
    args = said.get("args", {})
    if not isinstance(args, Mapping):
        raise ScriptRefused(f"{place}.args: expected an object, not {args!r}.")
    return Call(said["name"], args, str(said.get("id", "")))


def _faults(value: Any, place: str) -> tuple[Fault, ...]:
    return tuple(
        Fault(**_object(fault, _FAULT_KEYS, f"{place}[{number}]"))
        for number, fault in enumerate(_list(value, place))
    )


def _usage(value: Any, place: str) -> Mapping[str, int]:
    usage = _object(value, _USAGE_KEYS, place)
    if wrong := next((key for key, count in usage.items() if type(count) is not int or count < 0), None):
        raise ScriptRefused(f"{place}.{wrong}: expected a number of tokens, not {usage[wrong]!r}.")
    return usage


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise ScriptRefused(f"{place}: expected a text, not {value!r}.")
    return value


def _seconds(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ScriptRefused(f"{place}: expected a number of seconds, not {value!r}.")
    return float(value)


def _flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise ScriptRefused(f"{place}: expected true or false, not {value!r}.")
    return value


_TURN_KEYS: Mapping[str, tuple[str, Callable[[Any, str], Any]]] = {
    "say": ("texts", _texts),
    "think": ("thoughts", _texts),
    "call": ("calls", _calls),
    "finish": ("finish", _text),
    "usage": ("usage", _usage),
    "served": ("served", _text),
    "block": ("block", _text),
    "continuation": ("continuation", _text),
    "pause_seconds": ("pause_seconds", _seconds),
    "signed": ("signed", _flag),
    "faults": ("faults", _faults),
}


def _object(value: Any, known: tuple[str, ...], place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ScriptRefused(f"{place}: expected an object, not {value!r}.")
    if unknown := next((key for key in value if key not in known), None):
        raise ScriptRefused(f"{place}: unknown key {unknown!r}. Known: {', '.join(known)}.")
    return value


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise ScriptRefused(f"{place}: expected a list, not {value!r}.")
    return value
