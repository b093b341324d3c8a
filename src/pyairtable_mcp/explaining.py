"""What went wrong, in words with which a model can mend its next call."""

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from airtable_gateway import AirtableError, Gateway, NotFound, TooManyRequests, WorkspaceNotFound
from pyairtable_mcp.advice import ADVICE
from pyairtable_mcp.budget import shortened


def explain(error: AirtableError, facts: str = "") -> str:
    """What failed, the value at fault, the nearest valid names, and what to do next.

    `facts` are looked up for the occasion, and stand before what is always said.
    """
    parts = [_sentence(error.message)]
    if isinstance(error, NotFound) and error.known:
        near = error.nearest
        parts.append(f"Nearest: {shortened(near)}." if near else f"There are: {shortened(error.known)}.")
    parts += [_step(error), facts]
    if error.type and error.type not in error.message:
        parts.append(f"(Airtable: {error.type})")
    return " ".join(filter(None, parts))


async def explain_call(error: AirtableError, gateway: Gateway, arguments: Mapping[str, Any]) -> str:
    """The same, with what the schema tells about this very call."""
    return explain(error, await _facts(error, gateway, arguments))


async def _facts(error: AirtableError, gateway: Gateway, arguments: Mapping[str, Any]) -> str:
    advice = ADVICE.get(error.type)
    if advice is None or advice.facts is None or not arguments.get("base_id"):
        return ""
    try:
        schema = await gateway.schema(str(arguments["base_id"]), fresh=True)
    except AirtableError:
        # The refusal itself is what the model must read; the look was a courtesy.
        return ""
    return advice.facts(schema, arguments)


def _step(error: AirtableError) -> str:
    """The next step. An error that knows how long to wait, or what is missing, says so itself."""
    if isinstance(error, TooManyRequests | WorkspaceNotFound) or error.type not in ADVICE:
        return error.hint
    return ADVICE[error.type].step


def explain_arguments(name: str, error: ValidationError, known: list[str]) -> str:
    """Every argument that `name` cannot take, with the remedy."""
    problems = [_argument_problem(problem, known) for problem in error.errors(include_url=False)]
    return f"{name} was not called: " + " ".join(problems)


def _argument_problem(problem: Any, known: list[str]) -> str:
    path = ".".join(str(part) for part in problem["loc"]) or "arguments"
    match problem["type"]:
        case "extra_forbidden":
            return f"There is no argument {path!r}; {_known_ones(problem['loc'], known)}"
        case "missing":
            return f"The argument {path!r} is missing."
        case _:
            given = json.dumps(problem.get("input"), ensure_ascii=False, default=str)
            shown = given if len(given) <= 80 else given[:77] + "..."
            return f"{path}: {_sentence(problem['msg'])} Given: {shown}."


def _known_ones(place: tuple[str | int, ...], known: list[str]) -> str:
    """The nearest name, or all of them; of what is inside an argument the schema tells."""
    if len(place) > 1:
        return f"the schema of {place[0]!r} tells what it takes."
    near = get_close_matches(str(place[0]), known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"it takes {shortened(known)}."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
