"""Schema analysis over HTTP: an estimate first, then a run with progress, findings, and writing them back."""

from collections.abc import AsyncGenerator
from typing import get_args

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from orchestrator.analysis import (
    CATEGORIES,
    RULES,
    Analyses,
    Analysis,
    AnalysisNotFound,
    AnalysisRefused,
    Asked,
    Category,
    Wording,
    finding_to_json,
    write_back,
)
from orchestrator.web.analysis_shapes import (
    AnalysisJson,
    AnalysisList,
    AnalysisStep,
    AnalysisWithFindings,
    CategoryJson,
    CategoryList,
    Estimate,
    Rehearsed,
    RuleJson,
    Written,
)
from orchestrator.web.desk import CHAT
from orchestrator.web.openapi import Operation
from orchestrator.web.sse import Frame, sse_response
from pyairtable_platform.kernel import Conflict
from pyairtable_platform.kernel.http import parsed, require


class NewAnalysis(BaseModel):
    """What shall be analysed; names or ids.

    With `wording` "model" the model words and ranks what the rules found, for at most `budget_micros`.
    """

    model_config = ConfigDict(extra="forbid")

    base: str = Field(min_length=1, max_length=200)
    tables: list[str] = Field(default_factory=list, max_length=1000)
    categories: list[Category] = Field(default_factory=lambda: list(get_args(Category)), min_length=1)
    sample_size: int = Field(100, ge=12, le=1000)
    wording: Wording = "rules"
    budget_micros: int | None = Field(None, ge=0, le=10**15)

    @property
    def asked(self) -> Asked:
        """The same, as the analyses take it."""
        return Asked(
            self.base,
            tuple(self.tables),
            tuple(self.categories),
            self.sample_size,
            self.wording,
            self.budget_micros,
        )


class Writing(BaseModel):
    """Where the findings are written."""

    model_config = ConfigDict(extra="forbid")

    table_name: str = Field("Table Metadata", min_length=1, max_length=200)
    dry_run: bool = False


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


async def watch_analysis(request: Request) -> Response:
    """The analysis after each step, until it is over."""
    analysis = analyses_of(request).get(request.path_params["id"], require(request, CHAT).id)
    return sse_response(_steps(analysis))


async def _steps(analysis: Analysis) -> AsyncGenerator[Frame]:
    async for _ in analysis.steps():
        yield {"kind": "analysis", **_to_json(analysis)}, None


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
        wording=analysis.asked.wording,
        wording_problem=analysis.wording_problem,
        micros=analysis.micros,
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
        method="GET",
        path="/analysis/{id}/stream",
        endpoint=watch_analysis,
        tag="analysis",
        streams=AnalysisStep,
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
