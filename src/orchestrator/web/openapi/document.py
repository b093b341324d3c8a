"""The OpenAPI 3.1 document, made of the table of operations and of the shapes that they name."""

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from orchestrator.web.openapi.operation import Operation, Socket
from orchestrator.web.openapi.problem import COMMON, PROBLEM, WITH_BODY, problem_of
from orchestrator.web.openapi.shapes import REF

Json = dict[str, Any]

_PROBLEM_MEDIA = "application/problem+json"
_PATH_PARAMETER = re.compile(r"{(\w+)}")


def document(
    title: str,
    version: str,
    about: str,
    operations: Sequence[Operation | Socket],
    *,
    schemas: Mapping[str, Json],
    parameters: Mapping[str, str],
    tags: Mapping[str, str],
) -> Json:
    """The whole document. `schemas` are named ones beside the shapes', `parameters` tell those of paths."""
    shapes = _Shapes(operations)
    paths: dict[str, Json] = {}
    for operation in operations:
        told = (
            _socket(operation, shapes)
            if isinstance(operation, Socket)
            else {operation.method.lower(): _operation(operation, shapes)}
        )
        paths.setdefault(operation.path, _path_parameters(operation.path, parameters)).update(told)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": about},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": meaning} for name, meaning in tags.items()],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted({"Problem": PROBLEM, **schemas, **shapes.definitions}.items())),
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The server's API_KEY; without one only this machine is served.",
                }
            },
        },
    }


@dataclass(slots=True, init=False)
class _Shapes:
    """The schemas of every type that the operations name, each once."""

    definitions: dict[str, Json]
    _found: Mapping[Any, Json]

    def __init__(self, operations: Iterable[Operation | Socket]) -> None:
        wanted: dict[tuple[str, str], Any] = {}
        for operation in operations:
            for mode, shape in _shapes_of(operation):
                wanted[str(shape), mode] = shape
        adapters = [(name, mode, TypeAdapter(shape)) for (name, mode), shape in wanted.items()]
        found, told = TypeAdapter.json_schemas(adapters, ref_template=REF)  # type: ignore[arg-type]
        self._found = found
        self.definitions = told.get("$defs", {})

    def of(self, shape: Any, mode: str) -> Json:
        """The schema, most often a reference."""
        return self._found[str(shape), mode]


def _shapes_of(operation: Operation | Socket) -> Iterable[tuple[str, Any]]:
    if isinstance(operation, Socket):
        takes: list[Any] = list(operation.takes.values())
        gives = [operation.sends]
    else:
        takes = [operation.takes]
        gives = [operation.gives, operation.streams, operation.refuses_as]
    yield from (("validation", shape) for shape in takes if shape is not None)
    yield from (("serialization", shape) for shape in gives if shape is not None)


def _operation(operation: Operation, shapes: _Shapes) -> Json:
    told: Json = {
        "operationId": operation.endpoint.__name__,
        "tags": [operation.tag],
        **_words(operation.endpoint),
        "responses": _responses(operation, shapes),
    }
    if operation.query:
        told["parameters"] = [query.parameter() for query in operation.query]
    if operation.takes is not None:
        content: Json = {"schema": shapes.of(operation.takes, "validation")}
        if operation.example is not None:
            content["example"] = operation.example
        is_required = any(field.is_required() for field in operation.takes.model_fields.values())
        told["requestBody"] = {"required": is_required, "content": {"application/json": content}}
    if operation.is_open:
        told["security"] = []
    return told


def _words(endpoint: Any) -> Json:
    """The first line of the docstring, and all of it when there is more."""
    whole = inspect.cleandoc(endpoint.__doc__ or "")
    first = " ".join(whole.split("\n\n")[0].split())
    return {"summary": first.rstrip(".")} | ({"description": whole} if whole != first else {})


def _responses(operation: Operation, shapes: _Shapes) -> Json:
    told = {str(operation.status): _success(operation, shapes)}
    if operation.is_maybe_empty:
        told["204"] = {"description": "There is nothing to tell."}
    if operation.is_open:
        return told
    refusals: dict[int, list[Any]] = {}
    common = (*COMMON, *(WITH_BODY if operation.takes is not None or operation.query else ()))
    for error in (*operation.fails, *common):
        refusals.setdefault(error.status, []).append(error)
    for status, errors in sorted(refusals.items()):
        told[str(status)] = _refusal(errors, operation, shapes)
    return told


def _success(operation: Operation, shapes: _Shapes) -> Json:
    content: Json = {}
    if operation.gives is not None:
        content["application/json"] = {"schema": shapes.of(operation.gives, "serialization")}
        if operation.answer is not None:
            content["application/json"]["example"] = operation.answer
    if operation.streams is not None:
        content["text/event-stream"] = {"schema": shapes.of(operation.streams, "serialization")}
    if operation.text:
        content[operation.text] = {"schema": {"type": "string"}}
    if not content:
        return {"description": "Done."}
    said = "Server-sent events; the data of each is one of these." if operation.streams else "The answer."
    return {"description": said, "content": content}


def _refusal(errors: Sequence[Any], operation: Operation, shapes: _Shapes) -> Json:
    said = "; ".join(dict.fromkeys(f"{error.title} (`{error.code}`)" for error in errors))
    ours = {
        "schema": {"$ref": REF.format(model="Problem")},
        "examples": {error.code: {"value": problem_of(error)} for error in errors},
    }
    content: Json = {_PROBLEM_MEDIA: ours}
    if operation.refuses_as is not None:
        content["application/json"] = {"schema": shapes.of(operation.refuses_as, "serialization")}
    return {"description": said, "content": content}


def _path_parameters(path: str, known: Mapping[str, str]) -> Json:
    names = _PATH_PARAMETER.findall(path)
    if not names:
        return {}
    return {
        "parameters": [
            {
                "name": name,
                "in": "path",
                "required": True,
                "description": known[name],
                "schema": {"type": "string"},
            }
            for name in names
        ]
    }


def _socket(socket: Socket, shapes: _Shapes) -> Json:
    """OpenAPI has no word for frames: they stand in extensions, by the types that a client gives them."""
    frames = {name: shapes.of(model, "validation") for name, model in socket.takes.items()}
    return {
        "get": {
            "operationId": socket.endpoint.__name__,
            "tags": [socket.tag],
            **_words(socket.endpoint),
            "responses": {"101": {"description": "A WebSocket whose frames are JSON objects."}},
            "x-frames-sent-by-clients": frames,
            "x-frame-told": shapes.of(socket.sends, "serialization"),
        }
    }
