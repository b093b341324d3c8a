"""How this process reaches Airtable: which one, by whose credential, within which limits, with a journal."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from airtable_gateway import (
    Discretion,
    Endpoint,
    EndpointSource,
    FixedEndpoint,
    ForeignChanges,
    Gateway,
    JournaledGateway,
    JournalError,
    Place,
    all_of,
)
from pyairtable_app.errors import CannotOpenData
from pyairtable_app.late import LateEndpoints
from pyairtable_app.settings import REAL_AIRTABLE, Secret, Settings
from pyairtable_app.wiring.hearing import Hearing
from pyairtable_app.wiring.stores import Stores

if TYPE_CHECKING:
    from airtable_gateway.journal.fetching import FileFetcher
    from airtable_gateway.pyairtable_gateway import PyAirtableGateway
    from pyairtable_app.embedded import EmbeddedAirtable
    from pyairtable_mcp import AllowList
    from pyairtable_mcp.authorisation import CredentialStore, PrincipalChoice, Way
    from pyairtable_mcp.watching import Watchers

SCHEMA_TTL_SECONDS = 300.0
RECORD_TTL_SECONDS = 5.0
"""Somebody else's change is seen after so long at most; reading twice in a row gains from less."""


class AirtableWay:
    """The gateway and what it is made of; with `is_watched`, each client comes by its own credential."""

    def __init__(self, settings: Settings, stores: Stores, *, is_watched: bool) -> None:
        self._settings = settings
        self._stores = stores
        self._is_watched = is_watched

    @cached_property
    def gateway(self) -> Gateway:
        """The way to Airtable, with a journal unless the settings want none."""
        gateway = self._served()
        return self._journaled(gateway) if self._settings.journal.is_on else gateway

    @cached_property
    def direct(self) -> "PyAirtableGateway":
        """The innermost way to Airtable, which knows neither journal nor allow-lists."""
        return self._made(self.endpoints)

    @cached_property
    def endpoints(self) -> EndpointSource:
        """Which Airtable: the address of the settings, the real one with a token, else the embedded one."""
        if self._settings.airtable.is_embedded:
            return LateEndpoints(lambda: self.embedded)
        token = self._settings.airtable.token or Secret("no-token-was-given")
        return FixedEndpoint(Endpoint(self._url, token.value))

    @cached_property
    def embedded(self) -> "EmbeddedAirtable":
        """The embedded Airtable of the data folder."""
        from pyairtable_app.embedded import EmbeddedAirtable

        return EmbeddedAirtable(self._settings.data.folder)

    @cached_property
    def watchers(self) -> "Watchers":
        """Who watches tables and schemas over MCP."""
        from pyairtable_mcp.watching import Watchers

        return Watchers()

    @cached_property
    def allowed(self) -> "AllowList":
        """The bases and tables that the settings let through."""
        from pyairtable_mcp import AllowList

        return AllowList(self._settings.tools.allowed_bases, self._settings.tools.allowed_tables)

    @cached_property
    def credentials(self) -> "CredentialStore | None":
        """Each principal's credential for Airtable, None when all share the server's."""
        key = self._settings.access.credentials_key
        if key is None:
            return None
        from pyairtable_mcp.authorisation import CredentialStore

        return CredentialStore.open(self._settings.data.folder / "credentials.json", key.value)

    @cached_property
    def hearing(self) -> Hearing:
        """What others change is forgotten in the caches, read again by mirrors, told to who watches."""
        hearer = all_of(self.direct.heard, self._stores.mirrors.heard, self.tell_watchers)
        return Hearing(self._settings, self._stores, self.direct, hearer, is_watched=self._is_watched)

    async def tell_of_ours(self, changes: ForeignChanges) -> None:
        """Tell who watches, here and elsewhere, of what was written past the MCP server."""
        await all_of(self.tell_watchers, self.hearing.tell_others)(changes)

    async def tell_watchers(self, changes: ForeignChanges) -> None:
        """Tell who watches over MCP: see `Hearer`."""
        await self.watchers.heard(self.direct, changes)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """The gateway is open inside; the embedded Airtable closes after it. Raises CannotOpenData."""
        async with AsyncExitStack() as stack:
            stack.callback(self._close_embedded)
            if self._settings.journal.is_on:
                await stack.enter_async_context(self._files)
            try:
                await stack.enter_async_context(self.gateway)
            except JournalError as error:
                raise CannotOpenData(f"{error.message} {error.hint}") from error
            # They read through the gateway, so that they end before it.
            await stack.enter_async_context(self._stores.mirrors)
            if self._is_watched:
                await stack.enter_async_context(self.hearing.open())
            yield

    @property
    def _url(self) -> str:
        return self._settings.airtable.url or REAL_AIRTABLE

    def _made(self, endpoints: EndpointSource) -> "PyAirtableGateway":
        from airtable_gateway.pyairtable_gateway import PyAirtableGateway

        airtable = self._settings.airtable
        return PyAirtableGateway(
            endpoints,
            rate_limit=airtable.requests_a_second,
            schema_ttl_seconds=SCHEMA_TTL_SECONDS if airtable.caches_schemas else 0,
            record_ttl_seconds=RECORD_TTL_SECONDS if airtable.caches_records else 0,
            mark_field=airtable.mark_field,
            ports=replace(self._stores.ports, keeps=self._listen_to),
        )

    def _listen_to(self, base_id: str) -> None:
        """Have Airtable tell what others change there, since something of it is kept."""
        if self.hearing.listener is not None:
            self.hearing.listener.want(base_id)

    def _restricted(self, gateway: Gateway) -> Gateway:
        """The gateway within the allow-lists; below the journal, so that undoing is held to them too."""
        if not (self._settings.tools.allowed_bases or self._settings.tools.allowed_tables):
            return gateway
        from pyairtable_mcp import AllowedGateway

        return AllowedGateway(gateway, self.allowed)

    @cached_property
    def _by_caller(self) -> "PrincipalChoice":
        """Chooses the gateway of whoever comes through the door."""
        from pyairtable_mcp.authorisation import PrincipalChoice

        return PrincipalChoice(self._by(self.direct), self.credentials, self._with_token)

    def _served(self) -> Gateway:
        """The gateway as clients are served by it: counted, and watched."""
        from pyairtable_mcp.serving import LateGateway, ServedGateway

        if not self._is_watched:
            # Over stdio nobody comes through a door, and the client waits for the start.
            return ServedGateway(LateGateway(lambda: self._restricted(self.direct)), self.watchers)
        return ServedGateway(self._by_caller, self.watchers)

    def _with_token(self, token: str) -> "Way":
        """A way to the same Airtable with another credential, and with nothing of what others have read."""
        return self._by(self._made(FixedEndpoint(Endpoint(self._url, token))))

    def _by(self, direct: "PyAirtableGateway") -> "Way":
        from pyairtable_mcp.authorisation import Way

        return Way(self._restricted(direct), direct.server_time)

    def _journaled(self, gateway: Gateway) -> JournaledGateway:
        journal = self._settings.journal
        return JournaledGateway(
            gateway,
            self._stores.journal,
            fetch=self._files if journal.file_limit else None,
            file_limit=journal.file_limit,
            kept_for=journal.kept_for,
            server_time=self._by_caller.server_time if self._is_watched else self._server_time,
            discretion=Discretion(self._shows, self._whose),
        )

    def _server_time(self) -> datetime | None:
        return self.direct.server_time()

    @property
    def _whose(self) -> Callable[[], str]:
        """Who looks, where each principal has a credential; else all look through the same."""
        if self.credentials is None:
            return lambda: ""
        from pyairtable_mcp.principal import principal

        return principal

    def _shows(self, place: Place) -> bool:
        """Whether the journal may tell of changes there: it was written under other lists, or none."""
        in_table = not place.table_id or self.allowed.table(place.table_id, place.table)
        return self.allowed.base(place.base_id, place.base) and in_table

    @cached_property
    def _files(self) -> "FileFetcher":
        """Gets the files that writes take out of their cells."""
        from airtable_gateway.journal.fetching import FileFetcher

        return FileFetcher(self.endpoints)

    def _close_embedded(self) -> None:
        if "embedded" in self.__dict__:
            self.embedded.close()
