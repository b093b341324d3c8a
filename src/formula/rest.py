"""Values as Airtable's REST API gives them."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from formula.values import DateValue, ErrorValue, Value

_EXACT = 2.0**53
"""Up to here a double that is whole is written as a whole number."""


def to_rest(value: Value) -> Any:
    """The JSON of a value.

    Blank is null, booleans are 1 and 0, dates ISO text, errors {"error": "#ERROR!"}, and numbers that are not
    finite {"specialValue": "NaN"}.
    """
    return _REST[type(value)](value)


def _number(number: float) -> Any:
    if math.isnan(number):
        return {"specialValue": "NaN"}
    if math.isinf(number):
        return {"specialValue": "Infinity" if number > 0 else "-Infinity"}
    return int(number) if number == int(number) and abs(number) <= _EXACT else number


_REST: Mapping[type, Callable[[Any], Any]] = {
    type(None): lambda blank: blank,
    str: lambda text: text,
    bool: int,
    int: lambda number: number,
    float: _number,
    DateValue: DateValue.iso,
    list: lambda items: [to_rest(item) for item in items],
    ErrorValue: lambda error: {"error": error.code},
}
