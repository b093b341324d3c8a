"""The endpoints of comments on a record: list, create, change, delete."""

from dataclasses import replace

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model import times
from local_twins.airtable.model.comments import Comment, with_user_ids
from local_twins.airtable.model.ids import new_id
from local_twins.airtable.web import parameters
from local_twins.airtable.web.calls import Call, Json
from local_twins.airtable.web.parameters import asked_in_query

_PER_PAGE = 100
"""Airtable's page of comments (docs: "List comments")."""


def list_comments(call: Call) -> Json:
    """GET /{base}/{table}/{record}/comments, newest first; `offset` is null on the last page."""
    record_id = call.record_id()
    asked = asked_in_query(call)
    size = parameters.count(asked, "pageSize", most=_PER_PAGE) or _PER_PAGE
    found = call.store.comments.page(record_id, _place(parameters.text(asked, "offset")), size + 1)
    page, rest = found[:size], found[size:]
    users = call.store.users
    offset = f"itr{page[-1].seq}" if rest else None
    return {"comments": [comment.to_json(users) for comment in page], "offset": offset}


def create_comment(call: Call) -> Json:
    """POST /{base}/{table}/{record}/comments; `parentCommentId` makes it an answer to another one."""
    record_id = call.record_id()
    text, parent_id = _text(call), call.body.get("parentCommentId")
    if parent_id is not None:
        _comment(call, record_id, parent_id)
    time = times.to_text(call.store.clock())
    comment = Comment(0, new_id("com"), record_id, call.user_id, text, time, None, parent_id)
    with call.store.transaction():
        call.store.comments.add(comment)
    return comment.to_json(call.store.users)


def change_comment(call: Call) -> Json:
    """PATCH /{base}/{table}/{record}/comments/{comment}, one's own only."""
    comment, text = _own(call), _text(call)
    changed = replace(comment, text=text, updated_time=times.to_text(call.store.clock()))
    with call.store.transaction():
        call.store.comments.set_text(comment.id, text, str(changed.updated_time))
    return changed.to_json(call.store.users)


def delete_comment(call: Call) -> Json:
    """DELETE /{base}/{table}/{record}/comments/{comment}, one's own only."""
    comment = _own(call)
    with call.store.transaction():
        call.store.comments.drop(comment.id)
    return {"id": comment.id, "deleted": True}


def _own(call: Call) -> Comment:
    """The comment that the path names. Raises Refusal when somebody else wrote it."""
    comment = _comment(call, call.record_id(), call.path["comment"])
    if comment.author_id != call.user_id:
        raise Refusal(errors.NOT_PERMITTED)
    return comment


def _comment(call: Call, record_id: str, comment_id: object) -> Comment:
    comment = call.store.comments.find(record_id, str(comment_id))
    if comment is None:
        raise Refusal(errors.MODEL_NOT_FOUND)
    return comment


def _text(call: Call) -> str:
    text = call.body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Refusal(errors.PARAMETERS_INVALID)
    return with_user_ids(text, call.store.users)


def _place(offset: str) -> int | None:
    """The number before which the page begins, None for the first page. Raises Refusal."""
    if not offset:
        return None
    number = offset.removeprefix("itr")
    if not number.isdecimal() or len(number) > 18:
        raise Refusal(errors.ITERATOR_GONE)
    return int(number)
