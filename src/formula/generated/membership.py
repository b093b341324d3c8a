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
    groups: dict[Node | int, list[Node]] = {}
    for place, argument in enumerate(arguments):
        groups.setdefault(_subject(argument) or place, []).append(argument)
    return [written for subject, nodes in groups.items() for written in _written(writer, subject, nodes)]


def _written(writer: Writer, subject: Node | int, nodes: Sequence[Node]) -> list[Fragment]:
    if not isinstance(subject, int) and len(nodes) >= _WORTHWHILE:
        fragment = writer.write(subject)
        if fragment.shape.kind is Kind.TEXT:
            texts = writer.constant(frozenset(map(_text, nodes)))
            return [Fragment(f"({as_text(writer, fragment)} in {texts})", BOOLEAN, is_safe=fragment.is_safe)]
    return list(map(writer.write, nodes))


def _subject(node: Node) -> Node | None:
    """The field, or the function without arguments, that the node compares with a text; None for all else."""
    match node:
        case Binary("=", (Field() | Call(arguments=())) as subject, Literal(value=str())):
            return subject
        case Binary("=", Literal(value=str()), (Field() | Call(arguments=())) as subject):
            return subject
        case _:
            return None


def _text(node: Node) -> str:
    match node:
        case Binary(right=Literal(value=str() as text)) | Binary(left=Literal(value=str() as text)):
            return text
        case _:
            raise TypeError(node)
