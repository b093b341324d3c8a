"""Cost over HTTP: what was spent, and budgets."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any, cast, get_args

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orchestrator.cost import EACH_USER, GLOBAL, Budget, session_scope, user_scope
from orchestrator.cost.report import By
from orchestrator.web.desk import ADMIN, CHAT, desk_of, moment
from pyairtable_platform.kernel import Forbidden, Invalid, Principal
from pyairtable_platform.kernel.http import parsed, require

_DAYS = 30

_SCOPES = (user_scope(""), session_scope(""))


class Limit(BaseModel):
    """A budget's limit."""

    model_config = ConfigDict(extra="forbid")

    limit_micros: int = Field(ge=0)


async def usage(request: Request) -> Response:
    """`?by=day|model|user|session|tool&since=&until=&session=&user=`: sums of the ledger, of thirty days.

    Whoever is no administrator sees what he spent himself.
    """
    who = require(request, CHAT)
    desk = desk_of(request)
    until = moment(request, "until") or desk.now() + timedelta(seconds=1)
    since = moment(request, "since") or until - timedelta(days=_DAYS)
    groups = await desk.report.spent(
        _by(request),
        since=since,
        until=until,
        owner=_owner(request, who),
        session=request.query_params.get("session") or None,
    )
    return JSONResponse(
        {
            "since": since.isoformat(),
            "until": until.isoformat(),
            "micros": sum(group.micros for group in groups),
            "calls": sum(group.calls for group in groups),
            "groups": [asdict(group) for group in groups],
        }
    )


async def list_budgets(request: Request) -> Response:
    """The budgets in force; whoever is no administrator sees the common one and his own."""
    who = require(request, CHAT)
    desk = desk_of(request)
    scopes = None if who.may(ADMIN) else [GLOBAL, EACH_USER, user_scope(who.id)]
    found = await desk.budgets.all(at=desk.now(), scopes=scopes)
    return JSONResponse({"budgets": [budget_to_json(budget) for budget in found]})


async def set_budget(request: Request) -> Response:
    """Limit `global`, `users` (each one without a limit of his own), `user:ID` (a month) or `session:ID`."""
    require(request, ADMIN)
    scope = request.path_params["scope"]
    if scope not in (GLOBAL, EACH_USER) and not any(
        scope.startswith(known) and scope != known for known in _SCOPES
    ):
        raise Invalid(f"{scope!r} is no scope of a budget: global, users, user:ID or session:ID.")
    asked = await parsed(request, Limit)
    desk = desk_of(request)
    return JSONResponse(
        budget_to_json(await desk.budgets.set_limit(scope, asked.limit_micros, at=desk.now()))
    )


def budget_to_json(budget: Budget) -> dict[str, Any]:
    """The budget with what is left of it, in micro-dollars."""
    return {
        "scope": budget.scope,
        "period": budget.period,
        "limit_micros": budget.limit,
        "spent_micros": budget.spent,
        "held_micros": budget.held,
        "left_micros": budget.left,
    }


def _by(request: Request) -> By:
    given = request.query_params.get("by", "day")
    if given not in get_args(By):
        raise Invalid(f"by={given!r}: allowed are {', '.join(get_args(By))}.")
    return cast("By", given)


def _owner(request: Request, who: Principal) -> str | None:
    """Whose calls are summed; None for everyone's."""
    asked = request.query_params.get("user") or None
    if who.may(ADMIN):
        return asked
    if asked not in (None, who.id):
        raise Forbidden(f"What {asked} spent needs the scope {ADMIN}.", scope=ADMIN)
    return who.id


ROUTES = (
    Route("/usage", usage),
    Route("/budgets", list_budgets),
    Route("/budgets/{scope}", set_budget, methods=["PUT"]),
)
