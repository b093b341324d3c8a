"""The body of a request as checked arguments."""

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from pyairtable_platform.kernel.errors import BadRequest, Invalid
from pyairtable_platform.kernel.http.problems import of_arguments

Arguments = TypeVar("Arguments", bound=BaseModel)


async def parsed(request: Request, model: type[Arguments]) -> Arguments:
    """The body as `model`; an empty body is an empty object. Raises BadRequest and Invalid."""
    body = await request.body()
    try:
        given = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is not JSON: {error}") from error
    if not isinstance(given, dict):
        raise Invalid("Send a JSON object of arguments.")
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise of_arguments(error, list(model.model_fields)) from error
