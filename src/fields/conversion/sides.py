"""One side of a conversion: a type with its cell, a computed type as the type of what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fields.cell import Cell, Options
from fields.conversion.kinds import KINDS, STANDS_FOR, Kind
from fields.field_type import FieldType
from fields.problems import Problem, Refusal
from fields.table import field_type
from fields.values import mapping


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
    """The side that values come from. Raises Refusal for a type that does not exist."""
    found, own = field_type(type), mapping(options)
    result = own.get("result")
    if found.computed and isinstance(result, Mapping):
        return source_side(str(result.get("type")), mapping(result.get("options")), **told)
    writable = field_type(STANDS_FOR.get(found.name, "multilineText")) if found.computed else found
    return Side(writable, Cell(found.label, own, **told))


def target_side(type: str, options: Options | None, **told: Any) -> Side:
    """The side that values go to. Raises Refusal for a type that does not exist or is computed."""
    found = field_type(type)
    if found.computed:
        message = f"{found.label} is computed: no value is carried over into it."
        raise Refusal([Problem("computed", message)])
    return Side(found, Cell(found.label, mapping(options), **told))
