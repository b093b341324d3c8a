"""The agent's application: all its endpoints behind the kernel's door."""

from starlette.applications import Starlette

from orchestrator.analysis import Analyses
from orchestrator.web import (
    agui_api,
    analysis_api,
    approvals_api,
    chat_api,
    completions_api,
    page_api,
    sessions_api,
    socket_api,
    tools_api,
    ui_messages_api,
    usage_api,
)
from orchestrator.web.desk import Desk
from pyairtable_platform.kernel.http import Door, create_service


def create_app(desk: Desk, door: Door) -> Starlette:
    """The application; whoever serves it opens and closes what the desk holds."""
    app = create_service(
        "chat",
        [
            *page_api.ROUTES,
            *chat_api.ROUTES,
            *sessions_api.ROUTES,
            *approvals_api.ROUTES,
            *usage_api.ROUTES,
            *tools_api.ROUTES,
            *analysis_api.ROUTES,
            *agui_api.ROUTES,
            *completions_api.ROUTES,
            *ui_messages_api.ROUTES,
            *socket_api.ROUTES,
        ],
        door,
    )
    app.state.desk = desk
    app.state.origins = door.origins
    app.state.analyses = Analyses(desk.toolbox, desk.now)
    return app
