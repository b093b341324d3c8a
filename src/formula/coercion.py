"""How a value of one kind stands in for another; every rule of it is here.

Blank is "" as text, 0 as a number, false as a truth and no date at all.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from formula.numerals import number_from, number_text
from formula.scope import Batch
from formula.shapes import Kind, Shape
from formula.values import BlankDate, DateValue, ErrorValue, Failed, Items, Value
from moments import parse_loose

Coercion = Callable[[Any], Any]


def text_of(value: Value) -> str:
    """The text of a value: numbers as JavaScript writes them, 1 and 0 for booleans, arrays with commas."""
    return _TEXTS[type(value)](value)


def number_of(value: Value) -> float:
    """The number of a value. Fails where there is none."""
    return _NUMBERS[type(value)](value)


def integer_of(value: Value) -> int:
    """The number without its fraction; NaN is 0, and nothing lies beyond 2^53."""
    return whole(number_of(value))


def truth_of(value: Value) -> bool:
    """False for blank, 0, NaN, "", false and an empty array; true for all else, "0" too."""
    return _TRUTHS[type(value)](value)


def date_of(value: Value, batch: Batch) -> DateValue:
    """The date of a value, reading text in US order and in the batch's zone. Fails where there is none."""
    if type(value) is DateValue:
        return value
    if isinstance(value, list):
        return date_of(alone(value), batch)
    if isinstance(value, str) and value.strip():
        return date_from(value, batch)
    if value is None or isinstance(value, str):
        raise BlankDate
    _raise_if_error(value)
    raise Failed("A date is expected.")


def date_unless_blank(value: Value, batch: Batch) -> DateValue | None:
    """The date of a value; None for a blank one, which fails where a switch has the whole call be blank."""
    try:
        return date_of(value, batch)
    except BlankDate:
        if batch.switches.blank_date == "blank":
            raise
        return None


def date_from(text: str, batch: Batch) -> DateValue:
    """The date that a text writes; one without a time of day is a calendar day. Fails if it is none."""
    is_day = ":" not in text
    zone = "utc" if is_day else batch.time_zone
    instant = parse_loose(text, time_zone=zone, locale="en", now=batch.now)
    if instant is None:
        raise Failed(f"{text[:40]!r} is not a date.")
    return DateValue(
        instant, date_only=is_day and (instant.hour, instant.minute, instant.second) == (0, 0, 0)
    )


def items_of(value: Value) -> Items:
    """The items of an array, arrays within it opened; anything else is an array of itself."""
    return flat(value) if type(value) is list else [value]


def alone(value: Value) -> Value:
    """What an array stands for where one value is needed.

    An empty one is blank, one of a single item that item, any other its text; anything else is itself.
    """
    if not isinstance(value, list):
        return value
    items = flat(value)
    if len(items) > 1:
        return text_of(items)
    return items[0] if items else None


def flat(items: Items) -> Items:
    """The items with every array in them opened, however deep."""
    if not any(type(item) is list for item in items):
        return items
    found: Items = []
    waiting = list(reversed(items))
    while waiting:
        item = waiting.pop()
        if type(item) is list:
            waiting.extend(reversed(item))
        else:
            found.append(item)
    return found


def bounded(value: Value, limit: int) -> Value:
    """The value, if it is no array or one of at most `limit` items; fails otherwise."""
    if type(value) is list and len(flat(value)) > limit:
        raise Failed(f"The array has more than {limit:,} items.")
    return value


def whole(number: float) -> int:
    """A number toward zero, as an int within ±2^53; NaN is 0."""
    if math.isnan(number):
        return 0
    return int(max(-(2.0**53), min(number, 2.0**53)))


def _number_of_text(text: str) -> float:
    if not text.strip():
        return 0.0
    number = number_from(text)
    if number is None:
        raise Failed(f"{text[:40]!r} is not a number.")
    return number


def _number_of_date(_: DateValue) -> float:
    raise Failed("A date is not a number; use DATETIME_DIFF.")


def _raise(error: ErrorValue) -> Any:
    raise Failed(error.message, error.code)


def _raise_if_error(value: Value) -> None:
    if type(value) is ErrorValue:
        _raise(value)


def _text_of_items(items: Items) -> str:
    return ", ".join(map(text_of, flat(items)))


_TEXTS: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    str: lambda text: text,
    bool: lambda truth: "1" if truth else "0",
    int: number_text,
    float: number_text,
    DateValue: DateValue.iso,
    list: _text_of_items,
    ErrorValue: _raise,
}

_NUMBERS: Mapping[type, Callable[[Any], float]] = {
    type(None): lambda _: 0.0,
    str: _number_of_text,
    bool: float,
    int: float,
    float: lambda number: number,
    DateValue: _number_of_date,
    list: lambda items: number_of(alone(items)),
    ErrorValue: _raise,
}

_TRUTHS: Mapping[type, Callable[[Any], bool]] = {
    type(None): lambda _: False,
    str: bool,
    bool: bool,
    int: bool,
    float: lambda number: number != 0 and not math.isnan(number),
    DateValue: lambda _: True,
    list: bool,
    ErrorValue: _raise,
}


def _zero_if_blank(number: float | None) -> float:
    return 0.0 if number is None else number


def _empty_if_blank(text: str | None) -> str:
    return "" if text is None else text


_TO_TEXT: Mapping[Shape, Coercion | None] = {
    Shape(Kind.TEXT): None,
    Shape(Kind.TEXT, may_be_blank=True): _empty_if_blank,
    Shape(Kind.NUMBER): number_text,
}
_TO_NUMBER: Mapping[Shape, Coercion | None] = {
    Shape(Kind.NUMBER): None,
    Shape(Kind.NUMBER, may_be_blank=True): _zero_if_blank,
    Shape(Kind.BOOLEAN): None,
    Shape(Kind.BOOLEAN, may_be_blank=True): _zero_if_blank,
}
_TO_TRUTH: Mapping[Shape, Coercion | None] = {
    Shape(Kind.BOOLEAN): None,
    Shape(Kind.BOOLEAN, may_be_blank=True): bool,
    Shape(Kind.TEXT): bool,
    Shape(Kind.TEXT, may_be_blank=True): bool,
}


def to_text(shape: Shape) -> Coercion | None:
    """The shortest way from such a value to text; None if it is text already."""
    return _TO_TEXT.get(shape, text_of)


def to_number(shape: Shape) -> Coercion | None:
    """The shortest way from such a value to a number (a boolean counts as one); None if it is one already."""
    return _TO_NUMBER.get(shape, number_of)


def to_truth(shape: Shape) -> Coercion | None:
    """The shortest way from such a value to a truth; None if it is one already."""
    return _TO_TRUTH.get(shape, truth_of)


def to_integer(shape: Shape) -> Coercion | None:
    """The shortest way from such a value to a whole number."""
    return whole if shape == Shape(Kind.NUMBER) else integer_of


def to_items(shape: Shape) -> Coercion | None:
    """The shortest way from such a value to a flat array."""
    return flat if shape == Shape(Kind.ARRAY) else items_of


def coerced(
    operation: Callable[[Any, Any], Any], first: Coercion | None, second: Coercion | None
) -> Callable[[Any, Any], Any]:
    """The operation on operands that are coerced first, where they need it."""
    if first is not None and second is not None:
        return lambda left, right: operation(first(left), second(right))
    if first is not None:
        return lambda left, right: operation(first(left), right)
    if second is not None:
        return lambda left, right: operation(left, second(right))
    return operation
