"""Functions over arrays: lookups, rollups, links and multiple selects."""

from formula.coercion import text_of
from formula.functions.function import Function, function
from formula.functions.text import within
from formula.scope import Batch
from formula.values import Items, Value


@function("ARRAYJOIN", "array", 'ARRAYJOIN({Tags}, "; ")')
def arrayjoin(batch: Batch, array: Items, separator: Value = None) -> str:
    """The items as one text, with `separator` between them."""
    default = ", " if batch.switches.array_separator == "comma_space" else ","
    between = default if separator is None else text_of(separator)
    texts = [text_of(item) for item in array]
    within(sum(map(len, texts)) + len(between) * (len(texts) - 1), batch.limits)
    return between.join(texts)


@function("ARRAYCOMPACT", "array", "ARRAYCOMPACT({Tags})")
def arraycompact(array: Items) -> Items:
    """The items without blanks and empty texts; 0, false and spaces stay."""
    return [item for item in array if item is not None and item != ""]


@function("ARRAYFLATTEN", "array", "ARRAYFLATTEN({Tags})")
def arrayflatten(array: Items) -> Items:
    """The items of the array, and of the arrays in it, as one array."""
    return array


@function("ARRAYSLICE", "array", "ARRAYSLICE({Tags}, 1, 3)")
def arrayslice(array: Items, start: int, end: int | None = None) -> Items:
    """The items from `start` to `end`, both counted from 1 and both in it; negatives count from the end."""
    count = len(array)
    begin = start - 1 if start > 0 else max(count + start, 0) if start < 0 else 0
    stop = count if end is None else end if end >= 0 else count + end + 1
    return array[begin : max(stop, 0)]


@function("ARRAYUNIQUE", "array", "ARRAYUNIQUE({Tags})")
def arrayunique(array: Items) -> Items:
    """The items without repetitions, each where it first stood."""
    # True == 1 in Python, and a boolean is another item than a number.
    return list({(type(item) is bool, item): item for item in array}.values())


ARRAY_FUNCTIONS: tuple[Function, ...] = (arrayjoin, arraycompact, arrayflatten, arrayslice, arrayunique)
