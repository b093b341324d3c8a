"""Decisions over HTTP: calls that wait for a person, and grants given beforehand."""

from datetime import timedelta
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orchestrator.approvals import Grant
from orchestrator.ids import new_id
from orchestrator.web.desk import CHAT, Desk, desk_of
from pyairtable_platform.kernel.http import parsed, require

MOST_GRANT_SECONDS = 24 * 3600


class Deciding(BaseModel):
    """A decision; `arguments` are the edited ones, `arguments_sha256` is the hash of what was looked at."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["approved", "denied", "edited"]
    reason: str = Field("", max_length=2000)
    arguments: dict[str, Any] | None = None
    arguments_sha256: str | None = None

    @model_validator(mode="after")
    def _edits_when_it_says_so(self) -> Self:
        if (self.decision == "edited") != (self.arguments is not None):
            raise ValueError("`arguments` go with the decision `edited`, and only with it")
        return self


class Granting(BaseModel):
    """What a grant allows, and for how long."""

    model_config = ConfigDict(extra="forbid")

    tools: list[str] = Field(min_length=1, max_length=50)
    most_records: int = Field(1, ge=1, le=1000)
    lasts_seconds: int = Field(3600, ge=1, le=MOST_GRANT_SECONDS)
    session: str | None = None
    table: str | None = None


async def list_approvals(request: Request) -> Response:
    """`?session=`: the calls of the caller's sessions that wait for a decision, oldest first."""
    owner = require(request, CHAT).id
    desk = desk_of(request)
    session = request.query_params.get("session") or None
    waiting = await desk.approvals.waiting(owner, at=desk.now(), session=session)
    return JSONResponse({"approvals": [approval.to_json() for approval in waiting]})


async def get_approval(request: Request) -> Response:
    """One approval, decided or not."""
    approval = await desk_of(request).approvals.get(request.path_params["id"], require(request, CHAT).id)
    return JSONResponse(approval.to_json())


async def decide(request: Request) -> Response:
    """Decide about the call; when nothing else of its reply waits, the run goes on.

    The same decision again changes nothing.
    """
    who = require(request, CHAT)
    asked = await parsed(request, Deciding)
    desk = desk_of(request)
    approval = await desk.approvals.decide(
        request.path_params["id"],
        who.id,
        asked.decision,
        at=desk.now(),
        by=who.id,
        reason=asked.reason,
        seen_sha256=asked.arguments_sha256,
        edited_arguments=asked.arguments,
    )
    return JSONResponse(approval.to_json() | {"run": await _go_on(desk, approval.session, who.id)})


async def list_grants(request: Request) -> Response:
    """The caller's grants that are in force."""
    owner = require(request, CHAT).id
    desk = desk_of(request)
    found = await desk.grants.in_force(owner, at=desk.now())
    return JSONResponse({"grants": [_grant_to_json(grant) for grant in found]})


async def give_grant(request: Request) -> Response:
    """Approve beforehand; a call that destroys is asked about all the same."""
    owner = require(request, CHAT).id
    asked = await parsed(request, Granting)
    desk = desk_of(request)
    if asked.session is not None:
        await desk.sessions.get(asked.session, owner)
    now = desk.now()
    grant = Grant(
        id=new_id("grt"),
        owner=owner,
        tools=tuple(asked.tools),
        most_records=asked.most_records,
        created_at=now,
        expires_at=now + timedelta(seconds=asked.lasts_seconds),
        session=asked.session,
        table=asked.table,
    )
    return JSONResponse(_grant_to_json(await desk.grants.give(grant)), 201)


async def take_grant_back(request: Request) -> Response:
    """The grant holds no longer."""
    owner = require(request, CHAT).id
    desk = desk_of(request)
    await desk.grants.take_back(request.path_params["id"], owner, at=desk.now())
    return Response(status_code=204)


async def _go_on(desk: Desk, session: str, owner: str) -> str | None:
    """The run that goes on; None while another call of the same reply waits."""
    if await desk.approvals.waiting(owner, at=desk.now(), session=session):
        return None
    return await desk.runs.resume(session, owner)


def _grant_to_json(grant: Grant) -> dict[str, Any]:
    return {
        "id": grant.id,
        "tools": list(grant.tools),
        "most_records": grant.most_records,
        "session": grant.session,
        "table": grant.table,
        "created_at": grant.created_at.isoformat(),
        "expires_at": grant.expires_at.isoformat(),
    }


ROUTES = (
    Route("/approvals", list_approvals),
    Route("/approvals/{id}", get_approval),
    Route("/approvals/{id}", decide, methods=["POST"]),
    Route("/grants", list_grants),
    Route("/grants", give_grant, methods=["POST"]),
    Route("/grants/{id}", take_grant_back, methods=["DELETE"]),
)
