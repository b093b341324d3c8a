"""Conditions and truths, written out as Python's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from formula import shapes
from formula.functions.logic import LOGIC_FUNCTIONS
from formula.generated.fragment import Fragment
from formula.generated.operators import compared
from formula.generated.wants import as_boxed, as_condition, as_truth
from formula.shapes import Kind

if TYPE_CHECKING:
    from formula.generated.writer import Writer

_RESULTS = {function.name: function.result for function in LOGIC_FUNCTIONS}
_NOTHING = Fragment("None", shapes.BLANK, is_safe=True, is_name=True)


def _if(writer: Writer, arguments: Sequence[Fragment]) -> Fragment:
    condition, *branches = arguments
    then, otherwise = _alike(writer, branches if len(branches) == 2 else [*branches, _NOTHING])
    code = f"({then.code} if {as_condition(writer, condition)} else {otherwise.code})"
    return _chosen(code, [then, otherwise], [condition], "IF", arguments)


def _switch(writer: Writer, arguments: Sequence[Fragment]) -> Fragment:
    expression, *cases = arguments
    patterns = cases[0 : len(cases) - 1 : 2]
    results = _alike(writer, [*cases[1::2], cases[-1] if len(cases) % 2 else _NOTHING])
    first, held = writer.held(expression)
    # The first comparison names the value; the others compare what it named.
    subjects = [replace(held, code=first, is_name=False), *[held] * (len(patterns) - 1)]
    tests = [
        compared(writer, "=", subject, pattern) for subject, pattern in zip(subjects, patterns, strict=True)
    ]
    steps = [f"{result.code} if {test.code} else" for result, test in zip(results, tests, strict=False)]
    code = f"({' '.join(steps)} {results[-1].code})"
    return _chosen(code, results, [expression, *tests], "SWITCH", arguments)


def _chosen(
    code: str,
    results: Sequence[Fragment],
    deciding: Sequence[Fragment],
    name: str,
    arguments: Sequence[Fragment],
) -> Fragment:
    """One of the results, which keep their values alike."""
    shape = _RESULTS[name]([argument.shape for argument in arguments])
    is_safe = all(part.is_safe for part in results) and all(map(_is_safe_truth, deciding))
    filled = [result for result in results if result.shape.kind is not Kind.BLANK]
    stored, is_day = (filled[0].stored, filled[0].is_day) if filled else (None, False)
    return Fragment(code, shape, stored, is_day, is_safe=is_safe)


def _alike(writer: Writer, branches: Sequence[Fragment]) -> list[Fragment]:
    """The branches so that all keep their values alike: dates as instants only if all are, of one sort."""
    kept = {(each.stored, each.is_day) for each in branches if each.shape.kind is not Kind.BLANK}
    if len(kept) <= 1:
        return list(branches)
    return [replace(each, code=as_boxed(writer, each), stored=None, is_day=False) for each in branches]


def _together(
    sign: str, every: Callable[..., bool], writer: Writer, arguments: Sequence[Fragment]
) -> Fragment | None:
    """AND and OR; only where nothing can fail may Python leave out what does not decide."""
    if not all(argument.is_single for argument in arguments):
        return None
    truths = [as_truth(writer, argument) for argument in arguments]
    if all(argument.is_safe for argument in arguments):
        return Fragment(f"({f' {sign} '.join(truths)})", shapes.BOOLEAN, is_safe=True)
    return Fragment(f"{writer.constant(every)}(({', '.join(truths)},))", shapes.BOOLEAN)


def _not(writer: Writer, arguments: Sequence[Fragment]) -> Fragment:
    (value,) = arguments
    return Fragment(f"(not {as_condition(writer, value)})", shapes.BOOLEAN, is_safe=_is_safe_truth(value))


def _is_safe_truth(value: Fragment) -> bool:
    return value.is_safe and value.is_single


def _constant(fragment: Fragment, _: Writer, __: Sequence[Fragment]) -> Fragment:
    return fragment


LOGIC_RULES: Mapping[str, Callable[[Writer, Sequence[Fragment]], Fragment | None]] = {
    "IF": _if,
    "SWITCH": _switch,
    "AND": partial(_together, "and", all),
    "OR": partial(_together, "or", any),
    "NOT": _not,
    "TRUE": partial(_constant, Fragment("True", shapes.BOOLEAN, is_safe=True, is_name=True)),
    "FALSE": partial(_constant, Fragment("False", shapes.BOOLEAN, is_safe=True, is_name=True)),
    "BLANK": partial(_constant, _NOTHING),
}
