"""Analyses under way or done: each in the background, with its progress, for the person who asked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from orchestrator.analysis.collecting import Collector
from orchestrator.analysis.errors import AnalysisNotFound, AnalysisRefused
from orchestrator.analysis.finding import CATEGORIES, Category, Finding
from orchestrator.analysis.judging import judge
from orchestrator.analysis.wording import Words
from orchestrator.ids import new_id
from orchestrator.toolbox import Toolbox
from pyairtable_platform.kernel import ServiceError

_MOST_KEPT = 100

_AT_ONCE = 3
"""Analyses that read at the same time; each reads a whole base, and others wait for their turn."""

_FIELDS_A_FINDING = 4
"""A guess, for an estimate: the wide sample base has fifteen fields a finding, neglected ones far fewer."""

Wording = Literal["rules", "model"]

State = Literal["running", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What shall be analysed: all tables and categories of a base, unless some are named."""

    base: str
    tables: Collection[str] = ()
    categories: Collection[Category] = tuple(CATEGORIES)
    sample: int = 100
    wording: Wording = "rules"
    budget_micros: int | None = None


@dataclass(slots=True)
class Analysis:
    """One analysis; `read` counts the tables that are read, of `tables` in the base.

    `wording_problem` says why findings kept the rules' words where a model was asked for.
    """

    id: str
    owner: str
    asked: Asked
    started_at: datetime
    state: State = "running"
    base_id: str = ""
    tables: int = 0
    read: int = 0
    last_table: str = ""
    problem: str = ""
    micros: int = 0
    wording_problem: str = ""
    findings: list[Finding] = field(default_factory=list)
    finished_at: datetime | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def see(self, table: str) -> None:
        """Count a table that was read."""
        self.read, self.last_table = self.read + 1, table
        self.tell()

    def tell(self) -> None:
        """Wake whoever waits for a change."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def steps(self) -> AsyncIterator[State]:
        """Its state now and after each change; the last one is not "running"."""
        while True:
            changed, is_over = self._changed, self.finished_at is not None
            yield self.state
            if is_over:
                return
            await changed.wait()


class Analyses:
    """The last hundred analyses, kept in memory: the base is the truth, and is read again at will."""

    def __init__(self, toolbox: Toolbox, now: Callable[[], datetime], words: Words | None = None) -> None:
        """Analyses over the toolbox's bases; `words` is the model that words findings, if there is one."""
        self.toolbox = toolbox
        self._now = now
        self._words = words
        self._kept: dict[str, Analysis] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def estimate(self, owner: str, asked: Asked) -> dict[str, Any]:
        """What the analysis would read, and cost: only a model's words cost. Raises AnalysisRefused."""
        listed = await Collector(self.toolbox, owner).tables(asked.base)
        _ids(listed["tables"], asked.tables)
        fields = sum(table.get("field_count", 0) for table in listed["tables"])
        return {
            "base_id": listed["base_id"],
            "tables": len(listed["tables"]),
            "fields": fields,
            "records_at_most": len(listed["tables"]) * asked.sample,
            "micros": self._price(asked, fields),
        }

    def _price(self, asked: Asked, fields: int) -> int:
        is_free = asked.wording == "rules" or self._words is None
        return 0 if is_free or self._words is None else self._words.estimate(-(-fields // _FIELDS_A_FINDING))

    def start(self, owner: str, asked: Asked) -> Analysis:
        """The analysis, which goes on in the background."""
        analysis = Analysis(new_id("ana"), owner, asked, self._now())
        self._kept[analysis.id] = analysis
        self._forget_oldest()
        task = asyncio.create_task(self._run(analysis))
        self._tasks[analysis.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(analysis.id, None))
        return analysis

    def get(self, id: str, owner: str) -> Analysis:
        """The owner's analysis. Raises AnalysisNotFound."""
        found = self._kept.get(id)
        if found is None or found.owner != owner:
            raise AnalysisNotFound(f"There is no analysis {id!r}.")
        return found

    def list(self, owner: str) -> list[Analysis]:
        """The owner's analyses, the last one first."""
        return [analysis for analysis in reversed(self._kept.values()) if analysis.owner == owner]

    def cancel(self, id: str, owner: str) -> Analysis:
        """Stop the owner's analysis if it is under way. Raises AnalysisNotFound."""
        analysis = self.get(id, owner)
        if task := self._tasks.get(id):
            analysis.state = "cancelled"
            task.cancel()
        return analysis

    async def close(self) -> None:
        """Stop all that is under way."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, analysis: Analysis) -> None:
        try:
            async with self._turns:
                await self._analyse(analysis)
            analysis.state = "done"
        except asyncio.CancelledError:
            analysis.state = "cancelled"
            raise
        except ServiceError as error:
            analysis.state, analysis.problem = "failed", str(error)
        except Exception:
            analysis.state, analysis.problem = "failed", "The analysis broke off; the server's log says why."
            raise
        finally:
            analysis.finished_at = self._now()
            analysis.tell()

    async def _analyse(self, analysis: Analysis) -> None:
        asked = analysis.asked
        collector = Collector(self.toolbox, analysis.owner, asked.sample)
        listed = await collector.tables(asked.base)
        analysis.base_id, analysis.tables = listed["base_id"], len(listed["tables"])
        ids = _ids(listed["tables"], asked.tables)
        base = await collector.collect(listed["base_id"], analysis.see)
        analysis.findings = await asyncio.to_thread(judge, base, categories=asked.categories, tables=ids)
        if asked.wording == "model" and analysis.findings:
            await self._word(analysis)

    async def _word(self, analysis: Analysis) -> None:
        """Let the model say the findings; without one they stay as they are."""
        if self._words is None:
            analysis.wording_problem = "No model is set, so the findings are in the rules' own words."
            return
        asked = analysis.asked
        worded = await self._words.word(analysis.id, analysis.owner, analysis.findings, asked.budget_micros)
        analysis.findings, analysis.micros = worded.findings, worded.micros
        analysis.wording_problem = worded.problem

    def _forget_oldest(self) -> None:
        over = len(self._kept) - _MOST_KEPT
        done = [id for id, analysis in self._kept.items() if analysis.state != "running"]
        for id in done[: max(over, 0)]:
            del self._kept[id]


def _ids(tables: Collection[dict[str, Any]], wanted: Collection[str]) -> set[str] | None:
    """The ids of the wanted tables, given by name or id. Raises AnalysisRefused for one that is missing."""
    if not wanted:
        return None
    known = {name: table["id"] for table in tables for name in (table["id"], table["name"])}
    if missing := [name for name in wanted if name not in known]:
        raise AnalysisRefused(f"The base has no table {missing[0]!r}.")
    return {known[name] for name in wanted}
