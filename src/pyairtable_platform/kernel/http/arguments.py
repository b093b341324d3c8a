"""The body of a request as checked arguments."""

import json
import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from pyairtable_platform.kernel.errors import BadRequest, Invalid
from pyairtable_platform.kernel.http.problems import of_arguments

Arguments = TypeVar("Arguments", bound=BaseModel)


_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
"""How JSON may hold characters that no database keeps."""


async def parsed(request: Request, model: type[Arguments]) -> Arguments:
    """The body as `model`; an empty body is an empty object. Raises BadRequest and Invalid."""
    body = await request.body()
    try:
        given = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is not JSON: {error}") from error
    if _ESCAPED.search(body) and not is_text(given):
        raise BadRequest("The body holds U+0000 or half of a surrogate pair, which is no text.")
    if not isinstance(given, dict):
        raise Invalid("Send a JSON object of arguments.")
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise of_arguments(error, list(model.model_fields)) from error


def is_text(given: Any) -> bool:
    """Whether every text within can be kept as one."""
    match given:
        case str():
            return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in given)
        case dict():
            return all(is_text(name) and is_text(value) for name, value in given.items())
        case list():
            return all(is_text(item) for item in given)
        case _:
            return True
