"""BFCL's gold conversations through our loop against its simulated classes, judged by its own checker."""

import ast
import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bfcl_eval.eval_checker.multi_turn_eval.multi_turn_checker import (
    multi_turn_checker,
    multi_turn_irrelevance_checker,
    state_checker,
)
from bfcl_eval.eval_checker.multi_turn_eval.multi_turn_utils import execute_multi_turn_func_call

from evals.outside.bfcl import data
from evals.outside.bfcl.arguments import floated
from evals.outside.bfcl.server import Simulation, written
from evals.outside.loop import Asked, Loop
from evals.outside.tally import Tally
from orchestrator.toolbox.mcp import McpToolbox

_MORE = "These functions are available now as well."
"""Said where BFCL gives the functions that were missing, and nobody says anything."""


async def replay(loop: Loop, category: str, *, most: int | None = None) -> Tally:
    """Play the category's first `most` tasks, or all."""
    tally = Tally(f"BFCL {category} tasks that end in the gold state")
    answers = data.gold(category)
    for task in list(data.tasks(category))[:most]:
        gold = answers[task["id"]]
        if withheld := _called_while_missing(task, gold):
            tally.aside.append(
                f"{task['id']}: its gold answer calls {withheld}, which the task withholds then"
            )
        else:
            tally.add(task["id"], await _replayed(loop, task, gold, gold))
    return tally


async def spoil(loop: Loop, category: str, *, most: int) -> Tally:
    """Play tasks without their last call: the judge has to notice."""
    tally = Tally(f"BFCL {category} tasks without their last call that are told to be wrong")
    answers = data.gold(category)
    for task in list(data.tasks(category))[:most]:
        gold = answers[task["id"]]
        last = max(turn for turn, calls in enumerate(gold) if calls)
        less = [calls[:-1] if turn == last else calls for turn, calls in enumerate(gold)]
        faults = await _replayed(loop, task, gold, less)
        tally.add(task["id"], [] if faults else ["it passed all the same"])
    return tally


async def _replayed(
    loop: Loop, task: data.Json, gold: Sequence[Sequence[str]], played: Sequence[Sequence[str]]
) -> list[str]:
    """What is wrong after these calls were played."""
    simulation = Simulation(task)
    missing = _missing(task)
    simulation.hidden = set().union(*missing.values())
    faults: list[str] = []
    made: list[list[list[str]]] = []
    async with McpToolbox(simulation.server) as toolbox:
        session = await loop.session()
        for turn, (asked, wanted) in enumerate(zip(task["question"], played, strict=True)):
            if turn in missing:
                # Other tools than those that were agreed to: somebody has to agree to them.
                simulation.hidden -= missing[turn]
                await toolbox.agree()
            before = len(simulation.calls)
            question = "\n".join(message["content"] for message in asked) or _MORE
            calls = [_asked(simulation, call) for call in wanted]
            faults += await loop.play(toolbox, session, question, calls)
            made.append([written(simulation.calls[before:])])
    return faults + list(_judged(simulation, task, gold, made))


def _missing(task: data.Json) -> dict[int, set[str]]:
    """The functions that the task withholds until a turn, by turn."""
    return {int(turn): set(names) for turn, names in task.get("missed_function", {}).items()}


def _called_while_missing(task: data.Json, gold: Sequence[Sequence[str]]) -> str:
    """The function that the gold answer calls before the task offers it; empty when there is none."""
    for until, names in _missing(task).items():
        called = {call.partition("(")[0] for calls in gold[:until] for call in calls}
        if early := called & names:
            return ", ".join(sorted(early))
    return ""


def _judged(
    simulation: Simulation, task: data.Json, gold: Sequence[Sequence[str]], made: list[list[list[str]]]
) -> Iterator[str]:
    """What BFCL says of the calls that arrived, and of the state in which they left its objects."""
    told = dict(task)
    checked = multi_turn_checker(made, gold, told, task["id"].rsplit("_", 1)[0], "ours")
    if not checked["valid"]:
        yield f"{checked['error_type']}: {checked['error_message']}"
    silent = multi_turn_irrelevance_checker(made, gold)
    if not silent["valid"]:
        yield str(silent["error_message"])
    results, instances = execute_multi_turn_func_call(
        [call for turn in gold for call in turn],
        task["initial_config"],
        task["involved_classes"],
        "gold",
        task["id"],
        long_context="long_context" in task["id"],
    )
    state = state_checker(simulation.instances, instances)
    if not state["valid"]:
        yield f"{state['error_message']} {list(state['details']['differences'])}"
    if simulation.results != results:
        yield f"answered {_differing(simulation.results, results)}"


def _differing(ours: Sequence[str], theirs: Sequence[str]) -> str:
    pairs = ((one, other) for one, other in zip(ours, theirs, strict=False) if one != other)
    return next((f"{one!r} for {other!r}" for one, other in pairs), f"{len(ours)} times for {len(theirs)}")


def _asked(simulation: Simulation, call: str) -> Asked:
    """The gold call, with the names of its parameters, and with 3.0 for 3 where a whole number is wanted."""
    tree = ast.parse(call, mode="eval").body
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        raise TypeError(f"{call!r} is no call")
    name = tree.func.id
    given = [ast.literal_eval(value) for value in tree.args]
    named = {keyword.arg: ast.literal_eval(keyword.value) for keyword in tree.keywords if keyword.arg}
    bound = inspect.signature(simulation.method(name)).bind_partial(*given, **named)
    properties = simulation.schema(name).get("properties", {})
    return name, {key: _on_the_wire(value, properties.get(key)) for key, value in bound.arguments.items()}


def _on_the_wire(value: Any, schema: Any) -> Any:
    return floated(value) if _wants_integers(schema) else value


def _wants_integers(schema: Any) -> bool:
    if not isinstance(schema, Mapping):
        return False
    return schema.get("type") == "integer" or (
        schema.get("type") == "array" and _wants_integers(schema.get("items"))
    )
