"""Schema analysis over HTTP: an estimate first, then a run with progress, findings, and writing them back."""

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orchestrator.analysis import (
    CATEGORIES,
    RULES,
    Analyses,
    Analysis,
    Asked,
    Category,
    finding_to_json,
    write_back,
)
from orchestrator.web.desk import CHAT, desk_of
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


async def list_categories(request: Request) -> Response:
    """The eight categories with their rules."""
    require(request, CHAT)
    return JSONResponse(
        {
            "categories": [
                {"name": name, "about": about, "rules": _rules(name)} for name, about in CATEGORIES.items()
            ]
        }
    )


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
    return JSONResponse({"analyses": [_to_json(analysis) for analysis in analyses_of(request).list(owner)]})


async def get_analysis(request: Request) -> Response:
    """How far it is, and once it is done its findings, the most urgent first."""
    analysis = analyses_of(request).get(request.path_params["id"], require(request, CHAT).id)
    return JSONResponse(
        _to_json(analysis) | {"findings": [finding_to_json(finding) for finding in analysis.findings]}
    )


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
    toolbox = desk_of(request).toolbox
    return JSONResponse(await write_back(toolbox, analysis, asked.table_name, dry_run=asked.dry_run))


def analyses_of(request: Request) -> Analyses:
    """The analyses of the application that answers."""
    analyses: Analyses = request.app.state.analyses
    return analyses


def _rules(category: str) -> list[dict[str, Any]]:
    return [
        {"issue": rule.issue, "about": rule.about, "priority": rule.priority}
        for rule in RULES
        if rule.category == category
    ]


def _to_json(analysis: Analysis) -> dict[str, Any]:
    return {
        "id": analysis.id,
        "state": analysis.state,
        "base": analysis.asked.base,
        "base_id": analysis.base_id,
        "tables": analysis.tables,
        "tables_read": analysis.read,
        "last_table": analysis.last_table,
        "problem": analysis.problem,
        "finding_count": len(analysis.findings),
        "micros": 0,
        "started_at": analysis.started_at.isoformat(),
        "finished_at": analysis.finished_at and analysis.finished_at.isoformat(),
    }


ROUTES = (
    Route("/analysis/categories", list_categories),
    Route("/analysis/estimate", estimate, methods=["POST"]),
    Route("/analysis", list_analyses),
    Route("/analysis", start_analysis, methods=["POST"]),
    Route("/analysis/{id}", get_analysis),
    Route("/analysis/{id}", cancel_analysis, methods=["DELETE"]),
    Route("/analysis/{id}/write", write_findings, methods=["POST"]),
)
