"""What follows from what: edges between fields, an order in which to compute them, and circles named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from local_twins.airtable.model.schema import Field


@dataclass(frozen=True, slots=True)
class Edge:
    """A field takes values of `source` in the records that `path` leads to; an empty path is the same record.

    The first link field of `path` stands in the table of the field that takes.
    """

    source: str
    path: tuple[Field, ...] = ()


class Circular(Exception):
    """Fields follow from each other in a circle; `field_ids` names it, the first one again at the end."""

    def __init__(self, field_ids: list[str]) -> None:
        super().__init__(" -> ".join(field_ids))
        self.field_ids = field_ids


def in_order(edges: Mapping[str, Iterable[Edge]]) -> list[str]:
    """The fields that `edges` are given for, each after those it takes from. Raises Circular."""
    sources = {field_id: [edge.source for edge in taken] for field_id, taken in edges.items()}
    try:
        return [field_id for field_id in TopologicalSorter(sources).static_order() if field_id in edges]
    except CycleError as circle:
        raise Circular(list(circle.args[1])[::-1]) from circle
