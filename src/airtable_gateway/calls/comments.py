"""Requests about comments on records: list, create, update, delete."""

from collections.abc import Iterable, Mapping
from typing import Any

from airtable_gateway.calls.call import Call, Repeat
from airtable_gateway.calls.records import require_ids
from airtable_gateway.comments import Comment, Commenter, CommentPage
from airtable_gateway.errors import InvalidRequest
from airtable_gateway.naming.place import Place
from airtable_gateway.transport.translation import Subject


def list_comments(place: Place, record_id: str, offset: str | None) -> Call[CommentPage]:
    """One page, the newest first (needs data.recordComments:read)."""
    return Call(
        Subject(place.base_id, place.table, record_id),
        Repeat.ALWAYS,
        send=lambda connection: connection.ask(
            "GET", _path(place, record_id), params={"offset": offset} if offset else {}
        ),
        read=_page,
    )


def create_comment(place: Place, record_id: str, text: str, parent_id: str | None) -> Call[Comment]:
    """A new comment (needs data.recordComments:write)."""
    body = {"text": text} | ({"parentCommentId": parent_id} if parent_id else {})
    return _write("POST", place, record_id, Repeat.NEVER, "", body)


def update_comment(place: Place, record_id: str, comment_id: str, text: str) -> Call[Comment]:
    """Another text for a comment of one's own."""
    return _write("PATCH", place, record_id, Repeat.IDEMPOTENT, comment_id, {"text": text})


def delete_comment(place: Place, record_id: str, comment_id: str) -> Call[None]:
    """The end of a comment of one's own."""
    path = _path(place, record_id, _known(comment_id))
    return Call(
        Subject(place.base_id, place.table, record_id),
        Repeat.IDEMPOTENT,
        send=lambda connection: connection.ask("DELETE", path),
        read=lambda _: None,
    )


def _write(
    method: str, place: Place, record_id: str, repeat: Repeat, comment_id: str, body: Mapping[str, Any]
) -> Call[Comment]:
    parts = (_known(comment_id),) if method == "PATCH" else ()
    path = _path(place, record_id, *parts)
    return Call(
        Subject(place.base_id, place.table, record_id),
        repeat,
        send=lambda connection: connection.ask(method, path, json=body),
        read=comment_from_api,
    )


def _path(place: Place, record_id: str, *more: str) -> tuple[str, ...]:
    require_ids([record_id])
    return (place.base_id, place.table_id, record_id, "comments", *more)


def _known(comment_id: str) -> str:
    """The id, if it can be one. Raises InvalidRequest."""
    if not (comment_id.isascii() and comment_id.isalnum()):
        raise InvalidRequest(
            f"{comment_id!r} is no comment's id; it begins with com.",
            hint="List the record's comments to see their ids.",
        )
    return comment_id


def _page(answer: Mapping[str, Any]) -> CommentPage:
    return CommentPage(
        [comment_from_api(model) for model in answer["comments"]], answer.get("offset") or None
    )


def comment_from_api(model: Mapping[str, Any]) -> Comment:
    """The comment that an answer shows."""
    author = model["author"]
    return Comment(
        id=model["id"],
        author=Commenter(author["id"], author.get("email") or "", author.get("name") or ""),
        text=model["text"],
        created_time=model["createdTime"],
        updated_time=model.get("lastUpdatedTime"),
        parent_id=model.get("parentCommentId"),
        mentions={
            key: _name(told)
            for key, told in (model.get("mentioned") or {}).items()
            if isinstance(told, Mapping)
        },
        reactions=_reactions(model.get("reactions") or ()),
    )


def _name(told: Mapping[str, Any]) -> str:
    """The name of whoever is told, else what else tells them apart; the reference and clients differ."""
    keys = ("displayName", "name", "email", "id", "userId")
    return next((str(told[key]) for key in keys if told.get(key)), "")


def _reactions(models: Iterable[Any]) -> dict[str, list[str]]:
    """Who reacted, by emoji; one of a form that is not known is left out."""
    found: dict[str, list[str]] = {}
    for model in models:
        match model:
            case {"emoji": {"unicodeCharacter": str(points)}, "reactingUser": Mapping() as user}:
                found.setdefault(_emoji(points), []).append(_name(user))
    return found


def _emoji(points: str) -> str:
    """The character of code points like "1f44d-1f3fd"; the text itself if it is none."""
    try:
        return "".join(chr(int(point, 16)) for point in points.split("-"))
    except (ValueError, OverflowError):
        return points
