"""The agent's parts put together: its stores, its model, its tools, and the application over them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx2

from local_twins.gemini import create_app as create_gemini
from local_twins.gemini.demo import DemoModel
from local_twins.server import TwinServer
from orchestrator.analysis import Words
from orchestrator.approvals import Approvals, Grants
from orchestrator.cost import EACH_USER, GLOBAL, Budgets, EndpointPrices, Estimates, Ledger, Prices
from orchestrator.cost.report import Report
from orchestrator.model import Model
from orchestrator.model.chat_completions import PROVIDER, ChatCompletionsModel
from orchestrator.model.gemini import GeminiModel
from orchestrator.model.steady import SteadyModel
from orchestrator.running import Limits, Options, Parts, Runner, Tracing, tidied
from orchestrator.sessions import Copies, EventLog, Feed, Leases, Sessions
from orchestrator.toolbox.mcp import McpToolbox
from orchestrator.web.app import OPEN_PATHS, create_app
from orchestrator.web.desk import Desk
from pyairtable_app.errors import CannotOpenData, SettingError
from pyairtable_app.settings import Secret, Settings
from pyairtable_app.upgrading import bring_up_to_date
from pyairtable_platform.kernel import (
    ApiKey,
    ApiKeys,
    Authenticator,
    Database,
    KeyValue,
    LoopbackOnly,
    MemoryKeyValue,
    Principal,
)
from pyairtable_platform.kernel.http import Door, Health, NoLimit, RateLimit, RequestLimit

if TYPE_CHECKING:
    from mcp.server import MCPServer
    from starlette.applications import Starlette

_WINDOW_SECONDS = 10
"""The window in which requests are counted: a page that loads asks for several things at once."""

_FREE = {"input": "0", "cached": "0", "output": "0"}


class Agent:
    """The chat role of one process; `server` is the MCP server of this process, if it is the one to use.

    `schema_server` is one with the tools of schema analyses, which `server` may lack.
    """

    def __init__(
        self,
        settings: Settings,
        server: "MCPServer[Any] | None" = None,
        schema_server: "MCPServer[Any] | None" = None,
    ) -> None:
        self._settings = settings
        self._server = server
        self._schema_server = schema_server

    @cached_property
    def database(self) -> Database:
        """Where sessions, approvals and the ledger are kept."""
        return Database(self._settings.stores.database(self._settings.data.folder))

    @cached_property
    def store(self) -> KeyValue:
        """Where processes wake each other, and copies are kept."""
        if self._settings.stores.redis_url is None:
            return MemoryKeyValue()
        from pyairtable_platform.kernel.keyvalue.redis import RedisKeyValue

        return RedisKeyValue(self._settings.stores.redis_url.value)

    @cached_property
    def http(self) -> httpx2.AsyncClient:
        """The connections to the model's service."""
        return httpx2.AsyncClient(timeout=httpx2.Timeout(60, connect=10))

    @cached_property
    def demo(self) -> TwinServer:
        """The demo that answers when no model was named: a local Gemini of plain rules, which says so."""
        return TwinServer(create_gemini(DemoModel()))

    @cached_property
    def model(self) -> Model:
        """The model of the settings, asked again when that is of use; where none is named, the demo."""
        agent = self._settings.agent
        if agent.model_url is not None:
            own = agent.model_key.value if agent.model_key else ""
            return SteadyModel(ChatCompletionsModel(self.http, url=agent.model_url, api_key=own))
        key = agent.gemini_key or Secret("no-key-was-given")
        url = agent.gemini_url if agent.has_model else self.demo.start()
        return SteadyModel(GeminiModel(self.http, api_key=key.value, base_url=url))

    @cached_property
    def toolbox(self) -> McpToolbox:
        """The tools: those of MCP_URL, else of the MCP server in this process."""
        agent = self._settings.agent
        if agent.mcp_url is None:
            if self._server is None:
                raise CannotOpenData(
                    "MCP_URL must say where the chat's tools are: no MCP server is served here."
                )
            return McpToolbox(self._server)
        headers = {"Authorization": f"Bearer {agent.mcp_key.value}"} if agent.mcp_key else {}
        return McpToolbox(agent.mcp_url, headers=headers)

    @cached_property
    def schema_toolbox(self) -> McpToolbox:
        """The tools of schema analyses: those of MCP_URL must hold them."""
        return self.toolbox if self._schema_server is None else McpToolbox(self._schema_server)

    @cached_property
    def parts(self) -> Parts:
        """What runs stand on."""
        copies, feed = Copies(self.store), Feed(self.store)
        log = EventLog(self.database, copies, feed)
        agent, limits = self._settings.agent, self._settings.limits
        return Parts(
            sessions=Sessions(self.database, copies, log),
            log=log,
            leases=Leases(self.database),
            feed=feed,
            approvals=Approvals(self.database),
            grants=Grants(self.database),
            ledger=Ledger(self.database),
            prices=self._prices,
            estimates=Estimates(),
            model=self.model,
            toolbox=self.toolbox,
            defaults=Options(
                agent.model,
                effort=agent.effort,
                thinking_budget=limits.thinking_budget,
                max_output_tokens=limits.max_output_tokens,
            ),
            limits=self._limits,
            tracing=self._tracing,
            tool_changes=limits.tool_changes,
        )

    @property
    def _tracing(self) -> Tracing:
        captures = self._settings.limits.captures_content
        if self._settings.agent.model_url is None:
            return Tracing(captures_content=captures)
        return Tracing(captures_content=captures, provider=PROVIDER)

    @property
    def _limits(self) -> Limits:
        given = self._settings.limits
        return Limits(
            steps=given.steps,
            calls_per_reply=given.calls_per_reply,
            calls_at_once=given.calls_at_once,
            wall_seconds=given.seconds,
            tokens=self._settings.agent.run_tokens,
            compact_at_tokens=given.compact_at_tokens,
            approval_lives=timedelta(hours=given.approval_hours),
        )

    @cached_property
    def runner(self) -> Runner:
        """The runs of this process."""
        return Runner(self.parts)

    @cached_property
    def app(self) -> "Starlette":
        """The chat over HTTP."""
        parts = self.parts
        desk = Desk(
            sessions=parts.sessions,
            log=parts.log,
            feed=parts.feed,
            approvals=parts.approvals,
            grants=parts.grants,
            budgets=Budgets(self.database),
            report=Report(self.database),
            toolbox=self.toolbox,
            runs=self.runner,
            now=parts.now,
            schema_toolbox=self.schema_toolbox,
            words=self._words,
        )
        door = Door(
            self._authenticator,
            hosts=self._settings.http.allowed_hosts,
            limit=self._request_limit,
            open_paths=frozenset({"/health", *OPEN_PATHS}),
        )
        return create_app(desk, door)

    @property
    def _request_limit(self) -> RequestLimit:
        rate = self._settings.access.requests_a_second
        if rate is None:
            return NoLimit()
        most = max(1, round(rate * _WINDOW_SECONDS))
        return RateLimit(self.store, limit=most, window_seconds=_WINDOW_SECONDS)

    def take_leave(self) -> None:
        """Tell whoever waits for an answer that it comes later: the process is about to stop."""
        self.parts.feed.close()

    @cached_property
    def health(self) -> Health:
        """What the chat stands on: without its database it answers nothing, without the others less."""
        return Health(
            needs={"database": self.database.ping},
            likes={"store": self.store.ping, "tools": self.toolbox.ping},
        )

    @property
    def _words(self) -> Words | None:
        """The model that words findings; the demo cannot."""
        agent, parts = self._settings.agent, self.parts
        if not agent.has_model:
            return None
        return Words(parts.model, agent.model, parts.ledger, parts.prices, parts.estimates, parts.now)

    @property
    def _prices(self) -> Prices:
        """Prices of the list, or of the settings; the demo asks nobody and costs nothing."""
        agent = self._settings.agent
        if agent.model_url is not None:
            given = agent.model_price
            own = {"*": {"input": given.input, "output": given.output}} if given else None
            return EndpointPrices(agent.model_url, own=own)
        return Prices() if agent.has_model else Prices(own={"*": _FREE})

    @property
    def _authenticator(self) -> Authenticator:
        """The owner of the key may do everything; without a key, so may whoever sits at this machine."""
        key = self._settings.http.api_key
        if key is None:
            return LoopbackOnly()
        return ApiKeys([ApiKey(key.value, Principal("owner", scopes=frozenset({"*"})))])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything is open inside, and runs that were left behind go on. Raises CannotOpenData."""
        async with AsyncExitStack() as stack:
            stack.callback(self._close_demo)
            await stack.enter_async_context(self.database)
            await bring_up_to_date(self.database)
            await stack.enter_async_context(self.store)
            await stack.enter_async_context(self.http)
            await stack.enter_async_context(self.toolbox)
            await stack.enter_async_context(self.schema_toolbox)
            await self._set_budgets()
            await stack.enter_async_context(tidied(self.parts))
            stack.push_async_callback(self.app.state.analyses.close)
            stack.push_async_callback(self.runner.close)
            await self.runner.recover()
            yield

    def _close_demo(self) -> None:
        if "demo" in self.__dict__:
            self.demo.stop()

    def _check_price(self) -> None:
        """A limit in dollars means nothing where nobody knows what a model costs. Raises SettingError."""
        agent, prices = self._settings.agent, self.parts.prices
        if agent.budget_micros is None and agent.user_budget_micros is None:
            return
        if isinstance(prices, EndpointPrices) and not prices.knows(agent.model, _now()):
            raise SettingError(
                f"BUDGET_DOLLARS and USER_BUDGET_DOLLARS need a price for {agent.model}: set "
                "MODEL_PRICE=input/output (0/0 for a machine of your own), or limit tokens with RUN_TOKENS."
            )

    async def _set_budgets(self) -> None:
        """The limits of the settings, where they differ from those in force."""
        self._check_price()
        budgets, agent = Budgets(self.database), self._settings.agent
        wanted = {GLOBAL: agent.budget_micros, EACH_USER: agent.user_budget_micros}
        known = {budget.scope: budget.limit for budget in await budgets.all(at=_now(), scopes=list(wanted))}
        for scope, micros in wanted.items():
            if micros is not None and known.get(scope) != micros:
                await budgets.set_limit(scope, micros, at=_now())


def _now() -> datetime:
    return datetime.now(UTC)
