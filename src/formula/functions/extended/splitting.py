"""Excel's functions that take a text apart at delimiters."""

import re
from collections.abc import Sequence

from formula.coercion import text_of
from formula.functions.function import Function, Thunk, function
from formula.scope import Batch
from formula.values import Failed, Items, Value

_MOST_DELIMITERS = 100
"""Every place of the text is compared with each of them."""


def _not_found() -> Value:
    raise Failed("The delimiter is not in the text.")


def _cutter(delimiters: Sequence[Value], match_mode: int) -> re.Pattern[str]:
    """What finds any of the delimiters, the longest first; escaped texts alone never backtrack."""
    texts = sorted({text_of(each) for each in delimiters}, key=len, reverse=True)
    if not texts or "" in texts:
        raise Failed("A delimiter may not be empty.")
    if len(texts) > _MOST_DELIMITERS:
        raise Failed(f"There are more than {_MOST_DELIMITERS} delimiters.")
    return re.compile("|".join(map(re.escape, texts)), re.IGNORECASE if match_mode == 1 else 0)


@function("TEXTSPLIT", "text", 'ARRAYJOIN(TEXTSPLIT("a-b-c", "-"), "+") -> "a+b+c"')
def textsplit(
    batch: Batch,
    text: str,
    delimiter: Items,
    row_delimiter: Items | None = None,
    ignore_empty: bool = False,  # noqa: FBT001, FBT002 - positional in Excel
    match_mode: int = 0,
) -> Items:
    """The parts between delimiters as one array, row after row; 1 ignores capitals (Excel: TEXTSPLIT)."""
    rows = [each for each in row_delimiter or [] if each is not None]
    columns = [each for each in delimiter if each is not None]
    cutter = _cutter([*columns, *rows], match_mode)
    limit = batch.limits.array_items
    parts = cutter.split(text, maxsplit=limit)
    if len(parts) > limit:
        raise Failed(f"The array has more than {limit:,} items.")
    return [part for part in parts if part or not ignore_empty]


@function("TEXTBEFORE", "text", 'TEXTBEFORE("a-b-c", "-") -> "a"', 'TEXTBEFORE("a-b-c", "-", -1) -> "a-b"')
def textbefore(
    text: str,
    delimiter: Items,
    instance: int = 1,
    match_mode: int = 0,
    match_end: bool = False,  # noqa: FBT001, FBT002 - positional in Excel
    if_not_found: Thunk = _not_found,
) -> Value:
    """What stands before the delimiter, the second of it (2) or the last (-1) (Excel: TEXTBEFORE)."""
    place = _place(text, delimiter, instance, match_mode, match_end=match_end)
    return if_not_found() if place is None else text[: place[0]]


@function("TEXTAFTER", "text", 'TEXTAFTER("a-b-c", "-") -> "b-c"', 'TEXTAFTER("a-b-c", "-", -1) -> "c"')
def textafter(
    text: str,
    delimiter: Items,
    instance: int = 1,
    match_mode: int = 0,
    match_end: bool = False,  # noqa: FBT001, FBT002 - positional in Excel
    if_not_found: Thunk = _not_found,
) -> Value:
    """What stands after the delimiter, the second of it (2) or the last (-1) (Excel: TEXTAFTER)."""
    place = _place(text, delimiter, instance, match_mode, match_end=match_end)
    return if_not_found() if place is None else text[place[1] :]


def _place(
    text: str, delimiter: Items, instance: int, match_mode: int, *, match_end: bool
) -> tuple[int, int] | None:
    """Where that instance stands, from the end when negative; with `match_end` an end of the text is one."""
    if instance == 0:
        raise Failed("The instance of a delimiter is counted from 1, or from -1 at the end.")
    places = [found.span() for found in _cutter(delimiter, match_mode).finditer(text)]
    if match_end:
        places = [*places, (len(text), len(text))] if instance > 0 else [(0, 0), *places]
    index = instance - 1 if instance > 0 else instance
    return places[index] if -len(places) <= index < len(places) else None


SPLITTING_FUNCTIONS: tuple[Function, ...] = (textsplit, textbefore, textafter)
