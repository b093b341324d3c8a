"""A record to be written: every cell of it judged, every problem told at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial as partial_judge
from typing import Any

from fields.cast_warnings import cast_warnings
from fields.cell import Cell, Mode, is_strict
from fields.checked import Checked
from fields.field_type import is_empty
from fields.given_options import given_options
from fields.problems import Problem, Refusal
from fields.table import FIELD_TYPES, field_type
from fields.wording import hint, listed, nearest, quoted, sendable, shown

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Columns:
    """A table's fields, found by id and by name."""

    by_name: Mapping[str, Schema]
    by_id: Mapping[str, Schema]

    @classmethod
    def of(cls, table_schema: Schema) -> "_Columns":
        """The fields of the schema; members that are no fields are none. Raises Refusal for no list."""
        listed_fields = table_schema.get("fields", ())
        if not isinstance(listed_fields, list | tuple):
            raise _no_schema("fields is a list", listed_fields)
        fields = [field for field in listed_fields if isinstance(field, Mapping) and _text(field, "name")]
        return cls(
            {field["name"]: field for field in fields},
            {field["id"]: field for field in fields if _text(field, "id")},
        )

    def find(self, name_or_id: Any) -> Schema | None:
        if not isinstance(name_or_id, str):
            return None
        return self.by_name.get(name_or_id) or self.by_id.get(name_or_id)


def _text(field: Schema, key: str) -> str | None:
    found = field.get(key)
    return found if isinstance(found, str) and found else None


def _no_schema(what: str, given: Any) -> Refusal:
    message = f"The table's schema is not as the meta API gives it: {what}, not {shown(given)}."
    return Refusal([Problem("bad_schema", message)])


def check_record(
    table_schema: Schema,
    values: Mapping[str, Any],
    *,
    mode: Mode = "strict",
    partial: bool = False,
    typecast: bool = False,
) -> Checked:
    """The values in their normal forms by field name, and the problems of all cells.

    `table_schema` is a table as the meta API returns it; `values` are by field name or id; the path of a
    problem starts with the field's name, and with "options" after it where the schema is what is wrong.
    `partial` says that the values change a record that exists: only a whole record is asked (in strict mode)
    for a value in its primary field. `typecast` says that Airtable is asked to make values fit: they are
    read as it reads them, and `warnings` say what it would change, drop or create. Cells with problems are
    left out of `.value`. Raises ValueError for an unknown mode.
    """
    strict = is_strict(mode)
    try:
        columns = _columns_of(table_schema, values)
    except Refusal as refusal:
        return Checked(problems=refusal.problems)
    judge = partial_judge(_cast_cell) if typecast else partial_judge(_accepted_cell, strict=strict)
    accepted: dict[str, Any] = {}
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for key, value in values.items():
        checked = _check_cell(columns, key, value, accepted, judge)
        problems += checked.problems
        warnings += checked.warnings
    if strict and not partial:
        problems += _missing_primary(columns, table_schema, values)
    return Checked(accepted, problems=tuple(problems), warnings=tuple(warnings))


def _columns_of(table_schema: Any, values: Any) -> _Columns:
    if not isinstance(table_schema, Mapping):
        raise _no_schema("it is an object with fields", table_schema)
    if not isinstance(values, Mapping):
        message = f"A record is an object of field names and values, not {shown(values)}."
        raise Refusal([Problem("wrong_type", message)])
    return _Columns.of(table_schema)


def _accepted_cell(field: Schema, value: Any, *, strict: bool) -> Checked:
    name, type = field["name"], field_type(field.get("type"))
    cell = Cell(name, given_options(field.get("options"), type, name), strict)
    return Checked(type.accept(value, cell))


def _cast_cell(field: Schema, value: Any) -> Checked:
    name, type = field["name"], field_type(field.get("type"))
    cell = Cell(name, given_options(field.get("options"), type, name), may_cast=False)
    made = type.read(value, cell)
    return Checked(made, warnings=cast_warnings(value, made, type, cell))


def _check_cell(
    columns: _Columns, key: str, value: Any, accepted: dict[str, Any], judge: Callable[[Schema, Any], Checked]
) -> Checked:
    """Puts the cell's normal value into `accepted`; says what is wrong with it, and what is doubtful."""
    field = columns.find(key)
    if field is None:
        return Checked(problems=(_unknown_field(key, columns),))
    name = field["name"]
    if name in accepted:
        message = f"{quoted(name)} is given twice, by name and by id. Give it once."
        return Checked(problems=(Problem("duplicate_field", message, (name,)),))
    try:
        checked = judge(field, value)
    except Refusal as refusal:
        return Checked(problems=tuple(problem.under(name) for problem in refusal.problems))
    accepted[name] = checked.value
    return Checked(warnings=tuple(warning.under(name) for warning in checked.warnings))


def _unknown_field(key: str, columns: _Columns) -> Problem:
    message = f"There is no field {shown(key)}. Fields: {listed(columns.by_name)}."
    if not isinstance(key, str):
        return Problem("unknown_field", message, (str(key),))
    near = nearest(key, columns.by_name)
    return Problem("unknown_field", message + hint(near), (sendable(key),), near)


def _missing_primary(columns: _Columns, table_schema: Schema, values: Mapping[str, Any]) -> Iterator[Problem]:
    primary = columns.by_id.get(_text(table_schema, "primaryFieldId") or "")
    known = FIELD_TYPES.get(_text(primary or {}, "type") or "")
    if not primary or not known or known.computed:
        return
    name: str = primary["name"]
    if all(is_empty(values.get(key)) for key in (name, primary["id"])):
        yield Problem("missing_primary", f"{name} names the record and has no value. Give it one.", (name,))
