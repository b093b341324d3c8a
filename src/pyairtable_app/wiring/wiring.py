"""The parts of one process. One property a collaborator."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airtable_gateway import Author, Gateway, JournaledGateway
from pyairtable_app.errors import CannotServe, SettingError
from pyairtable_app.extras import require_extras
from pyairtable_app.seal_key import kept_key
from pyairtable_app.settings import Settings
from pyairtable_app.wiring.airtable_way import AirtableWay
from pyairtable_app.wiring.stores import Stores

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from mcp.server import MCPServer
    from starlette.types import ASGIApp

    from pyairtable_app.embedded import EmbeddedAirtable
    from pyairtable_app.wiring.agent import Agent
    from pyairtable_mcp.authorisation import CredentialStore
    from pyairtable_mcp.observing import Afterwards


class Wiring:
    """The parts of one process, each made when it is first asked for."""

    def __init__(self, settings: Settings, *, is_watched: bool = False) -> None:
        """The parts for those settings; of what `is_watched` the metrics are kept."""
        self.settings = settings
        self._is_watched = is_watched
        self._stores = Stores(settings, is_watched=is_watched)
        self._way = AirtableWay(settings, self._stores, is_watched=is_watched)

    @property
    def gateway(self) -> Gateway:
        """The way to Airtable, with a journal unless the settings want none."""
        return self._way.gateway

    @property
    def embedded(self) -> "EmbeddedAirtable":
        """The embedded Airtable of the data folder."""
        return self._way.embedded

    @property
    def credentials(self) -> "CredentialStore | None":
        """Each principal's credential for Airtable, None when all share the server's."""
        return self._way.credentials

    @cached_property
    def proxy(self) -> "ASGIApp":
        """Airtable's Web API through the gateway. Raises CannotServe with restrictions."""
        from airtable_gateway.proxy import Keys, create_proxy

        if self.settings.tools.is_restricted:
            raise CannotServe(
                "The role gateway passes on every request, so it is not served with READ_ONLY, ALLOWED_BASES "
                "or ALLOWED_TABLES: serve other roles, or take the restrictions away."
            )
        keys = {name: key.value for name, key in self.settings.http.gateway_keys.items()}
        return create_proxy(self._signed_by, self._way.direct, Keys(keys), self._way.tell_of_ours)

    @cached_property
    def receiver(self) -> "ASGIApp | None":
        """Where Airtable tells what others change, None without a public address."""
        listener = self._way.hearing.listener
        if listener is None:
            return None
        from airtable_gateway.listening import create_receiver

        return create_receiver(listener)

    def _signed_by(self, bearer: str) -> Gateway:
        """The gateway under the principal that the bearer of a key has over MCP, too."""
        from pyairtable_mcp.principal import PREFIX

        if not isinstance(self.gateway, JournaledGateway):
            return self.gateway
        principal = f"{PREFIX}{bearer}" if self.settings.http.gateway_keys else "local"
        return self.gateway.signed(Author(principal, "Web API"))

    @cached_property
    def mcp(self) -> "MCPServer[Any]":
        """The MCP server for clients that may be anywhere. Raises SettingError."""
        return self._mcp(uploads=None)

    @cached_property
    def local_mcp(self) -> "MCPServer[Any]":
        """The MCP server for the client that started it, which may name files here. Raises SettingError."""
        return self._mcp(uploads=self.settings.tools.upload_folder)

    @cached_property
    def schema_mcp(self) -> "MCPServer[Any]":
        """The MCP server with what schema analyses need, whatever is offered. Raises SettingError."""
        from orchestrator.analysis import NEEDED_TOOLS

        return self._mcp(uploads=None, only=NEEDED_TOOLS)

    def _mcp(self, *, uploads: "Path | None", only: "Sequence[str]" = ()) -> "MCPServer[Any]":
        from pyairtable_mcp import Caps, Selection, ToolContext, UnknownTool, build_server

        given = self.settings.tools
        toolsets, named = ((), tuple(only)) if only else (given.toolsets, given.tools)
        selection = Selection(toolsets, named, given.excluded_tools, given.is_read_only)
        try:
            tools = selection.members()
        except UnknownTool as error:
            raise SettingError(f"The choice of tools: {error}") from error
        require_extras(tools)
        context = ToolContext(
            self.gateway,
            exports=self.settings.data.folder / "exports",
            uploads=uploads,
            secrets=self.settings.data.folder / "webhooks",
            endpoints=self._way.endpoints,
            seal_key=kept_key(self.settings.data.folder),
            validation=given.validation,
            caps=Caps(given.max_records_read, given.max_records_written),
            allowed=self._way.allowed,
        )
        return self._observed(build_server(context, tools=tools, watchers=self._way.watchers))

    def _observed(self, server: "MCPServer[Any]") -> "MCPServer[Any]":
        """The server with its calls told of to `afterwards`."""
        from pyairtable_mcp.observing import observe

        observe(server, [self.afterwards])
        return server

    @cached_property
    def afterwards(self) -> "Afterwards":
        """One log line for each call, and figures where somebody reads them."""
        from pyairtable_mcp.observing import Afterwards, CallLines, Observer

        observers: list[Observer] = [CallLines()]
        if self._is_watched:
            from pyairtable_mcp.observing.prometheus import CallFigures

            observers.append(CallFigures())
        return Afterwards(observers)

    @cached_property
    def agent(self) -> "Agent":
        """The agent of the chat role. Raises CannotServe without its packages."""
        try:
            from pyairtable_app.wiring.agent import Agent
        except ModuleNotFoundError as error:
            raise CannotServe(
                f"The role chat needs the package {error.name}: install pyairtable-mcp[platform]."
            ) from error
        if self.settings.agent.mcp_url is not None:
            return Agent(self.settings)
        return Agent(self.settings, self._for_chat(self._mcp(uploads=None)), self._for_chat(self.schema_mcp))

    def _for_chat(self, server: "MCPServer[Any]") -> "MCPServer[Any]":
        """The server as the chat of this process uses it: a service that acts for its users."""
        from pyairtable_app.access import Access
        from pyairtable_mcp.authorisation import serve_service

        serve_service(server, "chat", sees_all_changes=not Access(self.settings).is_asked)
        return server

    @cached_property
    def language(self) -> "ASGIApp":
        """The formula engine over HTTP."""
        from pyairtable_platform.language import create_app

        return create_app()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The parts that were made are open inside and closed after."""
        async with AsyncExitStack() as stack:
            if self._stores.redis is not None:
                stack.push_async_callback(self._stores.redis.aclose)
            await stack.enter_async_context(self._way.open())
            yield
