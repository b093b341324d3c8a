"""Functions of text, written out as Python's own where positions are plain: in ASCII, or by code points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from formula import shapes
from formula.coercion import whole
from formula.functions.text import TEXT_FUNCTIONS
from formula.generated.fragment import Fragment
from formula.generated.operators import joined, limited
from formula.generated.wants import as_text
from formula.shapes import Kind

if TYPE_CHECKING:
    from formula.generated.writer import Writer

_RUNS = {function.name: function.run for function in TEXT_FUNCTIONS}
_LONGEST = 100_000
"""No text that a function may build is longer, so that no count needs to be larger."""

_SHORT = 10
"""Up to so many characters put in the place of one, the text is made first and then measured."""


def _method(name: str, writer: Writer, arguments: Sequence[Fragment]) -> Fragment:
    code = f"{as_text(writer, arguments[0])}.{name}()"
    return Fragment(code, shapes.TEXT, is_safe=_is_safe_text(arguments[0]))


def _len(writer: Writer, arguments: Sequence[Fragment]) -> Fragment:
    plain = f"{writer.constant(len)}({{text}})"
    return _measured(writer, "LEN", plain, arguments[0], [], shapes.NUMBER)


def _find(writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    if len(arguments) > 2:
        return None
    needle = as_text(writer, arguments[0])
    if not arguments[0].is_name:
        return None
    plain = f"({{text}}.find({needle}) + 1)"
    return _measured(writer, "FIND", plain, arguments[1], [needle], shapes.NUMBER, before=True)


def _left(writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    count = _count(arguments[1:2], 1)
    if count is None:
        return None
    return _measured(writer, "LEFT", f"{{text}}[:{count}]", arguments[0], [str(count)], shapes.TEXT)


def _right(writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    count = _count(arguments[1:2], 1)
    if not count:
        return None
    return _measured(writer, "RIGHT", f"{{text}}[-{count}:]", arguments[0], [str(count)], shapes.TEXT)


def _mid(writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    start, count = _count(arguments[1:2]), _count(arguments[2:3])
    if start is None or count is None:
        return None
    begin = max(start - 1, 0) if writer.batch.switches.mid_start == "one" else start
    others = [str(start), str(count)]
    return _measured(writer, "MID", f"{{text}}[{begin}:{begin + count}]", arguments[0], others, shapes.TEXT)


def _count(arguments: Sequence[Fragment], default: int | None = None) -> int | None:
    """A count that the formula spells out; None if it is computed or beyond any text."""
    if not arguments:
        return default
    count = arguments[0].constant
    return max(whole(count), 0) if isinstance(count, float) and count < _LONGEST else None


def _measured(
    writer: Writer,
    name: str,
    plain: str,
    argument: Fragment,
    others: Sequence[str],
    shape: shapes.Shape,
    *,
    before: bool = False,
) -> Fragment:
    """`plain` where it counts as the language does, else the function; `{text}` in it is the argument."""
    text = Fragment(as_text(writer, argument), shapes.TEXT, is_name=argument.is_name)
    stored = int if shape == shapes.NUMBER else None
    is_safe = _is_safe_text(argument)
    if writer.batch.switches.text_units == "code_points":
        return Fragment(plain.format(text=text.code), shape, stored, is_safe=is_safe)
    first, held = writer.held(text)
    order = [*others, held.code] if before else [held.code, *others]
    called = f"{writer.constant(_RUNS[name])}(batch, {', '.join(order)})"
    code = f"({plain.format(text=held.code)} if {first}.isascii() else {called})"
    return Fragment(code, shape, stored, is_safe=is_safe)


def _is_safe_text(fragment: Fragment) -> bool:
    return fragment.is_safe and fragment.shape.kind in (Kind.TEXT, Kind.NUMBER)


def _substitute(writer: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    text, old, new, *index = arguments
    if index or not old.constant or not isinstance(old.constant, str):
        return None
    if not isinstance(new.constant, str) or len(new.constant) > _SHORT:
        return None
    return limited(writer, f"{as_text(writer, text)}.replace({old.code}, {new.code})")


def _t(_: Writer, arguments: Sequence[Fragment]) -> Fragment | None:
    return arguments[0] if arguments[0].shape.kind is Kind.TEXT else None


TEXT_RULES: Mapping[str, Callable[[Writer, Sequence[Fragment]], Fragment | None]] = {
    "CONCATENATE": joined,
    "FIND": _find,
    "LEFT": _left,
    "LEN": _len,
    "LOWER": partial(_method, "lower"),
    "MID": _mid,
    "RIGHT": _right,
    "SUBSTITUTE": _substitute,
    "T": _t,
    "TRIM": partial(_method, "strip"),
    "UPPER": partial(_method, "upper"),
}
