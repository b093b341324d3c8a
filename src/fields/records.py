"""A record to be written: every cell of it judged, every problem told at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial as partial_judge
from typing import Any

from fields.cast_warnings import cast_warnings
from fields.cell import Cell, Mode, is_strict
from fields.checked import Checked
from fields.field_type import FieldType, is_empty
from fields.given_options import given_options
from fields.problems import Problem, Refusal
from fields.table import FIELD_TYPES, field_type
from fields.wording import hint, listed, nearest, quoted, sendable, shown

Schema = Mapping[str, Any]
_Judge = Callable[[Schema, Any], Checked]


@dataclass(frozen=True, slots=True)
class TableRules:
    """A table as its records are judged: each field is looked through once, for any number of questions.

    With `problems` the schema is none, and no record can be judged by it.
    """

    by_name: Mapping[str, Schema] = field(default_factory=dict)
    by_id: Mapping[str, Schema] = field(default_factory=dict)
    primary_id: str = ""
    problems: tuple[Problem, ...] = ()
    _rules: dict[tuple[int, bool, bool], tuple[FieldType, Cell]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, table_schema: Any) -> "TableRules":
        """Those of a table as the meta API returns it, which is not to be changed afterwards.

        Members of its fields that are no fields are none.
        """
        if not isinstance(table_schema, Mapping):
            return cls(problems=(_no_schema("it is an object with fields", table_schema),))
        listed_fields = table_schema.get("fields", ())
        if not isinstance(listed_fields, list | tuple):
            return cls(problems=(_no_schema("fields is a list", listed_fields),))
        fields = [field for field in listed_fields if isinstance(field, Mapping) and _text(field, "name")]
        return cls(
            {field["name"]: field for field in fields},
            {field["id"]: field for field in fields if _text(field, "id")},
            _text(table_schema, "primaryFieldId") or "",
        )

    def find(self, name_or_id: Any) -> Schema | None:
        """The field of that name, else of that id."""
        if not isinstance(name_or_id, str):
            return None
        return self.by_name.get(name_or_id) or self.by_id.get(name_or_id)

    def rule(self, found: Schema, *, strict: bool = False, may_cast: bool = True) -> tuple[FieldType, Cell]:
        """The field's type and what its cells are told, the same for all of them. Raises Refusal."""
        # By the field itself: neither its name nor its id need be its own in a schema that anybody gives.
        key = id(found), strict, may_cast
        known = self._rules.get(key)
        if known is None:
            name, type = found["name"], field_type(found.get("type"))
            options = given_options(found.get("options"), type, name)
            known = self._rules[key] = type, Cell(name, options, strict=strict, may_cast=may_cast)
        return known


def _text(field: Schema, key: str) -> str | None:
    found = field.get(key)
    return found if isinstance(found, str) and found else None


def _no_schema(what: str, given: Any) -> Problem:
    message = f"The table's schema is not as the meta API gives it: {what}, not {shown(given)}."
    return Problem("bad_schema", message)


def check_record(
    table_schema: Schema | TableRules,
    values: Mapping[str, Any],
    *,
    mode: Mode = "strict",
    partial: bool = False,
    typecast: bool = False,
) -> Checked:
    """The values in their normal forms by field name, and the problems of all cells.

    `table_schema` is a table as the meta API returns it, or its rules; `values` are by field name or id; the
    path of a problem starts with the field's name, and with "options" after it where the schema is what is
    wrong. `partial` says that the values change a record that exists: only a whole record is asked (in strict
    mode) for a value in its primary field. `typecast` says that Airtable is asked to make values fit: they
    are read as it reads them, and `warnings` say what it would change, drop or create. Cells with problems
    are left out of `.value`. Raises ValueError for an unknown mode.
    """
    [checked] = check_records(table_schema, [values], mode=mode, partial=partial, typecast=typecast)
    return checked


def check_records(
    table_schema: Schema | TableRules,
    rows: Sequence[Mapping[str, Any]],
    *,
    mode: Mode = "strict",
    partial: bool = False,
    typecast: bool = False,
) -> list[Checked]:
    """Each record as `check_record` judges it; the schema is looked through once for all of them."""
    strict = is_strict(mode)
    rules = table_schema if isinstance(table_schema, TableRules) else TableRules.of(table_schema)
    if rules.problems:
        return [Checked(problems=rules.problems)] * len(rows)
    judge = (
        partial_judge(_cast_cell, rules) if typecast else partial_judge(_accepted_cell, rules, strict=strict)
    )
    return [_checked(rules, row, judge, is_whole=strict and not partial) for row in rows]


def _checked(rules: TableRules, values: Any, judge: _Judge, *, is_whole: bool) -> Checked:
    if not isinstance(values, Mapping):
        message = f"A record is an object of field names and values, not {shown(values)}."
        return Checked(problems=(Problem("wrong_type", message),))
    accepted: dict[str, Any] = {}
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for key, value in values.items():
        checked = _check_cell(rules, key, value, accepted, judge)
        problems += checked.problems
        warnings += checked.warnings
    if is_whole:
        problems += _missing_primary(rules, values)
    return Checked(accepted, problems=tuple(problems), warnings=tuple(warnings))


def _accepted_cell(rules: TableRules, field: Schema, value: Any, *, strict: bool) -> Checked:
    type, cell = rules.rule(field, strict=strict)
    return Checked(type.accept(value, cell))


def _cast_cell(rules: TableRules, field: Schema, value: Any) -> Checked:
    type, cell = rules.rule(field, may_cast=False)
    made = type.read(value, cell)
    return Checked(made, warnings=cast_warnings(value, made, type, cell))


def _check_cell(rules: TableRules, key: str, value: Any, accepted: dict[str, Any], judge: _Judge) -> Checked:
    """Puts the cell's normal value into `accepted`; says what is wrong with it, and what is doubtful."""
    field = rules.find(key)
    if field is None:
        return Checked(problems=(_unknown_field(key, rules),))
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


def _unknown_field(key: str, rules: TableRules) -> Problem:
    message = f"There is no field {shown(key)}. Fields: {listed(rules.by_name)}."
    if not isinstance(key, str):
        return Problem("unknown_field", message, (str(key),))
    near = nearest(key, rules.by_name)
    return Problem("unknown_field", message + hint(near), (sendable(key),), near)


def _missing_primary(rules: TableRules, values: Mapping[str, Any]) -> Iterator[Problem]:
    primary = rules.by_id.get(rules.primary_id)
    known = FIELD_TYPES.get(_text(primary or {}, "type") or "")
    if not primary or not known or known.computed:
        return
    name: str = primary["name"]
    if all(is_empty(values.get(key)) for key in (name, primary["id"])):
        yield Problem("missing_primary", f"{name} names the record and has no value. Give it one.", (name,))
