"""Excel's functions that decide, and those that ask what a value is."""

from collections.abc import Sequence

from formula.coercion import alone, truth_of
from formula.functions.function import Function, Thunk, function
from formula.shapes import Shape, one_of
from formula.values import FAILURES, DateValue, ErrorValue, Failed, Value, failure


def _attempted(expression: Thunk) -> Value:
    """The value of the expression, an array of one as its item; an ErrorValue where ISERROR would hold."""
    try:
        value = alone(expression())
    except FAILURES as error:
        return failure(error)
    if isinstance(value, float) and value - value != 0:
        return ErrorValue(message="The number is not finite.")
    return value


def _either(arguments: Sequence[Shape]) -> Shape:
    return one_of(arguments)


def _results(arguments: Sequence[Shape]) -> Shape:
    return one_of(arguments[1::2])


def _choices(arguments: Sequence[Shape]) -> Shape:
    return one_of(arguments[1:])


def _or_otherwise(value: Thunk, otherwise: Thunk) -> Value:
    try:
        found = value()
    except FAILURES:
        return otherwise()
    is_error = found - found != 0 if isinstance(found, float) else isinstance(found, ErrorValue)
    return otherwise() if is_error else found


@function("IFERROR", "logical", 'IFERROR(1 / 0, "none") -> "none"', "IFERROR(6 / 3, 0) -> 2", result=_either)
def iferror(value: Thunk, otherwise: Thunk) -> Value:
    """The value, or `otherwise` where it fails or is not finite (Excel: IFERROR)."""
    return _or_otherwise(value, otherwise)


@function("IFNA", "logical", 'IFNA(MATCH("x", {Tags}, 0), 0) -> 0', result=_either)
def ifna(value: Thunk, otherwise: Thunk) -> Value:
    """The same as IFERROR, as errors are of one kind here (Excel: IFNA, of #N/A alone)."""
    return _or_otherwise(value, otherwise)


@function("IFS", "logical", 'IFS(1 > 2, "a", 2 > 1, "b") -> "b"', result=_results, minimum=2)
def ifs(condition: Thunk, result: Thunk, *more: Thunk) -> Value:
    """The result after the first condition that holds; none else is computed, and none is an error.

    Excel: IFS.
    """
    pairs = (condition, result, *more)
    if len(pairs) % 2:
        raise Failed("IFS takes pairs of a condition and a result.")
    for index in range(0, len(pairs), 2):
        if truth_of(pairs[index]()):
            return pairs[index + 1]()
    raise Failed("No condition of IFS holds.")


@function("CHOOSE", "logical", 'CHOOSE(2, "a", "b", "c") -> "b"', result=_choices)
def choose(index: int, *values: Thunk) -> Value:
    """The value at that place, counted from 1; none else is computed (Excel: CHOOSE)."""
    if not 1 <= index <= len(values):
        raise Failed(f"CHOOSE has no value number {index}; there are {len(values)}.")
    return values[index - 1]()


@function("ISBLANK", "logical", "ISBLANK(BLANK()) -> 1", 'ISBLANK("") -> 0')
def isblank(value: Thunk) -> bool:
    """Whether the value is blank, an empty array too; an empty text and 0 are not (Excel: ISBLANK)."""
    return _attempted(value) is None


@function("ISNUMBER", "logical", "ISNUMBER(1) -> 1", 'ISNUMBER("1") -> 0')
def isnumber(value: Thunk) -> bool:
    """Whether the value is a number; text that writes one is not, nor is an error (Excel: ISNUMBER)."""
    return type(_attempted(value)) in (int, float)


@function("ISTEXT", "logical", 'ISTEXT("a") -> 1', "ISTEXT(1) -> 0")
def istext(value: Thunk) -> bool:
    """Whether the value is text (Excel: ISTEXT)."""
    return isinstance(_attempted(value), str)


@function("ISNONTEXT", "logical", "ISNONTEXT(BLANK()) -> 1")
def isnontext(value: Thunk) -> bool:
    """Whether the value is anything but text, blank too (Excel: ISNONTEXT)."""
    return not isinstance(_attempted(value), str)


@function("ISLOGICAL", "logical", "ISLOGICAL(TRUE()) -> 1", "ISLOGICAL(1) -> 0")
def islogical(value: Thunk) -> bool:
    """Whether the value is true or false (Excel: ISLOGICAL)."""
    return isinstance(_attempted(value), bool)


@function("ISDATE", "logical", "ISDATE(TODAY()) -> 1", 'ISDATE("2024-01-15") -> 0')
def isdate(value: Thunk) -> bool:
    """Whether the value is a date; text that writes one is not.

    No function of Excel: dates are numbers there.
    """
    return isinstance(_attempted(value), DateValue)


DECISION_FUNCTIONS: tuple[Function, ...] = (
    iferror,
    ifna,
    ifs,
    choose,
    isblank,
    isnumber,
    istext,
    isnontext,
    islogical,
    isdate,
)
