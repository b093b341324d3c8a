"""Functions that decide: conditions, truths, blanks and errors."""

from collections.abc import Sequence

from formula.coercion import truth_of
from formula.comparison import equal
from formula.functions.function import Function, Thunk, function
from formula.shapes import BLANK, Shape, one_of
from formula.values import FAILURES, ErrorValue, Failed, Items, Value


def _blank() -> None:
    return None


def _truths(values: tuple[Items, ...]) -> list[bool]:
    """All of them: an error fails even where a value before it decides."""
    return [truth_of(item) for items in values for item in items]


def _branches(arguments: Sequence[Shape]) -> Shape:
    return one_of([*arguments[1:], BLANK] if len(arguments) < 3 else arguments[1:])


def _cases(arguments: Sequence[Shape]) -> Shape:
    results = arguments[2::2]
    has_default = len(arguments) % 2 == 0
    return one_of([*results, arguments[-1]] if has_default else [*results, BLANK])


@function("IF", "logical", 'IF(1 > 2, "more", "less") -> "less"', result=_branches)
def if_(condition: bool, then: Thunk, otherwise: Thunk = _blank) -> Value:  # noqa: FBT001 - positional in Airtable
    """`then` if `condition` holds, else `otherwise`; the other one is not computed."""
    return then() if condition else otherwise()


@function("SWITCH", "logical", 'SWITCH(2, 1, "one", 2, "two", "many") -> "two"', result=_cases, minimum=3)
def switch(expression: Value, *cases: Thunk) -> Value:
    """The result after the first pattern equal to `expression`, else the default; none else is computed."""
    for index in range(0, len(cases) - 1, 2):
        if equal(expression, cases[index]()):
            return cases[index + 1]()
    return cases[-1]() if len(cases) % 2 else None


@function("AND", "logical", "AND(1, 2 > 1) -> 1")
def and_(*values: Items) -> bool:
    """Whether every value holds, those in arrays too; an error among them is an error."""
    return all(_truths(values))


@function("OR", "logical", "OR(0, 2 > 1) -> 1")
def or_(*values: Items) -> bool:
    """Whether any value holds, those in arrays too; an error among them is an error."""
    return any(_truths(values))


@function("XOR", "logical", "XOR(1, 1, 1) -> 1")
def xor(*values: Items) -> bool:
    """Whether an odd number of values holds."""
    return sum(_truths(values)) % 2 == 1


@function("NOT", "logical", "NOT(0) -> 1")
def not_(value: bool) -> bool:  # noqa: FBT001 - positional in the language
    """Whether the value does not hold."""
    return not value


@function("TRUE", "logical", "TRUE() -> 1")
def true() -> bool:
    """The truth, which is 1 as a number."""
    return True


@function("FALSE", "logical", "FALSE() -> 0")
def false() -> bool:
    """The opposite of TRUE, 0 as a number."""
    return False


@function("BLANK", "logical", "BLANK() -> blank")
def blank() -> None:
    """No value; equal to 0 and to an empty text."""


@function("ERROR", "logical", "ERROR() -> #ERROR!")
def error(message: str = "") -> Value:
    """An error."""
    raise Failed(message)


@function("ISERROR", "logical", "ISERROR(1 / 0) -> 1")
def iserror(expression: Thunk) -> bool:
    """Whether the expression fails, or is not a finite number."""
    try:
        value = expression()
    except FAILURES:
        return True
    if isinstance(value, float):
        return value - value != 0
    return isinstance(value, ErrorValue)


LOGIC_FUNCTIONS: tuple[Function, ...] = (
    if_,
    switch,
    and_,
    or_,
    not_,
    xor,
    true,
    false,
    blank,
    error,
    iserror,
)
