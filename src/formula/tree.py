"""The tree of a formula: five kinds of node, each knowing where it stands in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

Span = tuple[int, int]
"""Offsets in the text: start, and end (exclusive)."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A number or a text, as written."""

    value: float | str
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A reference to a field by name or id."""

    name: str
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function, by its name in capitals, and its arguments."""

    name: str
    arguments: tuple[Node, ...]
    span: Span = field(default=(0, 0), compare=False)
    name_span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Negation:
    """A minus sign before an operand."""

    operand: Node
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two operands."""

    operator: str
    left: Node
    right: Node
    span: Span = field(default=(0, 0), compare=False)


Node = Literal | Field | Call | Negation | Binary


def spine(node: Binary) -> tuple[Node, list[Binary]]:
    """The leftmost operand of a chain such as a & b & c, and its operators from the inside out.

    Chains grow to the left without limit, so whoever walks a tree walks them by this list, not by recursion.
    """
    chain = [node]
    left = node.left
    while isinstance(left, Binary):
        chain.append(left)
        left = left.left
    chain.reverse()
    return left, chain


def children(node: Node) -> tuple[Node, ...]:
    """The operands or arguments of a node, from left to right."""
    match node:
        case Call(arguments=arguments):
            return arguments
        case Negation(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, each before its children, from left to right."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))
