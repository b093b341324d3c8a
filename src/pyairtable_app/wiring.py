"""Which part is made of what: the one place that knows concrete adapters. One property a collaborator."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airtable_gateway import (
    Endpoint,
    EndpointSource,
    FixedEndpoint,
    Gateway,
    Journal,
    JournaledGateway,
    JournalError,
)
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from pyairtable_app.errors import CannotOpenData
from pyairtable_app.settings import REAL_AIRTABLE, Secret, Settings

if TYPE_CHECKING:
    from mcp.server import MCPServer
    from starlette.types import ASGIApp

    from pyairtable_app.embedded import EmbeddedAirtable

SCHEMA_TTL_SECONDS = 300.0


class Wiring:
    """The parts of one process, each made when it is first asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def embedded(self) -> "EmbeddedAirtable":
        """The embedded Airtable of the data folder."""
        from pyairtable_app.embedded import EmbeddedAirtable

        return EmbeddedAirtable(self.settings.data.folder)

    @cached_property
    def endpoints(self) -> EndpointSource:
        """Which Airtable: the address of the settings, the real one with a token, else the embedded one."""
        if self.settings.airtable.is_embedded:
            return self.embedded
        token = self.settings.airtable.token or Secret("no-token-was-given")
        return FixedEndpoint(Endpoint(self.settings.airtable.url or REAL_AIRTABLE, token.value))

    @cached_property
    def gateway(self) -> Gateway:
        """The way to Airtable, with a journal unless the settings want none."""
        gateway = PyAirtableGateway(
            self.endpoints,
            rate_limit=self.settings.airtable.requests_a_second,
            schema_ttl_seconds=SCHEMA_TTL_SECONDS if self.settings.airtable.caches_schemas else 0,
        )
        return JournaledGateway(gateway, self.journal) if self.settings.data.keeps_journal else gateway

    @cached_property
    def journal(self) -> Journal:
        """Where changes are kept."""
        from airtable_gateway.journal.sqlite import SqliteJournal

        return SqliteJournal(self.settings.data.folder / "journal.db")

    @cached_property
    def mcp(self) -> "MCPServer[Any]":
        """The MCP server."""
        from pyairtable_mcp import ToolContext, build_server

        exports = self.settings.data.folder / "exports"
        return build_server(
            ToolContext(self.gateway, exports=exports, validation=self.settings.tools.validation)
        )

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
            try:
                await stack.enter_async_context(self.gateway)
            except JournalError as error:
                raise CannotOpenData(f"{error.message} {error.hint}") from error
            yield

    def _close_embedded(self) -> None:
        if "embedded" in self.__dict__:
            self.embedded.close()
