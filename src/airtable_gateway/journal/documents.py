"""A change as columns of texts, and back: what every journal on a disk keeps of it."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from typing import Any

from airtable_gateway.journal.author import Author
from airtable_gateway.journal.change import Change, Failure, Image, Images, Outcome, Place, UndoPromise

# `json.dumps` would make one for each text.
_READABLE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)
_ESCAPED = json.JSONEncoder(separators=(",", ":"), default=str)


def to_text(value: Any) -> str:
    """Compact JSON, in which half a surrogate pair stands escaped, since no database takes it."""
    text = _READABLE.encode(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _ESCAPED.encode(value)
    return text


def instant(moment: datetime) -> str:
    """Text that sorts as the instants do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def images_text(images: Images) -> str:
    """Images as JSON."""
    if not images:
        return "{}"
    return to_text({key: members(image) if image else None for key, image in images.items()})


def document(change: Change) -> str:
    """Everything about a change that does not change with its outcome, as JSON."""
    return to_text(
        {
            "author": members(change.author),
            "place": members(change.place),
            "arguments": change.arguments,
            "undo": members(change.undo),
            "names": change.names,
            "recreates": change.recreates,
        }
    )


def failure_text(failure: Failure | None) -> str | None:
    """A failure as JSON."""
    return to_text(members(failure)) if failure else None


def change_row(change: Change, owner: str | int) -> tuple[str | int | None, ...]:
    """An intent's columns from its id to `before`, but for the state; `owner` is the process making it."""
    place = change.place
    return (
        change.id,
        change.claim or None,
        owner,
        change.call,
        change.step,
        instant(change.at),
        change.author.principal,
        change.operation,
        place.base_id,
        place.base,
        place.table_id,
        place.table,
        change.undoes,
        document(change),
        images_text(change.before),
    )


def outcome_row(outcome: Outcome) -> tuple[str | None, ...]:
    """An outcome's columns: its state, what is there after it, the answer, the failure."""
    return (
        outcome.state,
        images_text(outcome.after),
        to_text(outcome.answer),
        failure_text(outcome.failure),
    )


def change_from(row: Mapping[str, Any]) -> Change:
    """The change that a row of a journal's table holds."""
    said = json.loads(row["document"])
    return Change(
        id=row["id"],
        call=row["call"],
        step=row["step"],
        at=datetime.fromisoformat(row["at"]),
        author=Author(**said["author"]),
        operation=row["operation"],
        place=Place(**said["place"]),
        arguments=said["arguments"],
        undo=UndoPromise(said["undo"]["level"], tuple(said["undo"]["losses"])),
        before=_images(row["before"]),
        names=said["names"],
        claim=row["claim"] or "",
        undoes=row["undoes"],
        recreates=tuple(said["recreates"]),
        state=row["state"],
        after=_images(row["after"]),
        answer=json.loads(row["answer"]),
        failure=Failure(**json.loads(row["failure"])) if row["failure"] else None,
        undone_by=row["undone_by"],
    )


def members(value: Any) -> dict[str, Any]:
    """The members of a dataclass by name; `asdict` would copy every cell on the way."""
    kind: Any = type(value)
    return {name: getattr(value, name) for name in _names(kind)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(member.name for member in fields(kind))


def _images(text: str) -> Images:
    return {key: Image(**image) if image else None for key, image in json.loads(text).items()}
