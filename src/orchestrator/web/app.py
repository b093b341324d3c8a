"""The agent's application: all its endpoints behind the kernel's door."""

from starlette.applications import Starlette

from orchestrator.analysis import Analyses
from orchestrator.web import (
    agui_api,
    analysis_api,
    approvals_api,
    chat_api,
    completions_api,
    document_api,
    page_api,
    sessions_api,
    socket_api,
    tools_api,
    ui_messages_api,
    usage_api,
)
from orchestrator.web.desk import Desk
from orchestrator.web.openapi import Operation, Socket, routes_of
from pyairtable_platform.kernel.http import Door, create_service

OPERATIONS: tuple[Operation | Socket, ...] = (
    *page_api.OPERATIONS,
    *chat_api.OPERATIONS,
    *sessions_api.OPERATIONS,
    *approvals_api.OPERATIONS,
    *usage_api.OPERATIONS,
    *tools_api.OPERATIONS,
    *analysis_api.OPERATIONS,
    *agui_api.OPERATIONS,
    *completions_api.OPERATIONS,
    *ui_messages_api.OPERATIONS,
    *socket_api.OPERATIONS,
    *document_api.OPERATIONS,
)
"""Every endpoint of the role: what is served, and what the document tells."""

OPEN_PATHS = page_api.OPEN_PATHS | document_api.OPEN_PATHS
"""What a door may show to everyone: no data is in it."""


def create_app(desk: Desk, door: Door) -> Starlette:
    """The application; whoever serves it opens and closes what the desk holds."""
    app = create_service("chat", routes_of(OPERATIONS), door)
    app.state.desk = desk
    app.state.origins = door.origins
    app.state.limit = door.limit
    app.state.analyses = Analyses(desk.schema_toolbox or desk.toolbox, desk.now, desk.words)
    app.state.document = document_api.Document(OPERATIONS)
    return app
