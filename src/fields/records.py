"""A record to be written: every cell of it judged, every problem told at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fields.cell import Cell, Mode
from fields.checked import Checked
from fields.field_type import is_empty
from fields.problems import Problem, Refusal
from fields.table import FIELD_TYPES, field_type
from fields.values import is_strict, mapping
from fields.wording import hint, listed, nearest, quoted, sendable, shown

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Columns:
    """A table's fields, found by id and by name."""

    by_name: Mapping[str, Schema]
    by_id: Mapping[str, Schema]

    @classmethod
    def of(cls, table_schema: Schema) -> "_Columns":
        fields = [field for field in table_schema.get("fields") or () if field.get("name")]
        return cls(
            {field["name"]: field for field in fields},
            {field["id"]: field for field in fields if field.get("id")},
        )

    def find(self, name_or_id: Any) -> Schema | None:
        return self.by_name.get(name_or_id) or self.by_id.get(name_or_id)


def check_record(
    table_schema: Schema, values: Mapping[str, Any], *, mode: Mode = "strict", partial: bool = False
) -> Checked:
    """The values in their normal forms by field name, and the problems of all cells.

    `table_schema` is a table as the meta API returns it; `values` are by field name or id; the path of a
    problem starts with the field's name. `partial` says that the values change a record that exists: only
    a whole record is asked (in strict mode) for a value in its primary field. Cells with problems are left
    out of `.value`. Raises ValueError for an unknown mode.
    """
    strict = is_strict(mode)
    if not isinstance(values, Mapping):
        message = f"A record is an object of field names and values, not {shown(values)}."
        return Checked(problems=(Problem("wrong_type", message),))
    columns = _Columns.of(table_schema)
    accepted: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in values.items():
        problems += _check_cell(columns, key, value, accepted, strict=strict)
    if strict and not partial:
        problems += _missing_primary(columns.by_id.get(table_schema.get("primaryFieldId", "")), values)
    return Checked(accepted, problems=tuple(problems))


def _check_cell(
    columns: _Columns, key: str, value: Any, accepted: dict[str, Any], *, strict: bool
) -> tuple[Problem, ...]:
    """Puts the cell's normal value into `accepted`, or returns what is wrong with it."""
    field = columns.find(key)
    if field is None:
        return (_unknown_field(key, columns),)
    name = field["name"]
    if name in accepted:
        message = f"{quoted(name)} is given twice, by name and by id. Give it once."
        return (Problem("duplicate_field", message, (name,)),)
    try:
        cell = Cell(name, mapping(field.get("options")), strict)
        accepted[name] = field_type(field.get("type")).accept(value, cell)
    except Refusal as refusal:
        return tuple(problem.under(name) for problem in refusal.problems)
    return ()


def _unknown_field(key: str, columns: _Columns) -> Problem:
    message = f"There is no field {shown(key)}. Fields: {listed(columns.by_name)}."
    if not isinstance(key, str):
        return Problem("unknown_field", message, (str(key),))
    near = nearest(key, columns.by_name)
    return Problem("unknown_field", message + hint(near), (sendable(key),), near)


def _missing_primary(primary: Schema | None, values: Mapping[str, Any]) -> Iterator[Problem]:
    known = FIELD_TYPES.get((primary or {}).get("type", ""))
    if not primary or not known or known.computed:
        return
    name: str = primary["name"]
    if all(is_empty(values.get(key)) for key in (name, primary["id"])):
        yield Problem("missing_primary", f"{name} names the record and has no value. Give it one.", (name,))
