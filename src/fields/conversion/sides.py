"""One side of a conversion: a type with its cell, a computed type as the type of what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fields.cell import Cell, Options, mapping
from fields.conversion.kinds import KINDS, STANDS_FOR, Kind
from fields.field_type import FieldType
from fields.given_options import given_options
from fields.problems import Problem, Refusal
from fields.table import field_type


@dataclass(frozen=True, slots=True)
class Side:
    """`type` is one that can be written, `cell` says under which options, locale and zone."""

    type: FieldType
    cell: Cell

    @property
    def kind(self) -> Kind:
        """The kind of the type's values."""
        return KINDS[self.type.name]

    def show(self, value: Any) -> str:
        """The value's text."""
        return self.type.show(value, self.cell)

    def read(self, value: Any) -> Any:
        """What the type makes of the value, as typecast=true does. Raises Refusal."""
        return self.type.read(value, self.cell)


def source_side(type: str, options: Options | None, **told: Any) -> Side:
    """The side that values come from. Raises Refusal for an unknown type or impossible options."""
    found = field_type(type)
    own = given_options(options, found, found.label, under="from_options")
    return _source(found, own, **told)


def _source(found: FieldType, own: Options, **told: Any) -> Side:
    result = own.get("result")
    if found.computed and isinstance(result, Mapping):
        return _source(field_type(result.get("type")), mapping(result.get("options")), **told)
    writable = field_type(STANDS_FOR.get(found.name, "multilineText")) if found.computed else found
    return Side(writable, Cell(found.label, own, **told))


def target_side(type: str, options: Options | None, **told: Any) -> Side:
    """The side that values go to. Raises Refusal as above, and for a computed type."""
    found = field_type(type)
    if found.computed:
        message = f"{found.label} is computed: no value is carried over into it."
        raise Refusal([Problem("computed", message)])
    own = given_options(options, found, found.label, under="to_options")
    return Side(found, Cell(found.label, own, may_cast=False, **told))
