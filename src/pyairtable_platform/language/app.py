"""The role's application: a table of endpoints, JSON in and out, refusals as problem details (RFC 9457)."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pyairtable_platform.language import fields_api, formula_api
from pyairtable_platform.language.json_text import Json, read
from pyairtable_platform.language.problems import Refusal, of_arguments

BODY_LIMIT = 4 * 1024 * 1024
"""Bytes of a request: some thousand records, or the longest formula that is looked at."""

Answer = Mapping[str, Any]

_APIS = (formula_api, fields_api)


def create_app() -> Starlette:
    """The application; it keeps nothing between requests."""
    questions = [_post(*question) for api in _APIS for question in api.QUESTIONS]
    listings = [_get(*listing) for api in _APIS for listing in api.LISTINGS]
    return Starlette(routes=[*questions, *listings])


def _post(path: str, model: type[BaseModel], answer: Callable[[Any], Answer]) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            question = _parsed(model, await _body(request))
            # A heavy formula must not keep the other requests waiting.
            return await asyncio.to_thread(_answered, answer, question)
        except Refusal as refusal:
            return _refused(refusal)

    return Route(path, endpoint, methods=["POST"])


def _get(path: str, model: type[BaseModel], answer: Callable[[Any], Answer]) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            return _answered(answer, _validated(model, dict(request.query_params)))
        except Refusal as refusal:
            return _refused(refusal)

    return Route(path, endpoint, methods=["GET"])


def _answered(answer: Callable[[Any], Answer], question: BaseModel) -> Response:
    try:
        return Json(answer(question))
    except RecursionError:
        raise Refusal(422, "The values are nested too deeply", "Nest arrays less deeply.") from None


def _refused(refusal: Refusal) -> Response:
    return Json(refusal.to_json(), status_code=refusal.status, media_type="application/problem+json")


async def _body(request: Request) -> bytes:
    """The request's body. Raises Refusal when it is longer than the limit, without reading all of it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise Refusal(413, "The body is too large", f"At most {BODY_LIMIT:,} bytes are read.")
    return bytes(body)


def _parsed(model: type[BaseModel], body: bytes) -> BaseModel:
    try:
        given = read(body)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "The body is not JSON", str(error)) from error
    if not isinstance(given, dict):
        raise Refusal(422, "The body is no object", "Send a JSON object of arguments.")
    return _validated(model, given)


def _validated(model: type[BaseModel], given: Mapping[str, Any]) -> BaseModel:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise of_arguments(error, list(model.model_fields)) from error
