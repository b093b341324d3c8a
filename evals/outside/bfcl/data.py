"""BFCL's files, as its package `bfcl-eval` ships them: functions, tasks and gold answers by category."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

Json = Mapping[str, Any]

MULTI_TURN = ("multi_turn_base", "multi_turn_miss_func", "multi_turn_miss_param", "multi_turn_long_context")

_PREFIX, _ENDING = "BFCL_v4_", ".json"


def single_turn() -> list[str]:
    """The categories whose tasks bring their functions along."""
    named = [name.removeprefix(_PREFIX).removesuffix(_ENDING) for name in _names(_data())]
    return [name for name in named if name != "format_sensitivity" and "function" in next(tasks(name))]


def tasks(category: str) -> Iterator[Json]:
    """The tasks of a category, in order."""
    yield from _lines(_data() / f"{_PREFIX}{category}{_ENDING}")


def gold(category: str) -> Mapping[str, Any]:
    """The gold answers of a category by task; nothing for a category that has none."""
    file = _data() / "possible_answer" / f"{_PREFIX}{category}{_ENDING}"
    return {line["id"]: line["ground_truth"] for line in _lines(file)} if file.is_file() else {}


def simulated() -> list[str]:
    """The files that describe the simulated classes."""
    return _names(_data() / "multi_turn_func_doc")


@cache
def functions_of(file: str) -> tuple[Json, ...]:
    """The functions of a simulated class, by its file."""
    return tuple(_lines(_data() / "multi_turn_func_doc" / file))


def _names(folder: Traversable) -> list[str]:
    return sorted(item.name for item in folder.iterdir() if item.name.endswith(_ENDING))


def _lines(file: Traversable) -> Iterator[Json]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def _data() -> Traversable:
    return files("bfcl_eval") / "data"
