"""Which part is made of what: the one place that knows concrete adapters. One property a collaborator."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airtable_gateway import (
    Author,
    Endpoint,
    EndpointSource,
    FixedEndpoint,
    Gateway,
    Journal,
    JournaledGateway,
    JournalError,
    Place,
)
from airtable_gateway.metrics.metrics import Metrics, NoMetrics
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from pyairtable_app.errors import CannotOpenData, CannotServe, SettingError
from pyairtable_app.late import LateEndpoints
from pyairtable_app.seal_key import kept_key
from pyairtable_app.settings import REAL_AIRTABLE, Secret, Settings

if TYPE_CHECKING:
    from pathlib import Path

    from mcp.server import MCPServer
    from redis.asyncio import Redis
    from starlette.types import ASGIApp

    from airtable_gateway.journal.fetching import FileFetcher
    from pyairtable_app.agent import Agent
    from pyairtable_app.embedded import EmbeddedAirtable
    from pyairtable_mcp import AllowList
    from pyairtable_mcp.authorisation import CredentialStore
    from pyairtable_mcp.watching import Watchers

SCHEMA_TTL_SECONDS = 300.0
RECORD_TTL_SECONDS = 5.0
"""Somebody else's change is seen after so long at most; reading twice in a row gains from less."""

_REDIS_TIMEOUT_SECONDS = 2.0


class Wiring:
    """The parts of one process, each made when it is first asked for."""

    def __init__(self, settings: Settings, *, is_watched: bool = False) -> None:
        """The parts for those settings; of what `is_watched` the metrics are kept."""
        self.settings = settings
        self._is_watched = is_watched

    @cached_property
    def embedded(self) -> "EmbeddedAirtable":
        """The embedded Airtable of the data folder."""
        from pyairtable_app.embedded import EmbeddedAirtable

        return EmbeddedAirtable(self.settings.data.folder)

    @cached_property
    def endpoints(self) -> EndpointSource:
        """Which Airtable: the address of the settings, the real one with a token, else the embedded one."""
        if self.settings.airtable.is_embedded:
            return LateEndpoints(lambda: self.embedded)
        token = self.settings.airtable.token or Secret("no-token-was-given")
        return FixedEndpoint(Endpoint(self.settings.airtable.url or REAL_AIRTABLE, token.value))

    @cached_property
    def gateway(self) -> Gateway:
        """The way to Airtable, with a journal unless the settings want none."""
        gateway = self._served(self._restricted(self.direct_gateway))
        return self._journaled(gateway) if self.settings.journal.is_on else gateway

    @cached_property
    def direct_gateway(self) -> PyAirtableGateway:
        """The innermost way to Airtable, which knows neither journal nor allow-lists."""
        return self._direct(self.endpoints)

    def _direct(self, endpoints: EndpointSource) -> PyAirtableGateway:
        airtable = self.settings.airtable
        return PyAirtableGateway(
            endpoints,
            rate_limit=airtable.requests_a_second,
            schema_ttl_seconds=SCHEMA_TTL_SECONDS if airtable.caches_schemas else 0,
            record_ttl_seconds=RECORD_TTL_SECONDS if airtable.caches_records else 0,
            mark_field=airtable.mark_field,
            ports=self.ports,
        )

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
        return create_proxy(self._signed_by, self.direct_gateway, Keys(keys))

    def _signed_by(self, bearer: str) -> Gateway:
        """The gateway under the name of who bears a key of the proxy."""
        if not isinstance(self.gateway, JournaledGateway):
            return self.gateway
        return self.gateway.signed(Author(bearer, "Web API"))

    def _restricted(self, gateway: Gateway) -> Gateway:
        """The gateway within the allow-lists; below the journal, so that undoing is held to them too."""
        if not (self.settings.tools.allowed_bases or self.settings.tools.allowed_tables):
            return gateway
        from pyairtable_mcp import AllowedGateway

        return AllowedGateway(gateway, self._allowed)

    def _served(self, gateway: Gateway) -> Gateway:
        """The gateway as clients are served by it: counted, and watched."""
        from pyairtable_mcp.serving import OneGateway, ServedGateway

        if not self._is_watched:
            # Over stdio nobody comes through a door.
            return ServedGateway(OneGateway(gateway), self.watchers)
        from pyairtable_mcp.authorisation import PrincipalChoice

        return ServedGateway(PrincipalChoice(gateway, self.credentials, self._gateway_with), self.watchers)

    @cached_property
    def credentials(self) -> "CredentialStore | None":
        """Each principal's credential for Airtable, None when all share the server's."""
        key = self.settings.access.credentials_key
        if key is None:
            return None
        from pyairtable_mcp.authorisation import CredentialStore

        return CredentialStore.open(self.settings.data.folder / "credentials.json", key.value)

    def _gateway_with(self, token: str) -> Gateway:
        """A way to the same Airtable with another credential, and with nothing of what others have read."""
        url = self.settings.airtable.url or REAL_AIRTABLE
        return self._restricted(self._direct(FixedEndpoint(Endpoint(url, token))))

    @cached_property
    def watchers(self) -> "Watchers":
        """Who watches tables and schemas over MCP."""
        from pyairtable_mcp.watching import Watchers

        return Watchers()

    def _journaled(self, gateway: Gateway) -> JournaledGateway:
        journal = self.settings.journal
        return JournaledGateway(
            gateway,
            self.journal,
            fetch=self.files if journal.file_limit else None,
            file_limit=journal.file_limit,
            kept_for=journal.kept_for,
            server_time=self.direct_gateway.server_time,
            shows=self._allows,
        )

    def _allows(self, place: Place) -> bool:
        """Whether the journal may tell of changes there: it was written under other lists, or none."""
        in_table = not place.table_id or self._allowed.table(place.table_id, place.table)
        return self._allowed.base(place.base_id, place.base) and in_table

    @cached_property
    def files(self) -> "FileFetcher":
        """Gets the files that writes take out of their cells."""
        from airtable_gateway.journal.fetching import FileFetcher

        return FileFetcher()

    @cached_property
    def ports(self) -> Ports:
        """What the gateway shares with other processes, and whom it tells of its work."""
        metrics: Metrics = NoMetrics()
        if self._is_watched:
            from airtable_gateway.metrics.prometheus import PrometheusMetrics

            metrics = PrometheusMetrics()
        if self.redis is None:
            return Ports(metrics=metrics)
        from airtable_gateway.caching.redis_cache import RedisCache
        from airtable_gateway.settling.redis_claims import RedisClaims
        from airtable_gateway.traffic.redis_meter import RedisMeter

        airtable = self.settings.airtable
        return Ports(
            meter=RedisMeter(self.redis, airtable.requests_a_second),
            claims=RedisClaims(self.redis),
            cache=RedisCache(self.redis) if airtable.cache == "redis" else None,
            is_shared=airtable.cache == "redis",
            metrics=metrics,
        )

    @cached_property
    def redis(self) -> "Redis | None":
        """Where processes meet, None when there is one alone. Raises CannotServe without the package."""
        url = self.settings.stores.redis_url
        if url is None:
            return None
        try:
            from redis.asyncio import Redis
            from redis.asyncio.retry import Retry
            from redis.backoff import NoBackoff
        except ModuleNotFoundError as error:
            raise CannotServe(
                "REDIS_URL needs the package redis: install pyairtable-mcp[platform]."
            ) from error
        timeout = _REDIS_TIMEOUT_SECONDS
        return Redis.from_url(
            url.value,
            retry=Retry(NoBackoff(), retries=1),
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
        )

    @cached_property
    def journal(self) -> Journal:
        """Where changes are kept: in the services' PostgreSQL, else in a file of the data folder.

        Raises CannotServe without the package.
        """
        database = self.settings.stores.database_url
        if database is not None and database.value.startswith("postgres"):
            try:
                from airtable_gateway.journal.postgres import PostgresJournal
            except ModuleNotFoundError as error:
                raise CannotServe(
                    "DATABASE_URL needs the package asyncpg: install pyairtable-mcp[platform]."
                ) from error
            return PostgresJournal(database.value)
        from airtable_gateway.journal.sqlite import SqliteJournal

        return SqliteJournal(self.settings.data.folder / "journal.db")

    @cached_property
    def mcp(self) -> "MCPServer[Any]":
        """The MCP server for clients that may be anywhere. Raises SettingError."""
        return self._mcp(uploads=None)

    @cached_property
    def local_mcp(self) -> "MCPServer[Any]":
        """The MCP server for the client that started it, which may name files here. Raises SettingError."""
        return self._mcp(uploads=self.settings.tools.upload_folder)

    def _mcp(self, *, uploads: "Path | None") -> "MCPServer[Any]":
        from pyairtable_mcp import Caps, Selection, ToolContext, UnknownTool, build_server

        given = self.settings.tools
        selection = Selection(given.toolsets, given.tools, given.excluded_tools, given.is_read_only)
        try:
            tools = selection.members()
        except UnknownTool as error:
            raise SettingError(f"The choice of tools: {error}") from error
        context = ToolContext(
            self.gateway,
            exports=self.settings.data.folder / "exports",
            uploads=uploads,
            endpoints=self.endpoints,
            seal_key=kept_key(self.settings.data.folder),
            validation=given.validation,
            caps=Caps(given.max_records_read, given.max_records_written),
            allowed=self._allowed,
        )
        return self._observed(build_server(context, tools=tools, watchers=self.watchers))

    def _observed(self, server: "MCPServer[Any]") -> "MCPServer[Any]":
        """The server with one log line for each call, and figures where somebody reads them."""
        from pyairtable_mcp.observing import CallLines, Observer, observe

        observers: list[Observer] = [CallLines()]
        if self._is_watched:
            from pyairtable_mcp.observing.prometheus import CallFigures

            observers.append(CallFigures())
        observe(server, observers)
        return server

    @cached_property
    def _allowed(self) -> "AllowList":
        from pyairtable_mcp import AllowList

        return AllowList(self.settings.tools.allowed_bases, self.settings.tools.allowed_tables)

    @cached_property
    def agent(self) -> "Agent":
        """The agent of the chat role. Raises CannotServe without its packages."""
        try:
            from pyairtable_app.agent import Agent
        except ModuleNotFoundError as error:
            raise CannotServe(
                f"The role chat needs the package {error.name}: install pyairtable-mcp[platform]."
            ) from error
        return Agent(self.settings, self.mcp if self.settings.agent.mcp_url is None else None)

    @cached_property
    def language(self) -> "ASGIApp":
        """The formula engine over HTTP."""
        from pyairtable_platform.language import create_app

        return create_app()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The parts that were made are open inside and closed after."""
        async with AsyncExitStack() as stack:
            stack.callback(self._close_embedded)
            if self.redis is not None:
                stack.push_async_callback(self.redis.aclose)
            if self.settings.journal.is_on:
                await stack.enter_async_context(self.files)
            try:
                await stack.enter_async_context(self.gateway)
            except JournalError as error:
                raise CannotOpenData(f"{error.message} {error.hint}") from error
            yield

    def _close_embedded(self) -> None:
        if "embedded" in self.__dict__:
            self.embedded.close()
