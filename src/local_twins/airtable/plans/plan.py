"""The plan of a base: its computed fields in order, each with what it takes and how it is made."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from local_twins.airtable.model.cells import DERIVED
from local_twins.airtable.model.lookups import link_path, lookup_ends
from local_twins.airtable.model.schema import Base, Field, Table
from local_twins.airtable.plans.formulas import Program, program_or_failure
from local_twins.airtable.plans.graph import Edge, in_order
from local_twins.airtable.plans.results import formula_types, rollup_text

_VOLATILE = re.compile(r"\b(NOW|TODAY|TONOW|FROMNOW)\s*\(", re.IGNORECASE)
_MODIFIED = re.compile(r"\bLAST_MODIFIED_TIME\s*\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """One computed field; `programs` are its formulas by the option that holds them."""

    table: Table
    field: Field
    edges: tuple[Edge, ...]
    programs: Mapping[str, Program]

    @property
    def is_volatile(self) -> bool:
        """Whether its value changes with the clock alone."""
        return any(_VOLATILE.search(text) for text in formula_texts(self.field).values())


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in an order in which each finds what it needs; `result_types` are formulas' by field id."""

    steps: tuple[Step, ...]
    volatile: tuple[Step, ...]
    by_field: Mapping[str, Step]
    result_types: Mapping[str, str]


def plan_of(base: Base) -> Plan:
    """The plan of that schema. Raises Circular."""
    edges = {
        item.id: tuple(dict.fromkeys(_EDGES[item.type](base, table, item)))
        for table, item in base.fields.values()
        if item.type in DERIVED
    }
    known_types: dict[str, str] = {}
    steps = tuple(_step(base, field_id, edges[field_id], known_types) for field_id in in_order(edges))
    volatile = tuple(step for step in steps if step.is_volatile)
    return Plan(steps, volatile, {step.field.id: step for step in steps}, known_types)


def modified_key(table_id: str) -> str:
    """The source that stands for "any cell of the record" in a table."""
    return "modified:" + table_id


def formula_texts(field: Field) -> dict[str, str]:
    """The formulas of a computed field, by what they make."""
    if field.type == "formula":
        return {"formula": str(field.options.get("formula") or "")}
    if field.type == "rollup":
        return {"formula": rollup_text(field)}
    if field.type == "button":
        return {key: str(field.options[key]) for key in ("label", "url") if field.options.get(key)}
    return {}


def _step(base: Base, field_id: str, edges: tuple[Edge, ...], known_types: dict[str, str]) -> Step:
    table, item = base.fields[field_id]
    types = {"values": "array"} if item.type == "rollup" else formula_types(table, known_types)
    names = {} if item.type == "rollup" else {other.id: other.name for other in table.fields}
    programs = {key: program_or_failure(text, types, names) for key, text in formula_texts(item).items()}
    if "formula" in programs:
        known_types[field_id] = programs["formula"].result_type
    return Step(table, item, edges, programs)


def _shown_edges(base: Base, field: Field, path: tuple[Field, ...] = ()) -> Iterator[Edge]:
    """The edges for a value as a formula sees it: of links, the names of the linked records."""
    yield Edge(field.id, path)
    links = link_path(base, field)
    if links:
        yield Edge(base.by_key[links[-1].linked_table_id].primary_field_id, path + links)


def _formula_edges(base: Base, table: Table, field: Field) -> Iterator[Edge]:
    types = formula_types(table, {})
    names = {other.id: other.name for other in table.fields}
    for text in formula_texts(field).values():
        for name in program_or_failure(text, types, names).depends_on:
            yield from _shown_edges(base, table.by_key[name])
        if _MODIFIED.search(text):
            yield Edge(modified_key(table.id))


def _lookup_edges(base: Base, _table: Table, field: Field) -> Iterator[Edge]:
    link, target = lookup_ends(base, field)
    if link:
        yield Edge(link.id)
    if link and target:
        yield Edge(target.id, (link,))


def _rollup_edges(base: Base, _table: Table, field: Field) -> Iterator[Edge]:
    link, target = lookup_ends(base, field)
    if link:
        yield Edge(link.id)
    if link and target:
        yield from _shown_edges(base, target, (link,))


def _count_edges(base: Base, _table: Table, field: Field) -> Iterator[Edge]:
    link, _ = lookup_ends(base, field)
    if link:
        yield Edge(link.id)


_EDGES: Mapping[str, Callable[[Base, Table, Field], Iterator[Edge]]] = {
    "formula": _formula_edges,
    "button": _formula_edges,
    "rollup": _rollup_edges,
    "multipleLookupValues": _lookup_edges,
    "lookup": _lookup_edges,
    "count": _count_edges,
}
