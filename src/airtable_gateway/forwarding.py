"""Requests in Airtable's own form, passed on as they are: for clients that speak the Web API."""

from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class ForwardedRequest:
    """A request below /v0: the decoded parts of its path, its query in order, and its body."""

    method: str
    path: tuple[str, ...]
    query: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    content_type: str = "application/json"

    @property
    def base_id(self) -> str:
        """The base that the path names, "" for none: /app..., /bases/app..., /meta/bases/app..."""
        return next((part for part in self.path[:3] if part.startswith("app")), "")


@dataclass(frozen=True, slots=True)
class ForwardedAnswer:
    """Airtable's JSON, None for an empty answer; `age_seconds` is more than 0 for one from the cache."""

    json: Any
    age_seconds: float = 0.0


class Forwarding(Protocol):
    """The way for requests that are in Airtable's form already."""

    async def forward(self, request: ForwardedRequest) -> ForwardedAnswer:
        """Airtable's answer to the request, paced, repeated and kept as those of the other methods."""
        ...
