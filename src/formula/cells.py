"""How the REST value of a cell becomes a value of the language, by the type of its field."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from formula import shapes
from formula.coercion import number_of, text_of
from formula.shapes import Shape
from formula.values import DateValue, ErrorValue, Failed, Items, Value
from moments import parse_loose

Load = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class CellType:
    """What a type of field holds, and how its REST value is read; reading fails for an error in the cell.

    `keeps_days` says whether a text of ten characters is a calendar day, not the instant at its beginning.
    """

    shape: Shape
    load: Load
    keeps_days: bool = False


_SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_NAMES = ("name", "text", "value", "label", "email", "url", "id")
"""Where the text of an object stands: choices and people, barcodes, AI text, buttons."""


def plain(cell: Any) -> Value:
    """The value of a cell of which no type is known; an error in it is a value here."""
    match cell:
        case None | str() | bool() | float() | DateValue() | ErrorValue():
            return cell
        case int():
            return _double(cell)
        case list() | tuple():
            return [plain(item) for item in cell]
        case {"error": code}:
            return ErrorValue(str(code))
        case {"specialValue": name}:
            return _SPECIAL.get(name, math.nan)
        case {"filename": name, "url": url}:
            return f"{name} ({url})"
        case dict():
            return next((str(cell[name]) for name in _NAMES if cell.get(name)), "")
        case _:
            return str(cell)


def _double(number: int) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _any(cell: Any) -> Value:
    value = plain(cell)
    if type(value) is ErrorValue:
        raise Failed(value.message, value.code)
    return value


def _text(cell: Any) -> str | None:
    if type(cell) is str or cell is None:
        return cell
    return text_of(_any(cell))


def _number(cell: Any) -> float | None:
    if type(cell) is float or cell is None:
        return cell
    return _double(cell) if type(cell) is int else number_of(_any(cell))


def _truth(cell: Any) -> bool | None:
    """True or blank: an unticked box has no value (Airtable's REST API leaves it out)."""
    if type(cell) is bool or cell is None:
        return cell or None
    return bool(_any(cell)) or None


def _date(cell: Any) -> DateValue | None:
    """A date; a text of ten characters is a calendar day."""
    if type(cell) is str:
        instant = parse_loose(cell)
        if instant is not None:
            return DateValue(instant, date_only=len(cell) == 10)
        if cell:
            raise Failed(f"{cell[:40]!r} is not a date.")
    value = _any(cell)
    return value if type(value) is DateValue else None


def _instant(cell: Any) -> DateValue | None:
    date = _date(cell)
    return DateValue(date.instant) if date is not None and date.date_only else date


def _array(cell: Any) -> Items:
    if cell is None:
        return []
    value = _any(cell)
    return value if type(value) is list else [value]


_TEXT = CellType(shapes.MAYBE_TEXT, _text)
_NUMBER = CellType(shapes.MAYBE_NUMBER, _number)
_TRUTH = CellType(shapes.MAYBE_BOOLEAN, _truth)
_DATE = CellType(shapes.MAYBE_DATE, _date, keeps_days=True)
_INSTANT = CellType(shapes.MAYBE_DATE, _instant)
_ARRAY = CellType(shapes.ARRAY, _array)
ANY = CellType(shapes.ANY, _any)

CELL_TYPES: Mapping[str, CellType] = {
    **dict.fromkeys(("singleLineText", "multilineText", "richText", "email", "url", "phoneNumber"), _TEXT),
    **dict.fromkeys(("singleSelect", "externalSyncSource", "barcode", "aiText", "button", "text"), _TEXT),
    **dict.fromkeys(("singleCollaborator", "createdBy", "lastModifiedBy"), _TEXT),
    **dict.fromkeys(("number", "currency", "percent", "rating", "duration", "autoNumber", "count"), _NUMBER),
    **dict.fromkeys(("checkbox", "boolean"), _TRUTH),
    "date": _DATE,
    **dict.fromkeys(("dateTime", "createdTime", "lastModifiedTime"), _INSTANT),
    **dict.fromkeys(("multipleSelects", "multipleRecordLinks", "multipleCollaborators"), _ARRAY),
    **dict.fromkeys(("multipleAttachments", "multipleLookupValues", "lookup", "array"), _ARRAY),
}
"""The types that tell what a cell holds; of any other type the value tells."""


def cell_type(name: str) -> CellType:
    """How cells of that type are read; a type that we do not know is read by its values."""
    return CELL_TYPES.get(name, ANY)
