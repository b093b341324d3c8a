"""Our loop over any MCP server, with a model that plays what it is given and a person who approves."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2

from local_twins.gemini import Call, Fault, Prompt, Turn, create_app
from local_twins.server import TwinServer
from orchestrator.approvals import Approvals, Grants
from orchestrator.cost import Estimates, Ledger, Prices
from orchestrator.events import RunFinished, ToolFinished
from orchestrator.model.gemini import GeminiModel
from orchestrator.running import Options, Parts, Runner
from orchestrator.sessions import Copies, EventLog, Feed, Leases, Sessions
from orchestrator.tables import TABLES
from orchestrator.toolbox import Toolbox
from pyairtable_platform.kernel import Database, MemoryKeyValue

MODEL = "gemini-3.8-flash"
MOST_AT_ONCE = 16
"""The loop makes no more calls of one reply; longer lists are played in several."""

_OWNER = "evals"

Asked = tuple[str, Mapping[str, Any]]
"""A call: its name and its arguments."""


@dataclass(slots=True)
class Played:
    """A local Gemini's model: it makes the calls that it was given, then says that it is done."""

    calls: Sequence[Asked] = ()
    declared: list[str] = field(default_factory=list)

    def answer(self, prompt: Prompt) -> Turn:
        """See `local_twins.gemini.script.Model.answer`."""
        self.declared = list(prompt.tools)
        begun = prompt.step * MOST_AT_ONCE
        now = self.calls[begun : begun + MOST_AT_ONCE]
        if not now:
            return Turn(texts=("Done.",))
        return Turn(calls=tuple(Call(name, args, f"call-{begun + n}") for n, (name, args) in enumerate(now)))

    def fault(self, _prompt: Prompt) -> Fault | None:
        """See `local_twins.gemini.script.Model.fault`."""
        return None


@dataclass(slots=True)
class Loop:
    """The agent's parts, and the model that plays."""

    parts: Parts
    model: Played

    async def session(self) -> str:
        """A new conversation."""
        return (await self.parts.sessions.create(_OWNER, at=self.parts.now())).id

    async def play(self, toolbox: Toolbox, session: str, question: str, calls: Sequence[Asked]) -> list[str]:
        """Ask, let the model make these calls, approve each; what went wrong within the loop."""
        self.model.calls = calls
        parts = replace(self.parts, toolbox=toolbox)
        runner = Runner(parts)
        before = len(await parts.log.read(session))
        await runner.start(session, _OWNER, question)
        await runner.wait(session)
        while waiting := await parts.approvals.waiting(_OWNER, at=parts.now(), session=session):
            for approval in waiting:
                await parts.approvals.decide(approval.id, _OWNER, "approved", at=parts.now(), by=_OWNER)
            await runner.resume(session, _OWNER)
            await runner.wait(session)
        events = [logged.event for logged in await parts.log.read(session, after=before)]
        finished = sum(isinstance(event, ToolFinished) for event in events)
        end = next((event for event in reversed(events) if isinstance(event, RunFinished)), None)
        faults = [] if end and end.outcome == "done" else [f"the run ended {end}"]
        return faults + (
            [] if finished == len(calls) else [f"{finished} of {len(calls)} calls were answered"]
        )


@asynccontextmanager
async def loop(folder: Path) -> AsyncIterator[Loop]:
    """Open it; log and ledger are kept in that folder."""
    model = Played()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx2.AsyncClient())
        url = stack.enter_context(TwinServer(create_app(model)))
        database = await stack.enter_async_context(Database(f"sqlite:///{folder / 'agent.db'}"))
        async with database.writing() as connection:
            await connection.run_sync(TABLES.create_all)
        store = MemoryKeyValue()
        feed, copies = Feed(store), Copies(store)
        log = EventLog(database, copies, feed)
        parts = Parts(
            sessions=Sessions(database, copies, log),
            log=log,
            leases=Leases(database),
            feed=feed,
            approvals=Approvals(database),
            grants=Grants(database),
            ledger=Ledger(database),
            prices=Prices(),
            estimates=Estimates(),
            model=GeminiModel(http, api_key="key", base_url=url),
            toolbox=_NoTools(),
            defaults=Options(MODEL),
        )
        yield Loop(parts, model)


class _NoTools:
    """Stands in the parts until a task brings its own."""

    async def tools(self) -> Any:
        raise NotImplementedError

    async def call(self, call: Any) -> Any:
        raise NotImplementedError(call)

    async def preview(self, call: Any) -> Any:
        raise NotImplementedError(call)
