"""BFCL's simulated classes as an MCP server: their functions are its tools, by their own documents."""

import copy
import importlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from bfcl_eval.constants.executable_backend_config import (
    CLASS_FILE_PATH_MAPPING,
    MULTI_TURN_FUNC_DOC_FILE_MAPPING,
    STATELESS_CLASSES,
)
from mcp.server import Server
from mcp.types import CallToolRequestParams, CallToolResult, ListToolsResult, TextContent, Tool

from evals.outside.bfcl import data
from evals.outside.bfcl.schemas import json_schema


class Simulation:
    """The objects of a task, and what was called on them; `hidden` functions are not offered."""

    def __init__(self, task: data.Json) -> None:
        classes = task["involved_classes"]
        self.instances = {name: _instance(name, task) for name in classes}
        self.hidden: set[str] = set()
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self.results: list[str] = []
        self._documents = {
            document["name"]: (name, document)
            for name in classes
            for document in data.functions_of(MULTI_TURN_FUNC_DOC_FILE_MAPPING[name])
        }
        self.server: Server[Any] = Server("bfcl", on_list_tools=self._list, on_call_tool=self._call)

    def method(self, name: str) -> Any:
        """The method that a function stands for."""
        return getattr(self.instances[self._documents[name][0]], name)

    def schema(self, name: str) -> dict[str, Any]:
        """The parameters of a function."""
        return json_schema(self._documents[name][1])

    async def _list(self, _context: Any, _params: Any) -> ListToolsResult:
        return ListToolsResult(
            tools=[
                Tool(name=name, description=document["description"], input_schema=json_schema(document))
                for name, (_, document) in self._documents.items()
                if name not in self.hidden
            ]
        )

    async def _call(self, _context: Any, params: CallToolRequestParams) -> CallToolResult:
        arguments = params.arguments or {}
        self.calls.append((params.name, arguments))
        try:
            told = _text(self.method(params.name)(**arguments))
        except Exception as error:  # noqa: BLE001 - as BFCL tells of it: whatever a simulated function raises
            told, is_error = f"Error during execution: {error}", True
        else:
            is_error = False
        self.results.append(told)
        return CallToolResult(content=[TextContent(text=told)], is_error=is_error)


def written(calls: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """The calls as BFCL's checker reads them: Python expressions."""
    return [
        f"{name}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"
        for name, arguments in calls
    ]


def _instance(name: str, task: data.Json) -> Any:
    """An object of the class in the state with which the task begins, as BFCL's own runner makes it."""
    instance = getattr(importlib.import_module(CLASS_FILE_PATH_MAPPING[name]), name)()
    if name not in STATELESS_CLASSES:
        scenario = copy.deepcopy(task["initial_config"].get(name, {}))
        instance._load_scenario(scenario, long_context="long_context" in task["id"])  # noqa: SLF001 - BFCL's way in
    return instance


def _text(result: Any) -> str:
    """The result as BFCL's runner writes it down."""
    if isinstance(result, str):
        return result
    if isinstance(result, dict):
        try:
            return json.dumps(result)
        except TypeError:
            return str(result)
    return str(result)
