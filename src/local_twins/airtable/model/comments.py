"""Comments on records: what people say about one, and whom they mention."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_twins.airtable.model.cells import Users
from local_twins.airtable.model.schema import User

_MENTION = re.compile(r"@\[([^\[\]\s]+)\]")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; `seq` grows with time, `updated_time` is None until its text is changed."""

    seq: int
    id: str
    record_id: str
    author_id: str
    text: str
    created_time: str
    updated_time: str | None = None
    parent_id: str | None = None

    def to_json(self, users: Users) -> dict[str, Any]:
        """The comment as the API shows it; `mentioned` is there when somebody is."""
        author = users.get(self.author_id)
        shown: dict[str, Any] = {
            "id": self.id,
            "author": author.to_json() if author else {"id": self.author_id, "email": ""},
            "text": self.text,
            "createdTime": self.created_time,
            "lastUpdatedTime": self.updated_time,
            "reactions": [],
        }
        if self.parent_id is not None:
            shown["parentCommentId"] = self.parent_id
        if people := mentioned(self.text, users):
            shown["mentioned"] = people
        return shown


def with_user_ids(text: str, users: Users) -> str:
    """The text with `@[ada@example.com]` written as `@[usr...]`; strangers stay as they are."""
    by_email = {user.email.casefold(): user for user in users.values()}

    def write(mention: re.Match[str]) -> str:
        user = by_email.get(mention[1].casefold())
        return f"@[{user.id}]" if user else mention[0]

    return _MENTION.sub(write, text)


def mentioned(text: str, users: Users) -> dict[str, Mapping[str, str]]:
    """The users whom `@[usr...]` in the text names, by id."""
    found = (users.get(user_id) for user_id in _MENTION.findall(text))
    return {user.id: _mention(user) for user in found if user}


def _mention(user: User) -> Mapping[str, str]:
    # The documentation shows `name`, the clients require `displayName`: both are told.
    return {
        "type": "user",
        "id": user.id,
        "name": user.name,
        "displayName": user.name,
        "email": user.email,
    }
