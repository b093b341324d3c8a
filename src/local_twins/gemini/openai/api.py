"""OpenAI's API over HTTP: models and chat completions, under /v1beta/openai."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count as counted
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Scope

from local_twins.dropping import Dropped, drop
from local_twins.gemini.errors import ApiError
from local_twins.gemini.models import MODELS
from local_twins.gemini.openai.reading import prompt_of
from local_twins.gemini.openai.telling import chunks, whole
from local_twins.gemini.script import Model
from local_twins.gemini.turn import Fault

Json = dict[str, Any]


class Seen(Protocol):
    """Told of each request's method and body."""

    def __call__(self, method: str, body: Json, /) -> None:
        """Note it."""
        ...


@dataclass(slots=True)
class OpenAi:
    """The routes; `keys` are let in as bearers, any when there are none. Any model is answered."""

    model: Model
    keys: frozenset[str]
    seen: Seen | None = None
    _numbers: "counted[int]" = field(default_factory=lambda: counted(1))

    def routes(self) -> list[Route]:
        """The endpoints."""
        return [
            Route("/{version}/openai/models", self.list_models),
            Route("/{version}/openai/chat/completions", self.complete, methods=["POST"]),
        ]

    async def list_models(self, request: Request) -> Response:
        """`GET models`."""
        if (refusal := self._refusal(request)) is not None:
            return refusal
        told = [{"id": served.name, "object": "model", "owned_by": "google"} for served in MODELS]
        return JSONResponse({"object": "list", "data": told})

    async def complete(self, request: Request) -> Response:
        """`POST chat/completions`."""
        if (refusal := self._refusal(request)) is not None:
            return refusal
        try:
            body = await request.json()
            return await self._answer(body, request.scope)
        except ApiError as error:
            return _error(error.code, error.message, error.retry_delay)
        except ValueError:
            return _error(400, "The body is not JSON.")

    async def _answer(self, body: Json, scope: Scope) -> Response:
        if self.seen is not None:
            self.seen("chat/completions", body)
        prompt = prompt_of(body)
        fault = self.model.fault(prompt) or Fault()
        turn = self.model.answer(prompt)
        if fault.status and fault.after is None:
            return _error(fault.status, fault.message, fault.retry_delay)
        id = f"chatcmpl-{next(self._numbers)}"
        if not body.get("stream"):
            return Dropped() if fault.drop is not None else JSONResponse(whole(turn, prompt, id))
        has_usage = bool((body.get("stream_options") or {}).get("include_usage"))
        sent = list(chunks(turn, prompt, id, has_usage=has_usage))
        frames = _frames(sent, turn.pause_seconds, fault, scope)
        return StreamingResponse(frames, media_type="text/event-stream")

    def _refusal(self, request: Request) -> Response | None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if self.keys and given not in self.keys:
            return _error(401, "Incorrect API key provided.")
        return None


async def _frames(sent: list[Json], pause_seconds: float, fault: Fault, scope: Scope) -> AsyncIterator[str]:
    """The chunks as events and the word that ends them, up to where the fault strikes."""
    for place, chunk in enumerate(sent):
        if place == fault.drop:
            drop(scope)
            return
        if place == fault.truncate:
            return
        if place == fault.after:
            yield _frame({"error": {"message": fault.message, "code": fault.status}})
            return
        if pause_seconds:
            await asyncio.sleep(pause_seconds)
        yield _frame(chunk)
    yield "data: [DONE]\n\n"


def _frame(value: Json) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def _error(status: int, message: str, retry_delay: str = "") -> Response:
    headers = {"Retry-After": retry_delay.removesuffix("s")} if retry_delay else {}
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
    return JSONResponse({"error": error}, status, headers)
