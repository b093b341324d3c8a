"""The local Gemini over HTTP: generateContent, streamGenerateContent, countTokens, cachedContents, models."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count as counted
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Scope

from local_twins.dropping import Dropped, drop
from local_twins.gemini.caches import Caches
from local_twins.gemini.checking import camel, checked_prompt
from local_twins.gemini.errors import ApiError, no_such_model
from local_twins.gemini.models import MODELS, Served
from local_twins.gemini.openai import OpenAi
from local_twins.gemini.reply import chunks, whole
from local_twins.gemini.script import Model
from local_twins.gemini.tokens import count
from local_twins.gemini.turn import Fault, Turn

Json = dict[str, Any]
Seen = Callable[[str, Json], None]

_NO_KEY = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or "
    "other form of API consumer identity to call this API."
)
_INVALID_KEY = "API key not valid. Please pass a valid API key."


def create_app(
    model: Model,
    *,
    keys: Iterable[str] = (),
    seen: Seen | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Starlette:
    """The API under /v1 and /v1beta, and OpenAI's under /v1beta/openai, answered by `model`.

    `keys` are the API keys that are let in, any when there are none; `seen` is told each request's method and
    body, for tests that look at what a client sent.
    """
    desk = _Desk(model, frozenset(keys), seen, Caches(now))
    routes = [
        Route("/{version}/models", desk.list_models),
        Route("/{version}/models/{name}", desk.get_model),
        Route("/{version}/models/{call}", desk.call_model, methods=["POST"]),
        Route("/{version}/cachedContents", desk.list_caches),
        Route("/{version}/cachedContents", desk.create_cache, methods=["POST"]),
        Route("/{version}/cachedContents/{name}", desk.get_cache),
        Route("/{version}/cachedContents/{name}", desk.delete_cache, methods=["DELETE"]),
        Route("/health", _health),
        *OpenAi(model, desk.keys, seen).routes(),
    ]
    return Starlette(routes=routes, exception_handlers={ApiError: _refusal})


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _refusal(_request: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return JSONResponse(error.body, error.code)


@dataclass(slots=True)
class _Desk:
    """What stays the same between requests, and the answers to them."""

    model: Model
    keys: frozenset[str]
    seen: Seen | None
    caches: Caches
    _numbers: "counted[int]" = field(default_factory=lambda: counted(1))

    async def list_models(self, request: Request) -> Response:
        self._admit(request)
        return JSONResponse({"models": [served.body for served in MODELS]})

    async def get_model(self, request: Request) -> Response:
        self._admit(request)
        return JSONResponse(_served(request.path_params["name"]).body)

    async def call_model(self, request: Request) -> Response:
        """`models/NAME:METHOD`."""
        self._admit(request)
        name, _, method = request.path_params["call"].partition(":")
        body = await _body(request)
        if self.seen is not None:
            self.seen(method, body)
        served = _served(name)
        match method:
            case "generateContent":
                return await self._generate(served, body)
            case "streamGenerateContent":
                return self._stream(served, body, request.scope)
            case "countTokens":
                return JSONResponse({"totalTokens": _counted(body)})
            case _:
                raise no_such_model(name)

    async def list_caches(self, request: Request) -> Response:
        self._admit(request)
        return JSONResponse({"cachedContents": [kept.body for kept in self.caches.all()]})

    async def create_cache(self, request: Request) -> Response:
        self._admit(request)
        return JSONResponse(self.caches.create(await _body(request)).body)

    async def get_cache(self, request: Request) -> Response:
        self._admit(request)
        return JSONResponse(self.caches.get(_cache_name(request)).body)

    async def delete_cache(self, request: Request) -> Response:
        self._admit(request)
        self.caches.delete(_cache_name(request))
        return JSONResponse({})

    def _admit(self, request: Request) -> None:
        given = request.headers.get("x-goog-api-key") or request.query_params.get("key", "")
        if not given:
            raise ApiError(403, _NO_KEY)
        if self.keys and given not in self.keys:
            raise ApiError(400, _INVALID_KEY, reason="API_KEY_INVALID")

    async def _generate(self, served: Served, body: Json) -> Response:
        turn, sent, fault = self._reply(served, body)
        if fault is not None and fault.drop is not None:
            return Dropped()
        if fault is not None and fault.status:
            raise _error(fault)
        await asyncio.sleep(turn.pause_seconds * len(sent))
        return JSONResponse(whole(sent))

    def _stream(self, served: Served, body: Json, scope: Scope) -> Response:
        turn, sent, fault = self._reply(served, body)
        if fault is not None and fault.status and fault.after is None:
            raise _error(fault)
        frames = _frames(sent, turn.pause_seconds, fault, scope)
        return StreamingResponse(frames, media_type="text/event-stream")

    def _reply(self, served: Served, body: Json) -> tuple[Turn, list[Json], Fault | None]:
        prompt = checked_prompt(served, body)
        fault = self.model.fault(prompt)
        turn = self.model.answer(prompt)
        cached = self._cached_tokens(body)
        return turn, list(chunks(turn, prompt, cached, f"response-{next(self._numbers)}")), fault

    def _cached_tokens(self, body: Json) -> int:
        name = body.get("cachedContent", body.get("cached_content"))
        return self.caches.get(name).tokens if isinstance(name, str) else 0


async def _frames(
    sent: list[Json], pause_seconds: float, fault: Fault | None, scope: Scope
) -> AsyncIterator[str]:
    """The chunks as events, up to where the fault strikes."""
    fault = fault or Fault()
    for place, chunk in enumerate(sent):
        if place == fault.drop:
            drop(scope)
            return
        if place == fault.truncate:
            return
        if place == fault.after:
            yield _frame(_error(fault).body)
            return
        if pause_seconds:
            await asyncio.sleep(pause_seconds)
        yield _frame(chunk)


def _frame(value: Json) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\r\n\r\n"


def _error(fault: Fault) -> ApiError:
    return ApiError(fault.status, fault.message, retry_delay=fault.retry_delay)


def _served(name: str) -> Served:
    if (served := next((served for served in MODELS if served.name == name), None)) is None:
        raise no_such_model(name)
    return served


async def _body(request: Request) -> Json:
    try:
        body = await request.json()
    except ValueError as error:
        raise ApiError(400, f"Invalid JSON payload received. {error}") from error
    if not isinstance(body, dict):
        raise ApiError(400, "Invalid JSON payload received. The body is not an object.")
    return body


def _counted(body: Json) -> int:
    request = {camel(key): value for key, value in body.items()}
    whole_request = {camel(key): value for key, value in request.get("generateContentRequest", {}).items()}
    return count(request.get("contents", whole_request.get("contents")))


def _cache_name(request: Request) -> str:
    return f"cachedContents/{request.path_params['name']}"
