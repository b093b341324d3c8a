"""Changes to a schema: tables and fields made and renamed, with what follows from that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from local_twins.airtable import errors
from local_twins.airtable.computing.draft import Draft
from local_twins.airtable.errors import Kind, Refusal
from local_twins.airtable.model.cells import DERIVED, LINK
from local_twins.airtable.model.formula_names import with_ids
from local_twins.airtable.model.ids import new_id
from local_twins.airtable.model.lookups import lookup_ends
from local_twins.airtable.model.schema import Base, Field, Named, Table, View
from local_twins.airtable.plans.graph import Circular
from local_twins.airtable.plans.plan import Step
from local_twins.airtable.storage.open_base import OpenBase
from local_twins.airtable.storage.store import OWNER, Store
from local_twins.airtable.writing.growing import with_field
from local_twins.airtable.writing.new_field import changed_options, is_description, is_free, new_field

Json = Mapping[str, Any]

_OF_TABLES = frozenset({"name", "description", "dateDependencySettings"})
_OF_FIELDS = frozenset({"name", "description", "options"})
"""What can be changed, of which at least one must be told (docs: "Update table", "Update field")."""


def create_base(store: Store, name: str, workspace_id: str, tables: Sequence[Json]) -> Base:
    """A new base with those tables. Raises Refusal."""
    base = Base(new_id("app"), name, workspace_id)
    store.add_base(base)
    for model in tables:
        create_table(store, _opened(store, base.id), model)
    return _opened(store, base.id).base


def create_table(store: Store, open_base: OpenBase, model: Json) -> Table:
    """A new table with a grid view; its first field is the primary one. Raises Refusal."""
    name, models, description = (model.get(key) for key in ("name", "fields", "description"))
    if not isinstance(name, str) or not isinstance(models, list) or not models:
        raise Refusal(errors.PARAMETERS_INVALID)
    _check_names(name, description, open_base.base.tables, errors.TABLE_NAME_TAKEN)
    views = (View(new_id("viw"), "Grid view"),)
    table = Table(new_id("tbl"), open_base.base.id, name, "", (), views, description or "")
    store.add_table(table)
    for field_model in models:
        create_field(store, _opened(store, table.base_id), table.id, field_model)
    return _opened(store, table.base_id).base.by_key[table.id]


def create_field(store: Store, open_base: OpenBase, table_id: str, model: Json) -> Field:
    """A new field at the end of its table, computed for all records. Raises Refusal."""
    table = open_base.base.by_key[table_id]
    field = _settled(open_base.base, table, new_field(open_base.base, table, model))
    if field.type == LINK and field.linked_table_id != table.id:
        field = _with_symmetric(store, open_base.base, table, field)
    primary = table.primary_field_id or field.id
    store.set_table(replace(table, fields=(*table.fields, field), primary_field_id=primary))
    _compute(store, open_base.base.id, field, OWNER.id)
    return field


def change_table(store: Store, open_base: OpenBase, table: Table, model: Json) -> Table:
    """The table with another name or description. Raises Refusal."""
    _check_told(model, _OF_TABLES)
    name, description = model.get("name", table.name), model.get("description", table.description)
    others = [other for other in open_base.base.tables if other.id != table.id]
    _check_names(name, description, others, errors.TABLE_NAME_TAKEN)
    changed = replace(table, name=name, description=description or "")
    store.set_table(changed)
    return changed


def change_field(
    store: Store, open_base: OpenBase, table: Table, field: Field, model: Json, *, user_id: str
) -> Field:
    """The field with another name, description or options, and what follows from it. Raises Refusal.

    The feed is told of the cells that differ then.
    """
    _check_told(model, _OF_FIELDS)
    name, description = model.get("name", field.name), model.get("description", field.description)
    if "type" in model:
        raise Refusal(errors.PARAMETERS_INVALID)
    others = [other for other in table.fields if other.id != field.id]
    _check_names(name, description, others, errors.FIELD_NAME_TAKEN)
    changed = replace(field, name=name, description=description or "")
    if "options" in model:
        changed = _settled(open_base.base, table, changed_options(table, changed, model["options"]))
    store.set_table(with_field(table, changed))
    if changed.options != field.options:
        _compute(store, open_base.base.id, changed, user_id).tell()
    return changed


def drop_view(store: Store, table: Table, view: View) -> None:
    """Take a view away; the records stay."""
    store.set_table(replace(table, views=tuple(other for other in table.views if other.id != view.id)))


def _check_told(model: Json, changeable: frozenset[str]) -> None:
    """Raises Refusal for a change of nothing."""
    if changeable.isdisjoint(model):
        raise Refusal(errors.PARAMETERS_INVALID)


def _check_names(name: Any, description: Any, others: Iterable[Named], taken: Kind) -> None:
    """Raises Refusal: of the kind `taken` when the name is empty or one of the others'."""
    if not isinstance(name, str) or not is_description(description):
        raise Refusal(errors.PARAMETERS_INVALID)
    if not is_free(name, others):
        raise Refusal(taken, table=name, field=name)


def _settled(base: Base, table: Table, field: Field) -> Field:
    """The field with formulas that name fields by id, if its lookup leads somewhere. Raises Refusal."""
    if field.type not in DERIVED:
        return field
    _check_ends(base, table, field)
    return with_ids(table, field)


def _check_ends(base: Base, table: Table, field: Field) -> None:
    if field.type in ("formula", "button"):
        return
    link, target = lookup_ends(base, field)
    if link is None or table.field(link.id) is None:
        raise Refusal(
            errors.OPTIONS_REFUSED, field=field.name, problem="options.recordLinkFieldId is invalid"
        )
    linked = base.by_key[link.linked_table_id]
    if field.type != "count" and (target is None or linked.field(target.id) is None):
        raise Refusal(
            errors.OPTIONS_REFUSED, field=field.name, problem="options.fieldIdInLinkedTable is invalid"
        )


def _with_symmetric(store: Store, base: Base, table: Table, field: Field) -> Field:
    """The link field, tied to a new one in the linked table that shows the other side."""
    linked = base.by_key[field.linked_table_id]
    other_id = new_id("fld")
    options = {"linkedTableId": table.id, "isReversed": True, "prefersSingleRecordLink": False}
    other = Field(
        other_id, _free_name(table.name, linked), LINK, options={**options, "inverseLinkFieldId": field.id}
    )
    store.set_table(replace(linked, fields=(*linked.fields, other)))
    return replace(field, options={**field.options, "inverseLinkFieldId": other_id})


def _free_name(wanted: str, table: Table) -> str:
    """The name, with a number behind it where the table has a field of that name."""
    names = [wanted, *(f"{wanted} {number}" for number in range(2, len(table.fields) + 3))]
    return next(name for name in names if is_free(name, table.fields))


def _compute(store: Store, base_id: str, field: Field, user_id: str) -> Draft:
    """Compute the field for all records, and what follows. Raises Refusal when it follows from itself.

    The feed is not told yet: whoever learns of a new field reads the whole column anyway.
    """
    open_base = _opened(store, base_id)
    try:
        plan = open_base.plan
    except Circular as circle:
        names = " -> ".join(open_base.base.fields[field_id][1].name for field_id in circle.field_ids)
        problem = f"options is circular: {names}"
        raise Refusal(errors.OPTIONS_REFUSED, field=field.name, problem=problem) from None
    draft = Draft(store, open_base, user_id)
    if field.id in plan.by_field:
        _check_programs(plan.by_field[field.id])
        draft.compute_afresh([plan.by_field[field.id]])
    elif "choices" in field.options:
        draft.note_all(open_base.base.fields[field.id][0], field)
        draft.compute_afresh(())
    return draft


def _check_programs(step: Step) -> None:
    for option, program in step.programs.items():
        if not program.is_valid:
            raise Refusal(
                errors.OPTIONS_REFUSED, field=step.field.name, problem=f"options.{option} is invalid"
            )


def _opened(store: Store, base_id: str) -> OpenBase:
    open_base = store.base(base_id)
    if open_base is None:
        raise Refusal(errors.BASE_NOT_FOUND)
    return open_base
