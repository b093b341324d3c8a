"""The body of a request as checked arguments."""

import json
import math
import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from pyairtable_platform.kernel.errors import BadRequest, Invalid
from pyairtable_platform.kernel.http.problems import of_arguments

Arguments = TypeVar("Arguments", bound=BaseModel)


_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""How JSON may hold characters that no database keeps."""


async def parsed(request: Request, model: type[Arguments]) -> Arguments:
    """The body as `model`; an empty body is an empty object. Raises BadRequest and Invalid."""
    try:
        text = (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8, as JSON is: {error}") from error
    given = read_json(text) if text.strip() else {}
    if not isinstance(given, dict):
        raise Invalid("Send a JSON object of arguments.")
    try:
        return model.model_validate(given)
    except ValidationError as error:
        known = [field.alias or name for name, field in model.model_fields.items()]
        raise of_arguments(error, known) from error


def read_json(text: str) -> Any:
    """The JSON value, in which every text and every number can be kept. Raises BadRequest."""
    try:
        given = json.loads(text, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"That is not JSON: {error}") from error
    if _ESCAPED.search(text) and not _is_text(given):
        raise BadRequest("There is U+0000 or half of a surrogate pair in it, which is no text.")
    return given


def _finite(said: str) -> float:
    """The number. Python's own reader takes NaN and Infinity, which JSON does not know."""
    number = float(said)
    if not math.isfinite(number):
        raise ValueError(f"{said[:40]} is no number that can be kept.")
    return number


def _is_text(given: Any) -> bool:
    """Whether every text within can be kept as one."""
    match given:
        case str():
            return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in given)
        case dict():
            return all(_is_text(name) and _is_text(value) for name, value in given.items())
        case list():
            return all(_is_text(item) for item in given)
        case _:
            return True
