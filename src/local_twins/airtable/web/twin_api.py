"""What the real service has not, under /_twin/: snapshots, a fresh start, the feed of changes, and faults."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.faults.faults import Faults
from local_twins.airtable.faults.rule import FaultsRefused
from local_twins.airtable.transfer.importing import import_document
from local_twins.airtable.transfer.refusals import ImportRefused
from local_twins.airtable.transfer.snapshots import NoSnapshot, reset, restore_snapshot, save_snapshot
from local_twins.airtable.web import parameters
from local_twins.airtable.web.answers import answered
from local_twins.airtable.web.calls import Call
from local_twins.airtable.web.desk import Desk
from local_twins.airtable.web.parameters import asked_in_query
from local_twins.dropping import can_drop

_CHANGES_PER_PAGE = 1000


def twin_answer(desk: Desk, request: Request, call: Call) -> Response:
    """The answer to a request under /_twin/, for a token without limits only. Raises Refusal."""
    name = request.path_params["name"]
    handler = _HANDLERS.get((request.method, name))
    if handler is None and name not in _SETTINGS:
        raise Refusal(errors.NOT_FOUND)
    if call.grant.scopes is not None or call.grant.bases is not None:
        raise Refusal(errors.NOT_PERMITTED)
    if handler is None:
        return _SETTINGS[name](desk, request, call)
    return handler(call)


def _snapshot(call: Call) -> Response:
    """GET /_twin/snapshot: the store as an SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snapshot.db"
        save_snapshot(call.store, path)
        return Response(path.read_bytes(), media_type="application/vnd.sqlite3")


def _restore(call: Call) -> Response:
    """POST /_twin/restore: let the store be what that file is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snapshot.db"
        path.write_bytes(call.raw_body)
        try:
            restore_snapshot(call.store, path)
        except NoSnapshot as error:
            raise Refusal(errors.SNAPSHOT_INVALID, reason=error) from error
    return answered({"bases": [base.id for base in call.store.bases()]})


def _reset(call: Call) -> Response:
    """POST /_twin/reset: empty the store; a body in import format is what it holds then.

    A body that is refused leaves the store as it was.
    """
    document = call.body
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder) / "before.db"
        save_snapshot(call.store, before)
        reset(call.store)
        try:
            return answered(import_document(call.store, document))
        except ImportRefused as error:
            restore_snapshot(call.store, before)
            raise Refusal(errors.DOCUMENT_INVALID, reason=error) from error


def _changes(call: Call) -> Response:
    """GET /_twin/changes?since=0&limit=1000: the transactions after that one, oldest first.

    `cursor` is where to go on; `missed` says that some between are forgotten, or that the store was replaced.
    """
    asked = asked_in_query(call)
    since = parameters.text(asked, "since") or "0"
    if not since.isascii() or not since.isdecimal() or len(since) > 18:
        raise Refusal(errors.PARAMETERS_INVALID)
    limit = parameters.count(asked, "limit", most=_CHANGES_PER_PAGE) or _CHANGES_PER_PAGE
    start = int(since)
    found = call.store.changes.since(start, limit + 1)
    oldest, newest = call.store.changes.bounds()
    page = found[:limit]
    return answered(
        {
            "changes": [change.to_json() for change in page],
            "cursor": page[-1].seq if page else min(start, newest),
            "mightHaveMore": len(found) > limit,
            "missed": start > newest or start < oldest - 1,
        }
    )


def _faults(desk: Desk, request: Request, call: Call) -> Response:
    """GET, PUT or DELETE /_twin/faults: the rules with their tallies; other rules, of the body; none."""
    if request.method == "PUT":
        desk.faults = _asked_faults(request, call)
    elif request.method == "DELETE":
        desk.faults = Faults()
    elif request.method != "GET":
        raise Refusal(errors.NOT_FOUND)
    return answered(desk.faults.to_json())


def _asked_faults(request: Request, call: Call) -> Faults:
    try:
        faults = Faults.of(call.body)
    except FaultsRefused as error:
        raise Refusal(errors.FAULTS_INVALID, reason=error) from error
    if not can_drop(request.scope) and any(rule.fault.startswith("drop") for rule in faults.rules):
        raise Refusal(
            errors.FAULTS_INVALID, reason="this server cannot drop connections: serve the twin alone"
        )
    return faults


def _counts(desk: Desk, request: Request, _call: Call) -> Response:
    """GET or DELETE /_twin/counts: what was done; count from zero."""
    if request.method == "DELETE":
        desk.counts.begin_anew()
    elif request.method != "GET":
        raise Refusal(errors.NOT_FOUND)
    return answered(desk.counts.to_json())


_HANDLERS: Mapping[tuple[str, str], Callable[[Call], Response]] = {
    ("GET", "snapshot"): _snapshot,
    ("POST", "restore"): _restore,
    ("POST", "reset"): _reset,
    ("GET", "changes"): _changes,
}
_SETTINGS: Mapping[str, Callable[[Desk, Request, Call], Response]] = {"faults": _faults, "counts": _counts}
