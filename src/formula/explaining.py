"""A formula taken apart for one record: each part with its text and value, and where an error came from."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from formula.arithmetic import Operation
from formula.cells import CellType
from formula.checker import Checked
from formula.closures import Builder, Closure
from formula.rest import to_rest
from formula.scope import Row
from formula.tree import Binary, Call, Field, Literal, Negation, Node, Span, children
from formula.values import FAILURES, ErrorValue, Value, failure

_KINDS: Mapping[type, str] = {
    Literal: "literal",
    Field: "field",
    Call: "function",
    Negation: "operator",
    Binary: "operator",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a formula.

    `kind` is literal, field, function or operator; `span` are its offsets in the formula, `depth` counts the
    parts around it. `is_evaluated` is false for what IF, SWITCH and their like did not need, and for what an
    error before it kept from being computed; its value is then blank. `is_origin` marks where an error arose,
    rather than came through from a part.
    """

    kind: str
    span: Span
    depth: int
    value: Value
    is_evaluated: bool
    is_origin: bool
    parts: tuple["Step", ...] = field(repr=False, compare=False)
    source: str = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """The part as it is written in the formula."""
        return self.source[slice(*self.span)]

    @property
    def rest(self) -> Any:
        """The value as Airtable's REST API gives it."""
        return to_rest(self.value)

    @property
    def error(self) -> str | None:
        """What went wrong; None if nothing did. A number that is not finite is an error, as for ISERROR."""
        return _error_of(self.value)


def explained(checked: Checked, types: Mapping[str, CellType], row: Row, text: str) -> tuple[Step, ...]:
    """The steps of a checked tree for one row, each before its parts."""
    watcher = _Watcher(checked, types, row.batch)
    run = watcher.build(checked.tree)
    try:
        run(row)
    except FAILURES:
        pass  # The watcher has seen it.
    except RecursionError:
        watcher.values[id(checked.tree)] = ErrorValue(
            message="The formula is nested too deeply for the stack that is left."
        )
    return tuple(_flat(_assembled(checked.tree, watcher.values, text)))


class _Watcher(Builder):
    """Builds closures that note the value of each node that they compute; a failure passes on."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.values: dict[int, Value] = {}

    def build(self, node: Node) -> Closure:
        """The closure of one node, noting its value."""
        inner, values, key = super().build(node), self.values, id(node)

        def watched(row: Row) -> Any:
            try:
                value = values[key] = inner(row)
            except FAILURES as error:
                values[key] = failure(error)
                raise
            return value

        return watched

    def applied(self, step: Binary, apply: Operation) -> Operation:
        """The operator of one step of a chain, noting its result."""
        values, key = self.values, id(step)

        def watched(left: Any, right: Any) -> Any:
            try:
                value = values[key] = apply(left, right)
            except FAILURES as error:
                values[key] = failure(error)
                raise
            return value

        return watched


def _assembled(tree: Node, values: Mapping[int, Value], text: str) -> Step:
    """The step of the whole tree; made without recursion, as chains are as deep as they are long."""
    done: dict[int, Step] = {}
    waiting = [(tree, 0, False)]
    while waiting:
        node, depth, is_ready = waiting.pop()
        if is_ready:
            done[id(node)] = _step(node, depth, values, done, text)
        else:
            waiting.append((node, depth, True))
            waiting.extend((child, depth + 1, False) for child in children(node))
    return done[id(tree)]


def _step(node: Node, depth: int, values: Mapping[int, Value], done: Mapping[int, Step], text: str) -> Step:
    parts = tuple(done[id(child)] for child in children(node))
    failed = next((part.value for part in parts if isinstance(part.value, ErrorValue)), None)
    is_evaluated = id(node) in values
    value = values.get(id(node))
    if not is_evaluated and failed is not None and isinstance(node, Binary):
        # In a chain an operand that fails ends it before the operators around it are reached.
        is_evaluated, value = True, failed
    is_origin = _error_of(value) is not None and all(part.error is None for part in parts)
    return Step(_KINDS[type(node)], node.span, depth, value, is_evaluated, is_origin, parts, text)


def _error_of(value: Value) -> str | None:
    if isinstance(value, ErrorValue):
        return value.message or value.code
    if isinstance(value, float) and not math.isfinite(value):
        return "The number is not finite."
    return None


def _flat(step: Step) -> Iterator[Step]:
    waiting = [step]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.parts))
