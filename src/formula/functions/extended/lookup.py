"""Excel's functions that find, order and choose the items of arrays."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from formula.coercion import alone, truth_of
from formula.functions.extended.criteria import literal, wildcard_pattern
from formula.functions.function import Function, Thunk, function
from formula.functions.regex import matches_whole
from formula.scope import Batch
from formula.shapes import ANY, ARRAY
from formula.values import DateValue, Failed, Items, Value

Key = tuple[int, Any]

_NUMBER, _DATE, _TEXT, _TRUTH, _ERROR, _BLANK = range(6)
_EXACT, _WILDCARD = 0, 2


def _key(item: Value) -> Key:
    """Where an item stands in Excel's order, in which capitals do not count."""
    match item:
        case bool():
            return _TRUTH, item
        case int() | float():
            return (_ERROR, 0) if math.isnan(item) else (_NUMBER, item)
        case DateValue(instant=instant):
            return _DATE, instant
        case str():
            return _TEXT, item.casefold()
        case None:
            return _BLANK, 0
        case _:
            return _ERROR, 0


def _not_found() -> Value:
    raise Failed("The value is not in the array.")


def _same(wanted: Value, match_mode: int) -> Callable[[Value], bool]:
    """Whether an item is what is looked for."""
    if match_mode == _WILDCARD and isinstance(wanted, str):
        pattern = wildcard_pattern(wanted)
        if pattern is not None:
            return lambda item: isinstance(item, str) and matches_whole(item, pattern)
        wanted = literal(wanted)
    key = _key(wanted)
    if key[0] == _ERROR:
        return lambda _: False
    return lambda item: _key(item) == key


def _nearest(wanted: Value, array: Items, order: Sequence[int], *, below: bool) -> int | None:
    """The place of the item of the same kind that comes next below, or above, what is looked for."""
    kind, value = _key(wanted)
    best: int | None = None
    for index in order:
        key = _key(array[index])
        if key[0] != kind or (key[1] > value if below else key[1] < value):
            continue
        if best is None or (key > _key(array[best]) if below else key < _key(array[best])):
            best = index
    return best


def _found(wanted: Value, array: Items, match_mode: int, search_mode: int) -> int | None:
    """The place of what is looked for, counted from 0; None if it is nowhere."""
    if match_mode not in (_EXACT, -1, 1, _WILDCARD):
        raise Failed(f"There is no match mode {match_mode}; there are 0, -1, 1 and 2.")
    if search_mode not in (1, -1, 2, -2):
        raise Failed(f"There is no search mode {search_mode}; there are 1, -1, 2 and -2.")
    order = range(len(array)) if search_mode != -1 else range(len(array) - 1, -1, -1)
    is_same = _same(wanted, match_mode)
    place = next((index for index in order if is_same(array[index])), None)
    if place is None and match_mode in (-1, 1):
        return _nearest(wanted, array, order, below=match_mode == -1)
    return place


@function("XLOOKUP", "array", 'XLOOKUP("b", {Names}, {Scores}, "none")')
def xlookup(
    lookup_value: Value,
    lookup_array: Items,
    return_array: Items,
    if_not_found: Thunk = _not_found,
    match_mode: int = 0,
    search_mode: int = 1,
) -> Value:
    """The item of `return_array` where `lookup_array` holds the value (Excel: XLOOKUP).

    Match mode 0 is exact, -1 takes the next smaller, 1 the next larger, 2 takes * and ? for wildcards; search
    mode -1 begins at the end.
    """
    if len(lookup_array) != len(return_array):
        raise Failed(f"The arrays are of different lengths: {len(lookup_array)} and {len(return_array)}.")
    place = _found(alone(lookup_value), lookup_array, match_mode, search_mode)
    found: Value = if_not_found() if place is None else return_array[place]
    return found


@function("XMATCH", "array", 'XMATCH("b", {Names})')
def xmatch(lookup_value: Value, lookup_array: Items, match_mode: int = 0, search_mode: int = 1) -> int:
    """The place of the value in the array, counted from 1, by the modes of XLOOKUP (Excel: XMATCH)."""
    return _counted(_found(alone(lookup_value), lookup_array, match_mode, search_mode))


@function("MATCH", "array", 'MATCH("b", {Names}, 0)')
def match(lookup_value: Value, lookup_array: Items, match_type: int = 1) -> int:
    """The place of the value in the array, counted from 1 (Excel: MATCH).

    Match type 0 is exact and takes * and ? for wildcards; 1 takes the largest that is not larger, in an
    ascending array; -1 the smallest that is not smaller, in a descending one.
    """
    wanted = alone(lookup_value)
    if match_type == 0:
        return _counted(_found(wanted, lookup_array, _WILDCARD, 1))
    places = range(len(lookup_array))
    # Of equal items in an ascending array the last one counts.
    order = places[::-1] if match_type > 0 else places
    return _counted(_nearest(wanted, lookup_array, order, below=match_type > 0))


def _counted(place: int | None) -> int:
    if place is None:
        raise Failed("The value is not in the array.")
    return place + 1


@function("INDEX", "array", "INDEX({Names}, 2)")
def index(array: Items, position: int) -> Value:
    """The item at that place, counted from 1; at 0 the whole array (Excel: INDEX)."""
    if position == 0:
        return array
    if not 1 <= position <= len(array):
        raise Failed(f"The array has no item {position}; it has {len(array)}.")
    found: Value = array[position - 1]
    return found


@function("SORT", "array", "SORT({Scores}, 1, -1)", 'ARRAYJOIN(SORT(TEXTSPLIT("b-c-a", "-"))) -> "a, b, c"')
def sort(array: Items, sort_index: int = 1, sort_order: int = 1) -> Items:
    """The items in order: numbers, dates, texts, truths; blanks last. -1 is descending (Excel: SORT)."""
    if sort_index != 1 or sort_order not in (1, -1):
        raise Failed("SORT takes the index 1, as arrays have one column, and the order 1 or -1.")
    filled = [item for item in array if item is not None]
    return sorted(filled, key=_key, reverse=sort_order < 0) + [None] * (len(array) - len(filled))


@function("UNIQUE", "array", 'ARRAYJOIN(UNIQUE(TEXTSPLIT("a-b-A", "-"))) -> "a, b"')
def unique(array: Items, by_column: bool = False, exactly_once: bool = False) -> Items:  # noqa: FBT001, FBT002 - positional in Excel
    """The items without repetitions, capitals not counted, or those that are there once (Excel: UNIQUE)."""
    del by_column  # An array here has one column, and is one.
    groups: dict[Key, Items] = {}
    for item in array:
        groups.setdefault(_key(item), []).append(item)
    return [items[0] for items in groups.values() if len(items) == 1 or not exactly_once]


def _no_items() -> Value:
    raise Failed("FILTER keeps no item.")


@function(
    "FILTER",
    "array",
    'FILTER({Names}, {Done}, "none")',
    result=lambda arguments: ARRAY if len(arguments) < 3 else ANY,
)
def filter_(array: Items, include: Items, if_empty: Thunk = _no_items) -> Value:
    """The items beside which `include` holds; an error, or `if_empty`, where there are none.

    Excel: FILTER.
    """
    if len(array) != len(include):
        raise Failed(f"The arrays are of different lengths: {len(array)} and {len(include)}.")
    kept = [item for item, holds in zip(array, include, strict=True) if truth_of(holds)]
    if not kept:
        return if_empty()
    return kept


@function("SEQUENCE", "array", 'ARRAYJOIN(SEQUENCE(3)) -> "1, 2, 3"')
def sequence(batch: Batch, rows: int, columns: int = 1, start: float = 1, step: float = 1) -> Items:
    """Numbers from `start` on, rows times columns of them (Excel: SEQUENCE)."""
    if rows < 1 or columns < 1:
        raise Failed("SEQUENCE takes rows and columns from 1 on.")
    if rows * columns > batch.limits.array_items:
        raise Failed(f"The array has more than {batch.limits.array_items:,} items.")
    return [start + step * number for number in range(rows * columns)]


LOOKUP_FUNCTIONS: tuple[Function, ...] = (
    xlookup,
    xmatch,
    match,
    index,
    sort,
    unique,
    filter_,
    sequence,
)
