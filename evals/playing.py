"""A task played: the agent of this process, its MCP server, a local Airtable of its own, and a model."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from evals.judging import Ending, faults
from evals.state import State, changes, read, read_again
from evals.task import Exchange, Task
from local_twins.airtable import Store, load_samples
from orchestrator.approvals import Approval
from orchestrator.events import ModelMessage, RunFinished
from orchestrator.model import Usage
from orchestrator.running import Parts, Runner
from pyairtable_app.settings import Settings
from pyairtable_app.wiring import Wiring

OWNER = "evals"

_MODEL = (
    "GEMINI_API_KEY",
    "GEMINI_API_KEY_FILE",
    "GEMINI_ENDPOINT_URL",
    "MODEL_URL",
    "MODEL_API_KEY",
    "MODEL_API_KEY_FILE",
    "MODEL_PRICE",
    "MODEL",
    "EFFORT",
)

_DECISIONS = 20
"""A model that asks more often in one exchange is let down."""


@dataclass(slots=True)
class Result:
    """What came of a task; `micros` are micro-dollars, by the list's prices."""

    task: str
    faults: list[str] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    steps: int = 0
    usage: Usage = field(default_factory=Usage)
    micros: int = 0
    seconds: float = 0.0

    @property
    def has_passed(self) -> bool:
        """Whether everything is as it must be."""
        return not self.faults

    @property
    def was_stopped_by_money(self) -> bool:
        """Whether a run had no money left to go on."""
        return any(ending.code == "limit_money" for ending in self.endings)

    @property
    def tokens(self) -> int:
        """Those that were read and written."""
        used = self.usage
        return used.prompt + used.tool + used.output + used.thinking


class Start:
    """A data folder with the sample bases, copied for each task; what the bases hold is read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        with Store.open(folder / "airtable.db") as store:
            with store.transaction():
                load_samples(store)
            self.state: State = read(store)
            self.since = store.changes.last()

    def copy(self, folder: Path) -> Path:
        """A folder of its own for one task."""
        shutil.copytree(self.folder, folder)
        return folder


def settings_of(env: Mapping[str, str], folder: Path) -> Settings:
    """The model of the environment and nothing else of it: the bases are those of the folder, on any machine.

    Raises SettingError.
    """
    chosen = {name: env[name] for name in _MODEL if name in env}
    return Settings.from_env({**chosen, "DATA_DIR": str(folder), "AIRTABLE_RATE_LIMIT": "off"})


async def play(
    task: Task, start: Start, folder: Path, env: Mapping[str, str], *, most_micros: int | None = None
) -> Result:
    """Play the task in a new folder with the model of the environment, for so much money at most.

    Raises SettingError.
    """
    settings = settings_of(env, start.copy(folder))
    result = Result(task.name)
    began = time.monotonic()
    wiring = Wiring(settings)
    async with wiring.running(), wiring.agent.running():
        table = await _Table.open(task, start, wiring, result, most_micros)
        for exchange in task.talk:
            ending = await table.exchange(exchange)
            result.endings.append(ending)
            result.faults += faults(exchange.end, ending)
    result.seconds = time.monotonic() - began
    return result


class _Table:
    """The person's side of a task that is under way."""

    def __init__(
        self, task: Task, parts: Parts, runner: Runner, store: Store, result: Result, most: int | None
    ) -> None:
        self._task = task
        self._parts = parts
        self._runner = runner
        self._store = store
        self._result = result
        self._most = most
        self._session = ""
        self._seen = 0
        self._before: State = {}
        self._since = 0

    @classmethod
    async def open(
        cls, task: Task, start: Start, wiring: Wiring, result: Result, most_micros: int | None
    ) -> "_Table":
        """With what is given written, and a session begun."""
        endpoint = await wiring.embedded.endpoint()
        async with httpx2.AsyncClient(base_url=endpoint.url, headers=_bearer(endpoint.token)) as http:
            await _write(http, wiring, task)
        store = wiring.embedded.claimed_store()
        if store is None:
            raise RuntimeError("another process owns the folder of this task")
        table = cls(task, wiring.agent.parts, wiring.agent.runner, store, result, most_micros)
        table._session = (await table._parts.sessions.create(OWNER, at=table._parts.now())).id
        table._before = read_again(store, start.state, start.since)
        table._since = store.changes.last()
        return table

    async def exchange(self, exchange: Exchange) -> Ending:
        """Say it, decide about what waits, and look at the bases."""
        asked: list[str] = []
        await self._runner.start(self._session, OWNER, exchange.say, self._options())
        text, end = await self._rest()
        while end.outcome == "waiting" and len(asked) < _DECISIONS:
            for approval in await self._parts.approvals.waiting(
                OWNER, at=self._parts.now(), session=self._session
            ):
                asked.append(approval.tool)
                await self._decide(approval, exchange.decide)
            await self._runner.resume(self._session, OWNER)
            text, end = await self._rest()
        after = read_again(self._store, self._before, self._since)
        return Ending(end.outcome, end.code, text, asked, changes(self._before, after))

    def _options(self) -> dict[str, Any]:
        """The task's own, within the money that is left."""
        options = dict(self._task.options)
        if self._most is not None:
            left = max(self._most - self._result.micros, 0)
            options["budget_micros"] = min(options.get("budget_micros", left), left)
        return options

    async def _rest(self) -> tuple[str, RunFinished]:
        """What was said last, and how the run ended; what it used is added up."""
        await self._runner.wait(self._session)
        logged = await self._parts.log.read(self._session, after=self._seen)
        self._seen += len(logged)
        text = ""
        for event in (one.event for one in logged):
            if isinstance(event, ModelMessage):
                self._result.steps += 1
                self._result.usage = self._result.usage.plus(Usage(**event.usage))
                text = _said(event) or text
            elif isinstance(event, RunFinished):
                self._result.micros += event.micros
                end = event
        return text, end

    async def _decide(self, approval: Approval, decision: Any) -> None:
        more: dict[str, Any] = {"at": self._parts.now(), "by": OWNER}
        match decision:
            case {"deny": str(reason)}:
                await self._parts.approvals.decide(approval.id, OWNER, "denied", reason=reason, **more)
            case {"replace": [value, other]}:
                edited = _replaced(dict(approval.arguments), value, other)
                await self._parts.approvals.decide(
                    approval.id, OWNER, "edited", edited_arguments=edited, **more
                )
            case _:
                await self._parts.approvals.decide(approval.id, OWNER, "approved", **more)


async def _write(http: httpx2.AsyncClient, wiring: Wiring, task: Task) -> None:
    """What the task has in the bases beforehand, written as anybody else would."""
    store = wiring.embedded.claimed_store()
    ids = {base.name: base.id for base in store.bases()} if store else {}
    for base, tables in task.given.items():
        for table, records in tables.items():
            body = {"records": [{"id": id, "fields": cells} for id, cells in records.items()]}
            answer = await http.patch(f"/v0/{ids[base]}/{table}", json=body)
            answer.raise_for_status()


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _said(message: ModelMessage) -> str:
    return "".join(part.get("text", "") for part in message.parts if not part.get("thought"))


def _replaced(value: Any, old: Any, new: Any) -> Any:
    match value:
        case dict():
            return {key: _replaced(one, old, new) for key, one in value.items()}
        case list():
            return [_replaced(one, old, new) for one in value]
        case _:
            return new if value == old and not isinstance(value, bool) else value
