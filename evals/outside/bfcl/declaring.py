"""Every function of BFCL as our declaration: by Google's types, JSON Schema's rules, and over the wire."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx2
from google.genai import types
from jsonschema import Draft202012Validator, SchemaError  # type: ignore[import-untyped]

from evals.outside.bfcl import data
from evals.outside.bfcl.schemas import json_schema
from evals.outside.loop import MODEL, Played
from evals.outside.tally import Tally
from local_twins.gemini import create_app
from local_twins.server import TwinServer
from orchestrator.errors import ModelError
from orchestrator.model import ModelRequest
from orchestrator.model.declarations import Declarations
from orchestrator.model.gemini import GeminiModel
from orchestrator.toolbox import Tool

_A_REQUEST = 100
"""So many functions are told at once."""


def declared() -> Tally:
    """Whether each function is a declaration that Google's client and JSON Schema take."""
    tally = Tally("BFCL functions that are valid declarations")
    for name, document in _documents():
        tally.add(name, _faults(document))
    return tally


async def sent() -> Tally:
    """Whether each declaration arrives at a Gemini as our declarations tell it, and is taken there."""
    tally = Tally("BFCL declarations that reach a local Gemini unchanged")
    seen: list[Mapping[str, Any]] = []
    app = create_app(Played(), seen=lambda _, body: seen.append(body))
    async with httpx2.AsyncClient() as http:
        with TwinServer(app) as url:
            model = GeminiModel(http, api_key="key", base_url=url)
            for tools in _requests():
                await _send(model, tools, seen, tally)
    return tally


async def _send(
    model: GeminiModel, tools: Sequence[Tool], seen: list[Mapping[str, Any]], tally: Tally
) -> None:
    told = Declarations.of(tools).to_json()
    contents = [{"role": "user", "parts": [{"text": "Which functions are there?"}]}]
    try:
        async for _ in model.stream(ModelRequest(MODEL, "Be short.", contents, told)):
            pass
    except ModelError as error:
        for tool in tools:
            tally.add(tool.name, [f"refused with its request: {error.detail}"])
        return
    arrived = {one["name"]: one for one in seen[-1]["tools"][0]["functionDeclarations"]}
    for one in told:
        tally.add(one["name"], [] if arrived.get(one["name"]) == one else ["did not arrive as it was told"])


def _documents() -> Iterator[tuple[str, data.Json]]:
    for category in data.single_turn():
        for task in data.tasks(category):
            for document in task["function"]:
                yield f"{task['id']}/{document['name']}", document
    for file in data.simulated():
        for document in data.functions_of(file):
            yield f"{file}/{document['name']}", document


def _faults(document: data.Json) -> Iterator[str]:
    tool = _tool(document)
    told = Declarations.of([tool])
    [declaration] = told.to_json()
    if told.tool(declaration["name"]) is not tool:
        yield "its name does not lead back to it"
    try:
        Draft202012Validator.check_schema(tool.schema)
    except SchemaError as error:
        yield f"no JSON Schema: {error.message}"
    with warnings.catch_warnings():
        # The SDK takes a type that it does not know with no more than a warning.
        warnings.simplefilter("error")
        try:
            types.FunctionDeclaration.model_validate(declaration)
            schema = types.JSONSchema.model_validate(declaration["parameters_json_schema"])
            types.Schema.from_json_schema(json_schema=schema)
        except (ValueError, UserWarning) as error:
            yield f"not for google-genai: {error}"


def _tool(document: data.Json) -> Tool:
    return Tool(document["name"], document["description"], json_schema(document), "destroys", is_known=False)


def _requests() -> Iterator[list[Tool]]:
    """All functions, each once for each schema that it has, in requests without a name twice."""
    waiting: list[dict[str, Tool]] = []
    known: set[str] = set()
    for _, document in _documents():
        tool = _tool(document)
        if (same := repr(tool)) in known:
            continue
        known.add(same)
        free = next((one for one in waiting if tool.name not in one), None)
        if free is None:
            waiting.append(free := {})
        free[tool.name] = tool
        if len(free) == _A_REQUEST:
            waiting.remove(free)
            yield list(free.values())
    yield from (list(one.values()) for one in waiting)
