"""Serving roles over HTTP: the socket, the applications behind it, and what a person is told."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import anyio
import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp
from uvicorn.config import LOGGING_CONFIG

from airtable_gateway.listening import HOOKS
from pyairtable_app.access import Access
from pyairtable_app.banner import banner
from pyairtable_app.call_log import write_calls
from pyairtable_app.edge import Lifespan, MetricsPage, create_edge
from pyairtable_app.errors import CannotServe, CannotStart
from pyairtable_app.garbage import collect_seldom
from pyairtable_app.posted_messages import MCP_PATH, PostedMessages
from pyairtable_app.production import require_secrets
from pyairtable_app.roles import AIRTABLE, CHAT, GATEWAY, LANGUAGE, MCP, Role
from pyairtable_app.server_log import write_log
from pyairtable_app.settings import LOOPBACK, Settings
from pyairtable_app.wiring import Wiring
from pyairtable_mcp.sole_answers import send_sole_answers_as_json

if TYPE_CHECKING:
    from local_twins.airtable import PageAccess

_GRACE_SECONDS = 3
"""How long what is being answered when the process is told to stop may take."""

_LEAVE_SECONDS = 1.5
"""When those who would wait for longer are told so."""

_LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of one message: a file of 5 MB, which is as much as Airtable takes, as base64."""

Protocol = type[asyncio.Protocol] | Literal["auto"]


def serve(settings: Settings, roles: tuple[Role, ...], host: str, port: int) -> None:
    """Serve the roles until the process is told to stop. Raises CannotServe."""
    require_secrets(settings, roles)
    _require_key_beyond_loopback(settings, host)
    # Before anything else sets up a log of its own.
    has_log = write_log(settings)
    write_calls(sys.stderr)
    with _listening(host, port) as listener:
        served = _Roles(Wiring(settings, is_watched=True), roles, _url(host, listener))
        _run(
            served.app(),
            listener,
            logs_itself=not has_log,
            running=served.running,
            take_leave=served.take_leave,
        )


def serve_app(
    app: ASGIApp, host: str, port: int, about: Callable[[str], str], *, protocol: Protocol = "auto"
) -> None:
    """Serve one application until the process is told to stop, after printing `about` of its address.

    `protocol` speaks HTTP. Raises CannotServe.
    """
    with _listening(host, port) as listener:
        print(about(_url(host, listener)), flush=True)
        _run(app, listener, protocol)


def _run(
    app: ASGIApp,
    listener: socket.socket,
    protocol: Protocol = "auto",
    *,
    logs_itself: bool = True,
    running: Lifespan = nullcontext,
    take_leave: Callable[[], None] = lambda: None,
) -> None:
    config = uvicorn.Config(
        app,
        http=protocol,
        log_config=LOGGING_CONFIG if logs_itself else None,
        log_level="warning",
        access_log=False,  # it would be put into words for each request, and dropped
        ws="auto",
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    # By anyio, which then knows the loop: else it would look for it some thirty times a call.
    server = _Server(config, running, take_leave)
    anyio.run(server.serve, [listener], backend_options={"loop_factory": config.get_loop_factory()})


class _Server(uvicorn.Server):
    """Is served within `running`, and calls `take_leave` before it breaks off what is not answered in time.

    An application's own lifespan would have its reason not to start told as a traceback.
    """

    def __init__(self, config: uvicorn.Config, running: Lifespan, take_leave: Callable[[], None]) -> None:
        super().__init__(config)
        self._running = running
        self._take_leave = take_leave
        self._stack = AsyncExitStack()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer. Raises CannotStart."""
        try:
            await self._stack.enter_async_context(self._running())
        except BaseExceptionGroup as group:
            raise _reason(group) from group
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what is under way, and stop."""
        asyncio.get_running_loop().call_later(_LEAVE_SECONDS, self._take_leave)
        await super().shutdown(sockets)
        await self._stack.aclose()


def _reason(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """What kept a part from starting, out of the group that a task group makes of it."""
    first: BaseException = group.subgroup(CannotStart) or group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first


def _require_key_beyond_loopback(settings: Settings, host: str) -> None:
    if host in LOOPBACK:
        return
    if not Access(settings).is_asked:
        raise CannotServe(
            f"--host {host} would serve other machines, and nobody is asked who they are. Set API_KEY "
            "(python -c 'import secrets; print(secrets.token_urlsafe(32))' makes one) or keep 127.0.0.1."
        )
    if not settings.http.allowed_hosts:
        raise CannotServe(
            f"--host {host} needs ALLOWED_HOSTS: the names under which clients reach this machine."
        )


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise CannotServe(
            f"{host}:{port} cannot be listened at ({error.strerror}); choose another --port."
        ) from error
    # Connections take it over. asyncio's own loop sets it for none of a socket that is handed to it, and
    # the second part of an answer would wait for the first to be acknowledged.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _url(host: str, listener: socket.socket) -> str:
    """The address as a client on this machine writes it."""
    wildcards = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - recognised, not bound
    shown = wildcards.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{listener.getsockname()[1]}"


class _Roles:
    """The applications of the roles that are served, and how they start and stop together."""

    def __init__(self, wiring: Wiring, roles: tuple[Role, ...], url: str) -> None:
        self._wiring = wiring
        self._roles = roles
        self._url = url
        self._access = Access(wiring.settings)
        self._served: dict[Role, ASGIApp] = {}

    def app(self) -> ASGIApp:
        """Everything behind one address."""
        if MCP in self._roles:
            self._serve_mcp()
        if GATEWAY in self._roles:
            self._serve_gateway()
        if CHAT in self._roles:
            self._serve_chat()
        if LANGUAGE in self._roles:
            self._served[LANGUAGE] = self._access.guarded(self._wiring.language)
        if AIRTABLE in self._roles:
            self._serve_airtable()
        receiver = self._wiring.receiver
        inner = {HOOKS: receiver} if receiver is not None else {}
        metrics = self._access.guarded(MetricsPage(self._count))
        if CHAT not in self._served:
            return create_edge(self._served, nullcontext, metrics, inner)
        return create_edge(self._served, nullcontext, metrics, inner, self._wiring.agent.health.report)

    def _serve_gateway(self) -> None:
        """Airtable's Web API: below /airtable beside other roles, and where a client expects it alone."""
        is_alone = self._roles == (GATEWAY,)
        if not is_alone and self._wiring.settings.tools.is_restricted:
            return
        role = replace(GATEWAY, paths=("/airtable", "/v0")) if is_alone else GATEWAY
        # Also without a key no web page gets in under a name of its own that leads to this machine.
        names = [*LOOPBACK, *self._wiring.settings.http.allowed_hosts]
        self._served[role] = TrustedHostMiddleware(
            self._wiring.proxy, allowed_hosts=names, www_redirect=False
        )

    def _serve_airtable(self) -> None:
        """The embedded Airtable, unless another process owns it or the real one is used."""
        settings = self._wiring.settings
        if not settings.airtable.is_embedded and len(self._roles) > 1:
            return
        print(f"Opening the local bases in {settings.data.folder} ...", flush=True)
        page: PageAccess = "token" if self._access.is_asked else "loopback"
        if (app := self._wiring.embedded.claimed_app(self._url, page=page)) is not None:
            # Alone, its front door is that of the house: it leads to the page.
            is_alone = self._roles == (AIRTABLE,)
            self._served[replace(AIRTABLE, paths=(*AIRTABLE.paths, "/")) if is_alone else AIRTABLE] = app

    def _serve_mcp(self) -> None:
        send_sole_answers_as_json()
        security = _security(self._wiring.settings)
        server = self._wiring.mcp
        app = server.streamable_http_app(
            streamable_http_path=MCP_PATH, transport_security=security, max_request_body_size=_LARGEST_BODY
        )
        posted = PostedMessages(
            app,
            largest_body=_LARGEST_BODY,
            security=security,
            sessions=server.session_manager.asgi_app.app,
            answered=self._wiring.afterwards.tell,
        )
        self._served[MCP] = self._access.guarded(posted, reads_messages=True)

    def _count(self) -> None:
        """Count the calls that wait for it; without the role mcp none do."""
        if MCP in self._served:
            self._wiring.afterwards.tell()

    def take_leave(self) -> None:
        """See `Agent.take_leave`."""
        if CHAT in self._served:
            self._wiring.agent.take_leave()

    def _serve_chat(self) -> None:
        """The agent, which keeps its own door. Raises CannotServe."""
        self._served[CHAT] = self._wiring.agent.app

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """What the applications stand on is open inside. Raises CannotStart, or a group of it."""
        async with AsyncExitStack() as stack:
            if MCP in self._served:
                stack.enter_context(self._wiring.afterwards.keeping())
            await stack.enter_async_context(self._wiring.running())
            if MCP in self._served:
                await stack.enter_async_context(self._wiring.mcp.session_manager.run())
            if CHAT in self._served:
                await stack.enter_async_context(self._wiring.agent.running())
            collect_seldom()
            print(banner(self._wiring.settings, self._served, self._url), flush=True)
            yield


def _security(settings: Settings) -> TransportSecuritySettings:
    """The Host and Origin headers that are answered: those of this machine and those that were allowed."""
    names = ["127.0.0.1", "localhost", "[::1]", *settings.http.allowed_hosts]
    schemes = ("http", "https")
    return TransportSecuritySettings(
        allowed_hosts=[pattern for name in names for pattern in (name, f"{name}:*")],
        allowed_origins=[
            *settings.access.allowed_origins,
            *(f"{scheme}://{name}{port}" for scheme in schemes for name in names for port in ("", ":*")),
        ],
    )
