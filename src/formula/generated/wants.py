"""What a parameter wants, as code: the coercions of formula.coercion, dropped where they would be idle."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from formula import coercion
from formula.generated.fragment import Fragment
from formula.numerals import number_text
from formula.shapes import Kind
from formula.values import BlankDate, DateValue

if TYPE_CHECKING:
    from formula.generated.writer import Writer

_NUMERIC = frozenset({Kind.NUMBER, Kind.BOOLEAN})


def as_text(writer: Writer, fragment: Fragment) -> str:
    """The value as text."""
    if fragment.shape.kind is Kind.TEXT:
        return f"({fragment.code} or '')" if fragment.shape.may_be_blank else fragment.code
    if fragment.has(Kind.NUMBER):
        return f"{writer.constant(str if fragment.stored is int else number_text)}({fragment.code})"
    return f"{writer.constant(coercion.text_of)}({as_boxed(writer, fragment)})"


def as_number(writer: Writer, fragment: Fragment) -> str:
    """The value as a number; a boolean is one."""
    if fragment.shape.kind in _NUMERIC:
        return f"({fragment.code} or 0.0)" if fragment.shape.may_be_blank else fragment.code
    return f"{writer.constant(coercion.number_of)}({as_boxed(writer, fragment)})"


def as_wanted_number(writer: Writer, fragment: Fragment, *, is_whole: bool) -> str:
    """The value as a number, or as a whole one."""
    if not is_whole:
        return as_number(writer, fragment)
    if fragment.stored is int and fragment.has(Kind.NUMBER):
        return fragment.code
    if isinstance(fragment.constant, float):
        return repr(coercion.whole(fragment.constant))
    if fragment.has(Kind.NUMBER):
        return f"{writer.constant(coercion.whole)}({fragment.code})"
    return f"{writer.constant(coercion.integer_of)}({as_boxed(writer, fragment)})"


def as_condition(writer: Writer, fragment: Fragment) -> str:
    """Code that Python takes for true where the value holds, and for false where it does not."""
    match fragment.shape.kind:
        case Kind.NUMBER if fragment.stored is not int:
            # NaN, which alone differs from itself, does not hold.
            first, later = writer.held(fragment)
            return f"({first} and {later.code} == {later.code})"
        case Kind.TEXT | Kind.BOOLEAN | Kind.NUMBER | Kind.BLANK | Kind.ARRAY:
            return fragment.code
        case _:
            return f"{writer.constant(coercion.truth_of)}({as_boxed(writer, fragment)})"


def as_truth(writer: Writer, fragment: Fragment) -> str:
    """The value as True or False."""
    if fragment.has(Kind.BOOLEAN):
        return fragment.code
    return f"(not not {as_condition(writer, fragment)})"


def as_items(writer: Writer, fragment: Fragment) -> str:
    """The value as a flat array."""
    if fragment.is_single:
        return f"[{as_boxed(writer, fragment)}]"
    wanted = coercion.flat if fragment.has(Kind.ARRAY) else coercion.items_of
    return f"{writer.constant(wanted)}({fragment.code})"


def as_date(writer: Writer, fragment: Fragment) -> str:
    """The value as a DateValue."""
    if fragment.is_instant:
        return _boxed(writer, as_instant(writer, fragment), is_day=fragment.is_day)
    if fragment.has(Kind.DATE):
        return fragment.code
    return f"{writer.constant(coercion.date_of)}({fragment.code}, batch)"


def as_date_unless_blank(writer: Writer, fragment: Fragment) -> str:
    """The value as a DateValue; None where it is blank."""
    if fragment.is_instant or fragment.has(Kind.DATE):
        return as_boxed(writer, fragment)
    return f"{writer.constant(coercion.date_unless_blank)}({fragment.code}, batch)"


def as_instant(writer: Writer, fragment: Fragment) -> str:
    """The instant of a date that is kept as one; a blank one fails."""
    if fragment.shape.may_be_blank:
        return f"({fragment.code} or {writer.constant(_no_date)}())"
    return fragment.code


def as_boxed(writer: Writer, fragment: Fragment) -> str:
    """The value as the closures know it: an instant in its DateValue, all else as it is."""
    if not fragment.is_instant:
        return fragment.code
    if not fragment.shape.may_be_blank:
        return _boxed(writer, fragment.code, is_day=fragment.is_day)
    first, later = writer.held(fragment)
    return f"({first} and {_boxed(writer, later.code, is_day=fragment.is_day)})"


def _boxed(writer: Writer, code: str, *, is_day: bool) -> str:
    return f"{writer.constant(DateValue)}({code}, None, None, {is_day})"


def _no_date() -> NoReturn:
    raise BlankDate
