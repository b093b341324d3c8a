"""A field from what a client asks for: its name, type and options judged, ids made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import fields
from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.cells import LINK, choices
from local_twins.airtable.model.ids import new_id
from local_twins.airtable.model.schema import Base, Field, Named, Table
from local_twins.airtable.writing.growing import with_choice_ids

_COMPUTED_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "formula": ("formula",),
    "rollup": ("recordLinkFieldId", "fieldIdInLinkedTable", "formula"),
    "multipleLookupValues": ("recordLinkFieldId", "fieldIdInLinkedTable"),
    "count": ("recordLinkFieldId",),
}
"""Computed types that may be made, and the options that each needs.

Airtable's API makes formulas only; rollups, lookups and counts are made here so that a base can be built
without importing it.
"""


_MAY_BE_PRIMARY = frozenset(
    {"singleLineText", "multilineText", "richText", "email", "url", "phoneNumber", "number", "percent"}
    | {"currency", "duration", "date", "dateTime", "barcode", "formula", "autoNumber"}
)
"""Types of a table's first field (support: "The primary field")."""

_DESCRIPTION_LENGTH = 20_000
"""Airtable takes descriptions of so many characters (docs: "Create table", "Create field")."""


def is_description(text: Any) -> bool:
    """Whether it can describe a table or a field; None is no description."""
    return text is None or (isinstance(text, str) and len(text) <= _DESCRIPTION_LENGTH)


def is_free(name: Any, members: Iterable[Named]) -> bool:
    """Whether it is a name, and none of the members' but for case."""
    return (
        isinstance(name, str)
        and bool(name.strip())
        and name.casefold() not in {member.name.casefold() for member in members}
    )


def new_field(base: Base, table: Table, model: Any) -> Field:
    """The field, not yet part of the table. Raises Refusal."""
    if not isinstance(model, Mapping) or not isinstance(model.get("type"), str):
        raise Refusal(errors.PARAMETERS_INVALID)
    name, description = model.get("name"), model.get("description")
    if not isinstance(name, str) or not is_description(description):
        raise Refusal(errors.PARAMETERS_INVALID)
    if not is_free(name, table.fields):
        raise Refusal(errors.FIELD_NAME_TAKEN, field=name)
    field = Field(new_id("fld"), name, model["type"], description or "")
    field = replace(field, options=_options(table, field, model.get("options")))
    if not table.fields and field.type not in _MAY_BE_PRIMARY:
        raise Refusal(errors.OPTIONS_REFUSED, field=field.name, problem="type cannot be primary")
    return _linked(base, field) if field.type == LINK else field


def changed_options(table: Table, field: Field, options: Any) -> Field:
    """The field with new options. Raises Refusal; a link field's cannot be changed."""
    if field.type == LINK or not isinstance(options, Mapping):
        raise Refusal(errors.PARAMETERS_INVALID)
    if isinstance(options.get("choices"), list):
        options = {**options, "choices": _merged(choices(field), options["choices"])}
    return replace(field, options=_options(table, field, {**_writable(field), **options}))


def _merged(known: Sequence[Mapping[str, Any]], given: Sequence[Any]) -> list[Any]:
    """The given choices, with what is known of those that exist, and behind them those that are not named."""
    by_id = {choice["id"]: choice for choice in known}
    named = [
        {**by_id.get(choice.get("id"), {}), **choice} if isinstance(choice, Mapping) else choice
        for choice in given
    ]
    kept = {choice.get("id") for choice in named if isinstance(choice, Mapping)}
    names = {choice.get("name") for choice in named if isinstance(choice, Mapping)}
    return [
        *named,
        *(choice for choice in known if choice["id"] not in kept and choice["name"] not in names),
    ]


def _writable(field: Field) -> dict[str, Any]:
    """The options of a computed field that are kept when others are changed."""
    names = _COMPUTED_OPTIONS.get(field.type, ())
    return {name: field.options[name] for name in names if name in field.options}


def _options(table: Table, field: Field, options: Any) -> dict[str, Any]:
    if field.type in _COMPUTED_OPTIONS:
        return _computed_options(field, options)
    checked = fields.check_options(field.type, options)
    if checked.problems:
        raise _refusal(table, field, checked.problems[0], are_given=options is not None)
    settled = dict(checked.value or {})
    return with_choice_ids(settled) if "choices" in settled else settled


def _computed_options(field: Field, options: Any) -> dict[str, Any]:
    if not isinstance(options, Mapping):
        raise Refusal(errors.OPTIONS_REFUSED, field=field.name, problem="options is missing")
    needed = _COMPUTED_OPTIONS[field.type]
    for name in needed:
        if not isinstance(options.get(name), str):
            raise Refusal(errors.OPTIONS_REFUSED, field=field.name, problem=f"options.{name} is missing")
    for name in options:
        if name not in needed:
            raise Refusal(errors.OPTIONS_REFUSED, field=field.name, problem=f"options.{name} is not allowed")
    return dict(options)


def _refusal(table: Table, field: Field, problem: fields.Problem, *, are_given: bool) -> Refusal:
    if problem.code == "not_creatable":
        return Refusal(errors.TYPE_NOT_CREATABLE, table=table.name, field=field.name, type=field.type)
    if problem.code == "unknown_type":
        return Refusal(errors.PARAMETERS_INVALID)
    path = ".".join(("options", *map(str, problem.path if are_given else ())))
    said = "is missing" if problem.code == "missing_option" else "is invalid"
    return Refusal(errors.OPTIONS_REFUSED, field=field.name, problem=f"{path} {said}")


def _linked(base: Base, field: Field) -> Field:
    """The link field with the id of the table that it leads to."""
    linked = base.table(field.linked_table_id)
    if linked is None:
        raise Refusal(errors.OPTIONS_REFUSED, field=field.name, problem="options.linkedTableId is invalid")
    options = {"linkedTableId": linked.id, "isReversed": False, "prefersSingleRecordLink": False}
    return replace(field, options={**field.options, **options})
