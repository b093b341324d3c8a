"""What schema analysis answers, as shapes."""

from typing import Annotated, Any, Literal

from typing_extensions import TypedDict

from orchestrator.analysis import Category, Finding, State, Wording
from orchestrator.analysis.finding import Level
from orchestrator.web.openapi import At, Told


class RuleJson(TypedDict):
    """A rule by its issue."""

    issue: str
    about: str
    priority: Level


class CategoryJson(TypedDict):
    """A category with its rules."""

    name: Category
    about: str
    rules: list[RuleJson]


class CategoryList(TypedDict):
    """The eight categories."""

    categories: list[CategoryJson]


class Estimate(TypedDict):
    """What an analysis would read, and cost in micro-dollars."""

    base_id: str
    tables: int
    fields: int
    records_at_most: int
    micros: int


class AnalysisJson(TypedDict):
    """An analysis and how far it is: `tables_read` of `tables`."""

    id: str
    state: State
    base: str
    base_id: str
    tables: int
    tables_read: int
    last_table: str
    problem: str
    finding_count: int
    wording: Wording
    wording_problem: str
    micros: int
    started_at: At
    finished_at: At | None


class AnalysisStep(AnalysisJson):
    """The same as it is told on the way; the last one's state is not "running"."""

    kind: Literal["analysis"]


class AnalysisWithFindings(AnalysisJson):
    """The same with its findings, the most urgent first."""

    findings: list[Annotated[dict[str, Any], Told(Finding)]]


class AnalysisList(TypedDict):
    """The caller's analyses, the last one first."""

    analyses: list[AnalysisJson]


class Rehearsed(TypedDict):
    """What would be written; nothing was."""

    dry_run: bool
    message: str
    rows: list[dict[str, Any]]


class Written(TypedDict):
    """Where how many rows were written."""

    dry_run: bool
    table_id: str
    table: str
    rows: int
