"""Schema analysis over HTTP: an estimate first, then a run with progress, findings, and writing them back."""

from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from orchestrator.analysis import (
    CATEGORIES,
    RULES,
    Analyses,
    Analysis,
    AnalysisNotFound,
    AnalysisRefused,
    Asked,
    Category,
    Finding,
    finding_to_json,
    write_back,
)
from orchestrator.analysis.analyses import State
from orchestrator.analysis.finding import Level
from orchestrator.web.desk import CHAT
from orchestrator.web.openapi import At, Operation, Told
from pyairtable_platform.kernel import Conflict
from pyairtable_platform.kernel.http import parsed, require


class NewAnalysis(BaseModel):
    """What shall be analysed; names or ids."""

    model_config = ConfigDict(extra="forbid")

    base: str = Field(min_length=1, max_length=200)
    tables: list[str] = Field(default_factory=list, max_length=1000)
    categories: list[Category] = Field(default_factory=lambda: list(get_args(Category)), min_length=1)
    sample_size: int = Field(100, ge=12, le=1000)

    @property
    def asked(self) -> Asked:
        """The same, as the analyses take it."""
        return Asked(self.base, tuple(self.tables), tuple(self.categories), self.sample_size)


class Writing(BaseModel):
    """Where the findings are written."""

    model_config = ConfigDict(extra="forbid")

    table_name: str = Field("Table Metadata", min_length=1, max_length=200)
    dry_run: bool = False


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
    micros: int
    started_at: At
    finished_at: At | None


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


async def list_categories(request: Request) -> Response:
    """The eight categories with their rules."""
    require(request, CHAT)
    told = [CategoryJson(name=name, about=about, rules=_rules(name)) for name, about in CATEGORIES.items()]
    return JSONResponse(CategoryList(categories=told))


async def estimate(request: Request) -> Response:
    """What an analysis would read and cost, in micro-dollars."""
    owner = require(request, CHAT).id
    asked = (await parsed(request, NewAnalysis)).asked
    return JSONResponse(await analyses_of(request).estimate(owner, asked))


async def start_analysis(request: Request) -> Response:
    """Analyse in the background; ask for the analysis to see how far it is."""
    owner = require(request, CHAT).id
    asked = (await parsed(request, NewAnalysis)).asked
    return JSONResponse(_to_json(analyses_of(request).start(owner, asked)), 202)


async def list_analyses(request: Request) -> Response:
    """The caller's analyses without their findings, the last one first."""
    owner = require(request, CHAT).id
    found = analyses_of(request).list(owner)
    return JSONResponse(AnalysisList(analyses=[_to_json(analysis) for analysis in found]))


async def get_analysis(request: Request) -> Response:
    """How far it is, and once it is done its findings, the most urgent first."""
    analysis = analyses_of(request).get(request.path_params["id"], require(request, CHAT).id)
    findings = [finding_to_json(finding) for finding in analysis.findings]
    return JSONResponse(AnalysisWithFindings(**_to_json(analysis), findings=findings))


async def cancel_analysis(request: Request) -> Response:
    """Stop it if it is under way."""
    owner = require(request, CHAT).id
    return JSONResponse(_to_json(analyses_of(request).cancel(request.path_params["id"], owner)))


async def write_findings(request: Request) -> Response:
    """Write each table's most urgent findings into the base's metadata table, made if missing."""
    owner = require(request, CHAT).id
    asked = await parsed(request, Writing)
    analysis = analyses_of(request).get(request.path_params["id"], owner)
    if analysis.state != "done":
        raise Conflict(f"The analysis is {analysis.state}; only findings of one that is done can be written.")
    toolbox = analyses_of(request).toolbox
    return JSONResponse(await write_back(toolbox, analysis, asked.table_name, dry_run=asked.dry_run))


def analyses_of(request: Request) -> Analyses:
    """The analyses of the application that answers."""
    analyses: Analyses = request.app.state.analyses
    return analyses


def _rules(category: str) -> list[RuleJson]:
    return [
        RuleJson(issue=rule.issue, about=rule.about, priority=rule.priority)
        for rule in RULES
        if rule.category == category
    ]


def _to_json(analysis: Analysis) -> AnalysisJson:
    return AnalysisJson(
        id=analysis.id,
        state=analysis.state,
        base=analysis.asked.base,
        base_id=analysis.base_id,
        tables=analysis.tables,
        tables_read=analysis.read,
        last_table=analysis.last_table,
        problem=analysis.problem,
        finding_count=len(analysis.findings),
        micros=0,
        started_at=analysis.started_at.isoformat(),
        finished_at=analysis.finished_at.isoformat() if analysis.finished_at else None,
    )


_ASKED = {"base": "Studio", "categories": ["structure", "data_quality"]}

OPERATIONS = (
    Operation(
        method="GET",
        path="/analysis/categories",
        endpoint=list_categories,
        tag="analysis",
        gives=CategoryList,
    ),
    Operation(
        method="POST",
        path="/analysis/estimate",
        endpoint=estimate,
        tag="analysis",
        takes=NewAnalysis,
        example=_ASKED,
        gives=Estimate,
        fails=(AnalysisRefused,),
    ),
    Operation(method="GET", path="/analysis", endpoint=list_analyses, tag="analysis", gives=AnalysisList),
    Operation(
        method="POST",
        path="/analysis",
        endpoint=start_analysis,
        tag="analysis",
        takes=NewAnalysis,
        example=_ASKED,
        gives=AnalysisJson,
        status=202,
    ),
    Operation(
        method="GET",
        path="/analysis/{id}",
        endpoint=get_analysis,
        tag="analysis",
        gives=AnalysisWithFindings,
        fails=(AnalysisNotFound,),
    ),
    Operation(
        method="DELETE",
        path="/analysis/{id}",
        endpoint=cancel_analysis,
        tag="analysis",
        gives=AnalysisJson,
        fails=(AnalysisNotFound,),
    ),
    Operation(
        method="POST",
        path="/analysis/{id}/write",
        endpoint=write_findings,
        tag="analysis",
        takes=Writing,
        example={"dry_run": True},
        gives=Rehearsed | Written,
        fails=(AnalysisNotFound, AnalysisRefused, Conflict),
    ),
)
