"""BFCL's gold arguments, on the wire with 3.0 for 3: what our declarations make of them again."""

from collections.abc import Iterator, Mapping
from typing import Any

from evals.outside.bfcl import data
from evals.outside.bfcl.schemas import json_schema
from evals.outside.tally import Tally
from orchestrator.model.declarations import Declarations
from orchestrator.toolbox import Tool


def coerced() -> Tally:
    """Whether each gold argument is, after the wire, what it was: whole numbers whole where they must be."""
    tally = Tally("BFCL gold calls whose whole numbers come back from the wire as integers")
    for category in data.single_turn():
        answers = data.gold(category)
        for task in data.tasks(category):
            documents = {document["name"]: document for document in task["function"]}
            for name, given in _calls(answers.get(task["id"], ())):
                tally.add(task["id"], _faults(documents[name], given))
    return tally


def floated(value: Any) -> Any:
    """The value with every whole number written with a point, as the wire may have it."""
    match value:
        case bool():
            return value
        case int():
            return float(value)
        case Mapping():
            return {key: floated(one) for key, one in value.items()}
        case list():
            return [floated(one) for one in value]
        case _:
            return value


def _calls(answer: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The calls of a gold answer; of the values that it allows, the first."""
    for call in answer:
        for name, parameters in call.items():
            yield name, {key: _first(allowed) for key, allowed in parameters.items() if _first(allowed) != ""}


def _first(allowed: Any) -> Any:
    value = allowed[0] if isinstance(allowed, list) and allowed else allowed
    match value:
        case Mapping():
            return {key: _first(one) for key, one in value.items()}
        case list():
            return [_first([one]) if isinstance(one, Mapping) else one for one in value]
        case _:
            return value


def _faults(document: data.Json, given: Mapping[str, Any]) -> Iterator[str]:
    tool = Tool(document["name"], "", json_schema(document), "destroys", is_known=False)
    back = Declarations.of([tool]).arguments(tool, floated(given))
    if back != given:
        yield f"{given} came back as {back}"
    for place, schema, before, after in _integers(tool.schema, given, back):
        if type(after) is not int:
            yield f"{place} is {after!r} where {schema} wants {before!r}"


def _integers(schema: Any, before: Any, after: Any, place: str = "") -> Iterator[tuple[str, Any, Any, Any]]:
    """The places of integers in what was given, with the schemas that ask for them."""
    if not isinstance(schema, Mapping):
        return
    if type(before) is int and schema.get("type") == "integer":
        yield place, schema, before, after
    if isinstance(before, Mapping):
        for key, value in before.items():
            yield from _integers(
                (schema.get("properties") or {}).get(key), value, after[key], f"{place}/{key}"
            )
    if isinstance(before, list):
        for number, value in enumerate(before):
            yield from _integers(schema.get("items"), value, after[number], f"{place}/{number}")
