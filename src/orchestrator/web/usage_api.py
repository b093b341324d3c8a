"""Cost over HTTP: what was spent, and budgets."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any, cast, get_args

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from orchestrator.cost import EACH_USER, GLOBAL, Budget, session_scope, user_scope
from orchestrator.cost.report import By, Spent
from orchestrator.tables import LONGEST_SCOPE
from orchestrator.web.desk import ADMIN, CHAT, desk_of
from orchestrator.web.openapi import At, Choice, Moment, Operation, Text, Told
from pyairtable_platform.kernel import Forbidden, Invalid, Principal
from pyairtable_platform.kernel.http import parsed, require

_DAYS = 30

_SCOPES = (user_scope(""), session_scope(""))

BY = Choice("by", "What the sums are grouped by.", get_args(By))
SINCE = Moment("since", "The first moment; by default thirty days before the last.")
UNTIL = Moment("until", "The moment after the last; by default now.")
SESSION = Text("session", "Only what was spent in that session.")
USER = Text("user", f"Only what that person spent; others than oneself need the scope {ADMIN}.")


class Limit(BaseModel):
    """A budget's limit."""

    model_config = ConfigDict(extra="forbid")

    limit_micros: int = Field(ge=0, le=10**15)


class Usage(TypedDict):
    """Sums of the ledger; amounts are micro-dollars."""

    since: At
    until: At
    micros: int
    calls: int
    groups: list[Annotated[dict[str, Any], Told(Spent)]]


class BudgetJson(TypedDict):
    """A budget with what is left of it, in micro-dollars; what is held is reserved by calls under way."""

    scope: str
    period: str
    limit_micros: int
    spent_micros: int
    held_micros: int
    left_micros: int


class BudgetList(TypedDict):
    """The budgets in force."""

    budgets: list[BudgetJson]


async def usage(request: Request) -> Response:
    """Sums of the ledger.

    Whoever is no administrator sees what he spent himself.
    """
    who = require(request, CHAT)
    desk = desk_of(request)
    until = UNTIL.read(request) or desk.now() + timedelta(seconds=1)
    since = SINCE.read(request) or until - timedelta(days=_DAYS)
    groups = await desk.report.spent(
        cast("By", BY.read(request)),
        since=since,
        until=until,
        owner=_owner(request, who),
        session=SESSION.read(request),
    )
    return JSONResponse(
        Usage(
            since=since.isoformat(),
            until=until.isoformat(),
            micros=sum(group.micros for group in groups),
            calls=sum(group.calls for group in groups),
            groups=[asdict(group) for group in groups],
        )
    )


async def list_budgets(request: Request) -> Response:
    """The budgets in force; whoever is no administrator sees the common one and his own."""
    who = require(request, CHAT)
    desk = desk_of(request)
    scopes = None if who.may(ADMIN) else [GLOBAL, EACH_USER, user_scope(who.id)]
    found = await desk.budgets.all(at=desk.now(), scopes=scopes)
    return JSONResponse(BudgetList(budgets=[budget_to_json(budget) for budget in found]))


async def set_budget(request: Request) -> Response:
    """Limit `global`, `users` (each one without a limit of his own), `user:ID` (a month) or `session:ID`."""
    require(request, ADMIN)
    scope = request.path_params["scope"]
    if scope not in (GLOBAL, EACH_USER) and not any(
        scope.startswith(known) and scope != known for known in _SCOPES
    ):
        raise Invalid(f"{scope!r} is no scope of a budget: global, users, user:ID or session:ID.")
    if len(scope) > LONGEST_SCOPE:
        raise Invalid(f"A scope has at most {LONGEST_SCOPE} characters; this one has {len(scope)}.")
    asked = await parsed(request, Limit)
    desk = desk_of(request)
    return JSONResponse(
        budget_to_json(await desk.budgets.set_limit(scope, asked.limit_micros, at=desk.now()))
    )


def budget_to_json(budget: Budget) -> BudgetJson:
    """The budget with what is left of it, in micro-dollars."""
    return BudgetJson(
        scope=budget.scope,
        period=budget.period,
        limit_micros=budget.limit,
        spent_micros=budget.spent,
        held_micros=budget.held,
        left_micros=budget.left,
    )


def _owner(request: Request, who: Principal) -> str | None:
    """Whose calls are summed; None for everyone's."""
    asked = USER.read(request)
    if who.may(ADMIN):
        return asked
    if asked not in (None, who.id):
        raise Forbidden(f"What {asked} spent needs the scope {ADMIN}.", scope=ADMIN)
    return who.id


OPERATIONS = (
    Operation(
        method="GET",
        path="/usage",
        endpoint=usage,
        tag="cost",
        query=(BY, SINCE, UNTIL, SESSION, USER),
        gives=Usage,
    ),
    Operation(method="GET", path="/budgets", endpoint=list_budgets, tag="cost", gives=BudgetList),
    Operation(
        method="PUT",
        path="/budgets/{scope}",
        endpoint=set_budget,
        tag="cost",
        takes=Limit,
        example={"limit_micros": 25_000_000},
        gives=BudgetJson,
    ),
)
