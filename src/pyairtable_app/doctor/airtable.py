"""Airtable asked plainly: no pace, no repeats, no cache, so that what is told is what is there now."""

import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

_TIMEOUT_SECONDS = 10.0


class Unreached(Exception):
    """There was no answer; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; `body` is its JSON, {} for anything else."""

    status: int
    body: "Mapping[str, Any]"
    date: str
    seconds: float

    @property
    def error(self) -> str:
        """Airtable's error type, "" for none."""
        told = self.body.get("error")
        return str(told.get("type", "")) if isinstance(told, dict) else str(told or "")


class Airtable:
    """The Web API at `url` with one token; each path is asked once."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._token = token

    @cached_property
    def _asked(self) -> "dict[str, asyncio.Task[Answer]]":
        return {}

    async def get(self, path: str) -> Answer:
        """The answer to a GET below /v0/. Raises Unreached."""
        import asyncio

        if path not in self._asked:
            self._asked[path] = asyncio.create_task(self._get(path))
        return await self._asked[path]

    async def whoami(self) -> Answer:
        """Who the token is. Raises Unreached."""
        return await self.get("meta/whoami")

    async def bases(self) -> "list[Mapping[str, Any]]":
        """Every base that the token sees; [] when it may not list them. Raises Unreached."""
        found: list[Mapping[str, Any]] = []
        offset = ""
        while True:
            answer = await self.get(f"meta/bases{offset}")
            found += answer.body.get("bases") or []
            if not (mark := answer.body.get("offset")):
                return found
            offset = f"?offset={mark}"

    async def tables(self, base_id: str) -> "list[Mapping[str, Any]]":
        """The tables of a base; [] when they may not be seen. Raises Unreached."""
        return list((await self.get(f"meta/bases/{base_id}/tables")).body.get("tables") or [])

    async def _get(self, path: str) -> Answer:
        import httpx2

        headers = {"Authorization": f"Bearer {self._token}"}
        started = time.perf_counter()
        try:
            async with httpx2.AsyncClient(timeout=_TIMEOUT_SECONDS, headers=headers) as client:
                answer = await client.get(f"{self._url}/v0/{path}")
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError) as error:
            raise Unreached(f"{type(error).__name__}: {error}".rstrip(": ")) from error
        seconds = time.perf_counter() - started
        try:
            body = answer.json()
        except ValueError:
            body = {}
        known = body if isinstance(body, dict) else {}
        return Answer(answer.status_code, known, answer.headers.get("date", ""), seconds)
