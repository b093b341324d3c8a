"""The reference back end: a checked tree as one closure over a row.

Every node becomes a function of the row; coercions are chosen here, once, from the shapes of the operands.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from formula.arithmetic import Operation, operation
from formula.cells import ANY, CellType
from formula.checker import Checked
from formula.coercion import (
    Coercion,
    bounded,
    date_of,
    date_unless_blank,
    to_integer,
    to_items,
    to_number,
    to_text,
    to_truth,
)
from formula.functions import EVERY_FUNCTION, Function, Want
from formula.scope import Batch, Row
from formula.shapes import ARRAY, DATE, SINGLE, Shape
from formula.tree import Binary, Call, Field, Literal, Negation, Node, spine
from formula.values import BlankDate, fail

Closure = Callable[[Row], Any]

_COERCIONS: Mapping[Want, Callable[[Shape], Coercion | None]] = {
    Want.TEXT: to_text,
    Want.NUMBER: to_number,
    Want.INTEGER: to_integer,
    Want.TRUTH: to_truth,
    Want.ITEMS: to_items,
    Want.VALUE: lambda _: None,
}


def build(checked: Checked, types: Mapping[str, CellType], batch: Batch) -> Closure:
    """The closure of the whole tree; it returns a value or raises one of FAILURES."""
    return Builder(checked, types, batch).build(checked.tree)


class Builder:
    """Closures for the nodes of one tree, under the rules of one batch."""

    def __init__(self, checked: Checked, types: Mapping[str, CellType], batch: Batch) -> None:
        self._shapes = checked.shapes
        self._names = checked.names
        self._types = types
        self._batch = batch

    def build(self, node: Node) -> Closure:
        """The closure of one node."""
        match node:
            case Literal(value=value):
                return lambda _: value
            case Field(name=name):
                return self._field(self._names[name])
            case Negation(operand=operand):
                inner = _through(to_number(self._shapes[id(operand)]), self.build(operand))
                return lambda row: -inner(row)
            case Call():
                return self._call(node, EVERY_FUNCTION[node.name])
            case Binary():
                return self._chain(node)

    def _field(self, name: str) -> Closure:
        cell = self._types.get(name, ANY)
        load = cell.load
        if cell.shape in (ARRAY, ANY.shape):
            limit = self._batch.limits.array_items
            return lambda row: bounded(load(row.fields.get(name)), limit)
        return lambda row: load(row.fields.get(name))

    def _chain(self, node: Binary) -> Closure:
        """One operator as one closure; a longer chain as a loop, which no length of it can overflow."""
        first, chain = spine(node)
        start = self.build(first)
        steps = []
        shape = self._shapes[id(first)]
        for step in chain:
            apply = operation(step.operator, shape, self._shapes[id(step.right)], self._batch)
            steps.append((self.applied(step, apply), self.build(step.right)))
            shape = self._shapes[id(step)]
        if len(steps) == 1:
            apply, right = steps[0]
            return lambda row: apply(start(row), right(row))
        return partial(_fold, start, steps)

    def applied(self, step: Binary, apply: Operation) -> Operation:  # noqa: ARG002 - for whoever watches the steps
        """The operator of one step of a chain."""
        return apply

    def _call(self, node: Call, function: Function) -> Closure:
        built = list(map(self.build, node.arguments))
        pairs = zip(node.arguments, built, strict=True)
        arguments = [self._adapted(function, index, *pair) for index, pair in enumerate(pairs)]
        if function.scope is Row:
            arguments.insert(0, lambda row: row)
        elif function.scope is Batch:
            arguments.insert(0, operator.attrgetter("batch"))
        call = _applied(function.run, arguments)
        if function.takes_dates and self._batch.switches.blank_date == "blank":
            return partial(_blank_of_blank_dates, call)
        return call

    def _adapted(self, function: Function, index: int, argument: Node, inner: Closure) -> Closure:
        """The argument as the parameter wants it."""
        shape = self._shapes[id(argument)]
        match function.parameter(index).want:
            case Want.REFERENCE:
                return self._reference(argument)
            case Want.THUNK:
                return lambda row: partial(inner, row)
            case Want.DATE | Want.MAYBE_DATE if shape == DATE:
                return inner
            case Want.MAYBE_DATE:
                return lambda row: date_unless_blank(inner(row), row.batch)
            case Want.DATE:
                return lambda row: date_of(inner(row), row.batch)
            case Want.ITEMS if shape.kind in SINGLE:
                return lambda row: [inner(row)]
            case want:
                return _through(_COERCIONS[want](shape), inner)

    def _reference(self, node: Node) -> Closure:
        if not isinstance(node, Field):
            return lambda _: fail("A field is expected.")
        name = self._names[node.name]
        return lambda _: name


def _through(coerce: Coercion | None, inner: Closure) -> Closure:
    return inner if coerce is None else lambda row: coerce(inner(row))


def _blank_of_blank_dates(call: Closure, row: Row) -> Any:
    try:
        return call(row)
    except BlankDate:
        return None


def _fold(start: Closure, steps: Sequence[tuple[Callable[[Any, Any], Any], Closure]], row: Row) -> Any:
    value = start(row)
    for apply, right in steps:
        value = apply(value, right(row))
    return value


def _applied(run: Callable[..., Any], arguments: Sequence[Closure]) -> Closure:
    """The call with its arguments computed from left to right; the common numbers of them are spelled out."""
    match arguments:
        case []:
            return lambda _: run()
        case [first]:
            return lambda row: run(first(row))
        case [first, second]:
            return lambda row: run(first(row), second(row))
        case [first, second, third]:
            return lambda row: run(first(row), second(row), third(row))
        case [first, second, third, fourth]:
            return lambda row: run(first(row), second(row), third(row), fourth(row))
        case _:
            return lambda row: run(*[argument(row) for argument in arguments])
