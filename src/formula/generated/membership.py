"""OR({x} = "a", {x} = "b", ...) as one look into a set: filters name thousands of records so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from formula.generated.fragment import Fragment
from formula.generated.wants import as_text
from formula.shapes import BOOLEAN, Kind
from formula.tree import Binary, Call, Field, Literal, Node

if TYPE_CHECKING:
    from formula.generated.writer import Writer

_WORTHWHILE = 3
"""Fewer comparisons are as quick one by one."""


def alternatives(writer: Writer, arguments: Sequence[Node]) -> list[Fragment]:
    """The arguments of OR, those that compare the same text with literals made one."""
    groups: dict[Node | int, list[tuple[Node, str]]] = {}
    for place, argument in enumerate(arguments):
        subject, text = _comparison(argument) or (place, "")
        groups.setdefault(subject, []).append((argument, text))
    return [written for subject, pairs in groups.items() for written in _written(writer, subject, pairs)]


def _written(writer: Writer, subject: Node | int, pairs: Sequence[tuple[Node, str]]) -> list[Fragment]:
    if not isinstance(subject, int) and len(pairs) >= _WORTHWHILE:
        fragment = writer.write(subject)
        if fragment.shape.kind is Kind.TEXT:
            texts = writer.constant(frozenset(text for _, text in pairs))
            return [Fragment(f"({as_text(writer, fragment)} in {texts})", BOOLEAN, is_safe=fragment.is_safe)]
    return [writer.write(node) for node, _ in pairs]


def _comparison(node: Node) -> tuple[Node, str] | None:
    """The field, or the function without arguments, and the text that are compared; None for all else."""
    match node:
        case Binary("=", (Field() | Call(arguments=())) as subject, Literal(value=str() as text)):
            return subject, text
        case Binary("=", Literal(value=str() as text), (Field() | Call(arguments=())) as subject):
            return subject, text
        case _:
            return None
