"""The OpenAPI document of the chat at `/openapi.json`."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from orchestrator.web.event_shapes import event_schemas
from orchestrator.web.openapi import Operation, Socket, document

_ABOUT = """\
An agent that works on Airtable bases. Say something with `POST /chat`, or read what happens as it happens \
with `POST /chat/stream`. A change waits for a decision at `POST /approvals/{id}`. \
Amounts of money are micro-dollars."""

_TAGS = {
    "chat": "Talking, and reading what happens.",
    "sessions": "Conversations and their events.",
    "approvals": "Calls that wait for a person, and grants given beforehand.",
    "cost": "What was spent, and budgets.",
    "tools": "What the agent may call.",
    "analysis": "Schema analysis: estimate, run, findings, writing them back.",
    "protocols": "The same agent for AG-UI, the AI SDK, OpenAI's clients and WebSockets.",
    "page": "The chat page.",
    "document": "This document.",
}

_PARAMETERS = {
    "id": "The id of what the path names: a session, an approval, a grant, an analysis.",
    "scope": "`global`, `users` (each one without a limit of his own), `user:ID` (a month), `session:ID`.",
}


async def show_document(request: Request) -> Response:
    """This document."""
    told: dict[str, Any] = request.app.state.document()
    return JSONResponse(told)


OPERATIONS = (
    Operation(
        method="GET",
        path="/openapi.json",
        endpoint=show_document,
        tag="document",
        gives=dict[str, Any],
        is_open=True,
    ),
)

OPEN_PATHS = frozenset(operation.path for operation in OPERATIONS)


class Document:
    """The document of these operations, made when it is first asked for."""

    def __init__(self, operations: Sequence[Operation | Socket]) -> None:
        self._made = cache(lambda: _document(operations))

    def __call__(self) -> dict[str, Any]:
        """The document."""
        return self._made()


def _document(operations: Sequence[Operation | Socket]) -> dict[str, Any]:
    return document(
        "PyAirtable MCP: chat",
        version("pyairtable-mcp"),
        _ABOUT,
        operations,
        schemas=event_schemas(),
        parameters=_PARAMETERS,
        tags=_TAGS,
    )
