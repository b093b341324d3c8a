"""Consent before records are removed: asked of the person where the client can, else by a second call.

The second call shows a handle from the first one's refusal. It is sealed, good for one call with the same
arguments by the same principal, and only while what would be removed looks as it did; so nothing is removed
in passing. Without elicitation it is still the model that decides: a speed bump, and no consent of a person.
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from pyairtable_mcp.answers.showing import in_a_sentence
from pyairtable_mcp.caller import Caller

LIFETIME_SECONDS = 600
_NONCE, _TIME, _SEAL = 9, 6, 18
_LENGTH = _NONCE + _TIME + _SEAL


@dataclass(frozen=True, slots=True)
class Question:
    """What is about to be done: the tool, the words for a person, and all that the consent is bound to.

    `subject` is JSON: the arguments of the call and what would be removed, as it looks now.
    """

    tool: str
    text: str
    subject: Any

    def digest(self, principal: str) -> str:
        """What tells this question from every other one."""
        told = [self.tool, self.text, _steady(self.subject), principal]
        canonical = json.dumps(told, sort_keys=True, default=str, ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _steady(value: Any) -> Any:
    """The value without what Airtable writes anew at each look: the signed addresses of its files."""
    match value:
        case {"filename": _, "url": _}:
            return {key: value[key] for key in ("id", "filename", "size") if key in value}
        case Mapping():
            return {key: _steady(member) for key, member in value.items()}
        case list() | tuple():
            return [_steady(member) for member in value]
        case _:
            return value


@dataclass(slots=True)
class Handles:
    """Makes handles and takes each one once. They are this process's: another one refuses them."""

    seconds: Callable[[], float]
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _spent: dict[bytes, int] = field(default_factory=dict)

    def issue(self, digest: str) -> str:
        """A handle for what has that digest."""
        head = secrets.token_bytes(_NONCE) + self._expiry().to_bytes(_TIME, "big")
        return urlsafe_b64encode(head + self._seal(head, digest)).decode()

    def redeem(self, handle: str, digest: str) -> str:
        """Take the handle, once. Why it is not good, "" if it is."""
        try:
            raw = urlsafe_b64decode(handle.encode("ascii"))
        except ValueError:
            return "it is not one that this server gave"
        head, seal = raw[: _NONCE + _TIME], raw[_NONCE + _TIME :]
        if len(raw) != _LENGTH or not hmac.compare_digest(seal, self._seal(head, digest)):
            return "it belongs to another call, or what it is about has changed since"
        expiry = int.from_bytes(head[_NONCE:], "big")
        if expiry < self.seconds():
            return "it is older than ten minutes"
        self._forget_expired()
        if head in self._spent:
            return "it was used already"
        self._spent[head] = expiry
        return ""

    def _expiry(self) -> int:
        return int(self.seconds()) + LIFETIME_SECONDS

    def _seal(self, head: bytes, digest: str) -> bytes:
        return hmac.new(self._key, head + digest.encode(), hashlib.sha256).digest()[:_SEAL]

    def _forget_expired(self) -> None:
        now = self.seconds()
        self._spent = {head: expiry for head, expiry in self._spent.items() if expiry >= now}


async def require_consent(handles: Handles, caller: Caller, question: Question, confirm: str) -> None:
    """Return when the person or the second call agrees. Raises ToolError otherwise, and nothing is done.

    Where a person can be asked, `confirm` counts for nothing.
    """
    digest = question.digest(caller.principal)
    if caller.ask is not None:
        if not await caller.ask(in_a_sentence(question.text), digest):
            raise ToolError("The user did not agree. Nothing was changed; do not try again unasked.")
        return
    trouble = handles.redeem(confirm, digest) if confirm else ""
    if confirm and not trouble:
        return
    refused = f"confirm was refused: {trouble}. " if trouble else ""
    raise ToolError(
        f"{refused}{question.text} Nothing was changed yet. Ask the user; if they agree, "
        f"call {question.tool} again within ten minutes with the same arguments and "
        f"confirm={handles.issue(digest)!r}."
    )
