"""The endpoint that tells of one base: who made it, and who works on it."""

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model import times
from local_twins.airtable.model.schema import User
from local_twins.airtable.storage import sql
from local_twins.airtable.storage.store import OWNER
from local_twins.airtable.web.calls import Call, Json

_INCLUDABLE = frozenset({"collaborators", "inviteLinks", "interfaces"})


def show_base(call: Call) -> Json:
    """GET /meta/bases/{base}, with the collaborators, invite links and interfaces that `include` names."""
    asked = {value for key, value in call.query if key.removesuffix("[]") == "include"}
    if not asked <= _INCLUDABLE:
        raise Refusal(errors.PARAMETERS_INVALID)
    base = call.base().base
    made = _oldest_record(call, base.id) or times.to_text(call.store.clock())
    shown: Json = {
        "id": base.id,
        "name": base.name,
        "createdTime": made,
        "permissionLevel": call.grant.level(base.id),
        "workspaceId": base.workspace_id,
    }
    if "collaborators" in asked:
        people = [_collaborator(user, made) for user in call.store.users.values()]
        shown["individualCollaborators"] = {"baseCollaborators": people, "workspaceCollaborators": []}
        shown["groupCollaborators"] = {"baseCollaborators": [], "workspaceCollaborators": []}
    if "inviteLinks" in asked:
        shown["inviteLinks"] = {"baseInviteLinks": [], "workspaceInviteLinks": []}
    if "interfaces" in asked:
        shown["interfaces"] = {}
    return shown


def _oldest_record(call: Call, base_id: str) -> str | None:
    """When the base's first record was made: no one notes when a base is."""
    (time,) = call.store.connection.execute(sql.OLDEST_RECORD, (base_id,)).fetchone()
    return str(time) if time else None


def _collaborator(user: User, since: str) -> Json:
    """Everybody whom the store knows may do everything; a token alone sets limits."""
    return {
        "userId": user.id,
        "email": user.email,
        "permissionLevel": "create",
        "grantedByUserId": OWNER.id,
        "createdTime": since,
    }
