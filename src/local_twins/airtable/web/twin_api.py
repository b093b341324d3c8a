"""What the real service has not, under /_twin/: snapshots, a fresh start, and the feed of changes."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.responses import Response

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.rows import to_text
from local_twins.airtable.transfer.importing import import_document
from local_twins.airtable.transfer.refusals import ImportRefused
from local_twins.airtable.transfer.snapshots import NoSnapshot, reset, restore_snapshot, save_snapshot
from local_twins.airtable.web import parameters
from local_twins.airtable.web.calls import Call, Json
from local_twins.airtable.web.parameters import asked_in_query

_CHANGES_PER_PAGE = 1000


def twin_answer(method: str, name: str, call: Call) -> Response:
    """The answer to a request under /_twin/, for a token without limits only. Raises Refusal."""
    handler = _HANDLERS.get((method, name))
    if handler is None:
        raise Refusal(errors.NOT_FOUND)
    if call.grant.scopes is not None or call.grant.bases is not None:
        raise Refusal(errors.NOT_PERMITTED)
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
    return _json({"bases": [base.id for base in call.store.bases()]})


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
            return _json(import_document(call.store, document))
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
    return _json(
        {
            "changes": [change.to_json() for change in page],
            "cursor": page[-1].seq if page else min(start, newest),
            "mightHaveMore": len(found) > limit,
            "missed": start > newest or start < oldest - 1,
        }
    )


def _json(body: Json | Mapping[str, object]) -> Response:
    return Response(to_text(body).encode(), media_type="application/json; charset=utf-8")


_HANDLERS: Mapping[tuple[str, str], Callable[[Call], Response]] = {
    ("GET", "snapshot"): _snapshot,
    ("POST", "restore"): _restore,
    ("POST", "reset"): _reset,
    ("GET", "changes"): _changes,
}
