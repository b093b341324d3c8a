"""JSON as it is read and written here: no NaN, no number too large, and texts that no encoding has."""

import json
import math
from typing import Any, NoReturn

from starlette.responses import JSONResponse


def read(body: bytes) -> Any:
    """What the body writes. Raises ValueError for NaN and Infinity, and for numbers that no double holds."""
    return json.loads(body, parse_constant=_refuse_constant, parse_float=_finite)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:40]} is larger than any double")
    return number


class Json(JSONResponse):
    """An answer in JSON; one with a lone surrogate, which UTF-8 has not, is written with escapes."""

    def render(self, content: Any) -> bytes:
        """The bytes of the answer."""
        try:
            return super().render(content)
        except UnicodeEncodeError:
            return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")
