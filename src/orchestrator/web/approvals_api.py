"""Decisions over HTTP: calls that wait for a person, and grants given beforehand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from orchestrator.approvals import (
    GRANTABLE,
    AlreadyDecided,
    Approval,
    ApprovalExpired,
    ApprovalNotFound,
    Grant,
    GrantNotFound,
    OtherArguments,
)
from orchestrator.ids import new_id
from orchestrator.sessions import SessionBusy, SessionNotFound
from orchestrator.web.desk import CHAT, Desk, desk_of
from orchestrator.web.openapi import Operation, Text, Told
from pyairtable_platform.kernel import Invalid
from pyairtable_platform.kernel.http import parsed, require

MOST_GRANT_SECONDS = 24 * 3600

SESSION = Text("session", "Only approvals of that session.")


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

    tools: list[Annotated[str, Field(json_schema_extra={"enum": list(GRANTABLE)})]] = Field(
        min_length=1, max_length=50
    )
    most_records: int = Field(1, ge=1, le=1000)
    lasts_seconds: int = Field(3600, ge=1, le=MOST_GRANT_SECONDS)
    session: str | None = None
    table: str | None = Field(None, max_length=200)


@dataclass(frozen=True)
class DecidedApproval(Approval):
    """An approval as it was decided, and the run that goes on with it.

    Null while another call waits, and when a run is under way: that one goes on with it.
    """

    next_run: str | None = None


ApprovalJson = Annotated[dict[str, Any], Told(Approval)]
GrantJson = Annotated[dict[str, Any], Told(Grant)]


class ApprovalList(TypedDict):
    """Calls that wait, oldest first."""

    approvals: list[ApprovalJson]


class GrantList(TypedDict):
    """The caller's grants that are in force."""

    grants: list[GrantJson]


async def list_approvals(request: Request) -> Response:
    """The calls of the caller's sessions that wait for a decision, oldest first."""
    owner = require(request, CHAT).id
    desk = desk_of(request)
    waiting = await desk.approvals.waiting(owner, at=desk.now(), session=SESSION.read(request))
    return JSONResponse(ApprovalList(approvals=[approval.to_json() for approval in waiting]))


async def get_approval(request: Request) -> Response:
    """One approval, decided or not."""
    approval = await desk_of(request).approvals.get(request.path_params["id"], require(request, CHAT).id)
    return JSONResponse(approval.to_json())


async def decide(request: Request) -> Response:
    """Decide about the call; when nothing else of its reply waits, the run goes on.

    The same decision again changes nothing.
    """
    owner = require(request, CHAT).id
    asked = await parsed(request, Deciding)
    approval, run = await decided(desk_of(request), owner, request.path_params["id"], asked)
    return JSONResponse(approval.to_json() | {"next_run": run})


async def decided(desk: Desk, owner: str, id: str, asked: Deciding) -> tuple[Approval, str | None]:
    """The approval as it is decided now, and the run that goes on, if one begins. Raises ServiceError."""
    approval = await desk.approvals.decide(
        id,
        owner,
        asked.decision,
        at=desk.now(),
        by=owner,
        reason=asked.reason,
        seen_sha256=asked.arguments_sha256,
        edited_arguments=asked.arguments,
    )
    try:
        return approval, await desk.runs.resume(approval.session, owner)
    except SessionBusy:
        # The decision stands, and the run that is under way looks for decisions before it rests.
        return approval, None


async def list_grants(request: Request) -> Response:
    """The caller's grants that are in force."""
    owner = require(request, CHAT).id
    desk = desk_of(request)
    found = await desk.grants.in_force(owner, at=desk.now())
    return JSONResponse(GrantList(grants=[_grant_to_json(grant) for grant in found]))


async def give_grant(request: Request) -> Response:
    """Approve beforehand; a call that destroys is asked about all the same."""
    owner = require(request, CHAT).id
    asked = await parsed(request, Granting)
    if refused := [tool for tool in asked.tools if tool not in GRANTABLE]:
        raise Invalid(
            f"No grant can hold for {refused[0][:100]!r}: {', '.join(GRANTABLE)} can be granted. Reading "
            "needs no grant, and whatever destroys, or is not known, is always asked about."
        )
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


def _grant_to_json(grant: Grant) -> dict[str, Any]:
    return {
        "id": grant.id,
        "owner": grant.owner,
        "tools": list(grant.tools),
        "most_records": grant.most_records,
        "session": grant.session,
        "table": grant.table,
        "created_at": grant.created_at.isoformat(),
        "expires_at": grant.expires_at.isoformat(),
    }


OPERATIONS = (
    Operation(
        method="GET",
        path="/approvals",
        endpoint=list_approvals,
        tag="approvals",
        query=(SESSION,),
        gives=ApprovalList,
    ),
    Operation(
        method="GET",
        path="/approvals/{id}",
        endpoint=get_approval,
        tag="approvals",
        gives=ApprovalJson,
        fails=(ApprovalNotFound,),
    ),
    Operation(
        method="POST",
        path="/approvals/{id}",
        endpoint=decide,
        tag="approvals",
        takes=Deciding,
        example={"decision": "denied", "reason": "Not this record."},
        gives=Annotated[dict[str, Any], Told(DecidedApproval)],
        fails=(ApprovalNotFound, AlreadyDecided, ApprovalExpired, OtherArguments),
    ),
    Operation(method="GET", path="/grants", endpoint=list_grants, tag="approvals", gives=GrantList),
    Operation(
        method="POST",
        path="/grants",
        endpoint=give_grant,
        tag="approvals",
        takes=Granting,
        example={"tools": ["create_record"], "most_records": 10, "lasts_seconds": 900},
        gives=GrantJson,
        status=201,
        fails=(SessionNotFound,),
    ),
    Operation(
        method="DELETE",
        path="/grants/{id}",
        endpoint=take_grant_back,
        tag="approvals",
        status=204,
        fails=(GrantNotFound,),
    ),
)
