"""What went wrong, in words with which a model can mend its next call."""

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from airtable_gateway import (
    AirtableError,
    Gateway,
    NotFound,
    RecordNotFound,
    TooManyRequests,
    WorkspaceNotFound,
)
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.refusals.advice import ADVICE
from pyairtable_mcp.refusals.forms import call_form, form_of

_GIVEN = 80
"""Characters of an argument that are repeated."""
_TOLD = 10
"""Problems of one call that are told."""
_OF_THE_CALL = ("missing", "extra_forbidden")
_OF_ANYTHING = ("NOT_FOUND", "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND")
"""Types that do not say what is not there."""


def explain(error: AirtableError, facts: str = "", *, typecast: bool = False) -> str:
    """What failed, the value at fault, the nearest valid names, and what to do next.

    `facts` are looked up for the occasion, and stand before what is always said. `typecast` says that the
    call has asked for it, so that it is no advice.
    """
    parts = [_sentence(error.message)]
    if isinstance(error, NotFound) and error.known:
        near = error.nearest
        parts.append(f"Nearest: {shortened(near)}." if near else f"There are: {shortened(error.known)}.")
    parts += [_step(error, typecast=typecast), facts]
    if error.type and error.type not in error.message:
        parts.append(f"(Airtable: {error.type})")
    return " ".join(filter(None, parts))


async def explain_call(error: AirtableError, gateway: Gateway, arguments: Mapping[str, Any]) -> str:
    """The same, with what the schema tells about this very call."""
    facts = await _facts(error, gateway, arguments)
    return explain(error, facts, typecast=arguments.get("typecast") is True)


async def _facts(error: AirtableError, gateway: Gateway, arguments: Mapping[str, Any]) -> str:
    advice = None if _knows_the_step(error) else ADVICE.get(error.type)
    if advice is None or advice.facts is None or not arguments.get("base_id"):
        return ""
    try:
        schema = await gateway.schema(str(arguments["base_id"]), fresh=True)
    except AirtableError:
        # The refusal itself is what the model must read; the look was a courtesy.
        return ""
    return advice.facts(schema, arguments)


def _step(error: AirtableError, *, typecast: bool) -> str:
    """The next step."""
    if _knows_the_step(error) or error.type not in ADVICE:
        return error.hint
    return ADVICE[error.type].step_of(typecast=typecast)


def _knows_the_step(error: AirtableError) -> bool:
    """Whether the error says more than its type: how long to wait, or what is missing."""
    match error:
        case RecordNotFound():
            return error.type in _OF_ANYTHING
        case _:
            return isinstance(error, TooManyRequests | WorkspaceNotFound)


def explain_arguments(name: str, error: ValidationError, schema: Mapping[str, Any]) -> str:
    """Every argument that `name` cannot take, and the form of those that it takes, told by their schema."""
    found = error.errors(include_url=False)
    problems = [_argument_problem(problem, list(schema["properties"])) for problem in found[:_TOLD]]
    more = [f"And {len(found) - _TOLD} more."] if len(found) > _TOLD else []
    return f"{name} was not called: {' '.join([*problems, *more])} {_forms(name, found, schema)}"


def _forms(name: str, problems: Sequence[Any], schema: Mapping[str, Any]) -> str:
    """The forms of the arguments at fault; of all of them when one is missing or unknown."""
    members = schema["properties"]
    at_fault = [problem["loc"][0] for problem in problems if problem["loc"]]
    whole = any(problem["type"] in _OF_THE_CALL and len(problem["loc"]) == 1 for problem in problems)
    if whole or not at_fault:
        return f"{name} takes {call_form(schema)}."
    forms = [f"{argument}: {form_of(members[argument])}" for argument in dict.fromkeys(at_fault)]
    return f"Expected: {'; '.join(forms)}."


def _argument_problem(problem: Any, known: list[str]) -> str:
    path = ".".join(str(part) for part in problem["loc"]) or "arguments"
    match problem["type"]:
        case "extra_forbidden":
            return f"There is no argument {_cut(repr(path))}{_nearest(problem['loc'], known)}"
        case "missing":
            return f"The argument {path!r} is missing."
        case _:
            given = json.dumps(problem.get("input"), ensure_ascii=False, default=str)
            return f"{_cut(path)}: {_sentence(problem['msg'])} Given: {_cut(given)}."


def _nearest(place: tuple[str | int, ...], known: list[str]) -> str:
    near = get_close_matches(str(place[0]), known, n=1) if len(place) == 1 else []
    return f"; did you mean {near[0]!r}?" if near else "."


def _cut(text: str) -> str:
    return text if len(text) <= _GIVEN else text[: _GIVEN - 3] + "..."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
