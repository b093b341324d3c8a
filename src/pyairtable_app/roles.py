"""The roles of the system: what each serves, where, and on which port when it stands alone."""

from dataclasses import dataclass

from pyairtable_app.errors import UnknownRole

ALL_ROLES_PORT = 8000


@dataclass(frozen=True, slots=True)
class Role:
    """A role; `paths` are the beginnings of the paths that it answers."""

    name: str
    port: int
    paths: tuple[str, ...]
    about: str


MCP = Role("mcp", 8001, ("/mcp", "/.well-known/oauth-protected-resource"), "the MCP server")
GATEWAY = Role("gateway", 8002, ("/airtable",), "Airtable's Web API through the gateway")
CHAT = Role(
    "chat",
    8003,
    (
        "/",
        "/page",
        "/chat",
        "/sessions",
        "/approvals",
        "/grants",
        "/usage",
        "/budgets",
        "/tools",
        "/analysis",
        "/agui",
        "/v1",
        "/api/chat",
        "/ws",
        "/openapi.json",
    ),
    "the chat page; the agent under /chat, /v1, /agui, /ws",
)
LANGUAGE = Role("language", 8010, ("/formula", "/fields"), "formulas evaluated, values checked")
AIRTABLE = Role(
    "airtable",
    8020,
    ("/v0", "/attachments", "/_twin"),
    "the embedded Airtable (Web API; its page at /_twin/)",
)

ROLES: tuple[Role, ...] = (MCP, GATEWAY, CHAT, LANGUAGE, AIRTABLE)


def named(names: list[str]) -> tuple[Role, ...]:
    """The roles of those names in the table's order, all of them when there are none. Raises UnknownRole."""
    known = [role.name for role in ROLES]
    if unknown := next((name for name in names if name not in known), None):
        raise UnknownRole(f"There is no role {unknown!r}. Roles: {', '.join(known)}.")
    return tuple(role for role in ROLES if not names or role.name in names)


def default_port(roles: tuple[Role, ...]) -> int:
    """A role served alone has its own port; together they share one."""
    return roles[0].port if len(roles) == 1 else ALL_ROLES_PORT
