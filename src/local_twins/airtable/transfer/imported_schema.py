"""The schema of an imported base: ids made where they are missing, names turned into ids, links paired."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import fields
from local_twins.airtable.model.cells import LINK
from local_twins.airtable.model.formula_names import with_ids
from local_twins.airtable.model.ids import new_id
from local_twins.airtable.model.json_forms import table_from
from local_twins.airtable.model.schema import Base, Field, Table, View
from local_twins.airtable.plans.graph import Circular
from local_twins.airtable.plans.plan import plan_of
from local_twins.airtable.transfer.refusals import ImportRefused
from local_twins.airtable.writing.growing import with_choice_ids, with_field

Model = Mapping[str, Any]


def imported_base(model: Model) -> Base:
    """The base of one entry of `bases`, complete and consistent. Raises ImportRefused."""
    base_id = model.get("id") or new_id("app")
    workspace_id = model.get("workspaceId") or new_id("wsp")
    tables = tuple(_table(table, base_id) for table in model.get("tables", ()))
    base = Base(base_id, model.get("name") or base_id, workspace_id, tables)
    for settle in (_linked, _paired, _looked_up):
        base = settle(base)
    tables = tuple(_with_views(_with_formulas(table)) for table in base.tables)
    base = replace(base, tables=tables)
    _refuse_circles(base)
    return base


def _table(model: Model, base_id: str) -> Table:
    models = [_field_model(item) for item in model.get("fields", ())]
    if not models:
        raise ImportRefused(f"table {model.get('name')!r} has no field")
    given: Sequence[Model] = model.get("views") or ({},)
    views = [{"id": new_id("viw"), "name": "Grid view", **view} for view in given]
    settled = {
        "id": new_id("tbl"),
        "primaryFieldId": models[0]["id"],
        **model,
        "fields": models,
        "views": views,
    }
    table = table_from(settled, base_id)
    if table.field(table.primary_field_id) is None:
        raise ImportRefused(f"table {table.name!r} has no field {table.primary_field_id}, its primary one")
    return replace(table, primary_field_id=table.primary.id)


def _field_model(model: Model) -> dict[str, Any]:
    settled = {"id": new_id("fld"), **model}
    if settled.get("type") not in fields.FIELD_TYPES:
        raise ImportRefused(f"field {settled.get('name')!r} has the unknown type {settled.get('type')!r}")
    if "choices" in (settled.get("options") or {}):
        settled["options"] = with_choice_ids(dict(settled["options"]))
    return settled


def _linked(base: Base) -> Base:
    """Link fields name their table by id."""
    for table, item in base.fields.values():
        if item.type != LINK:
            continue
        linked = base.table(str(item.options.get("linkedTableId")))
        if linked is None:
            raise ImportRefused(f"field {item.name!r} links to a table that is not in base {base.name!r}")
        options = {
            "isReversed": False,
            "prefersSingleRecordLink": False,
            **item.options,
            "linkedTableId": linked.id,
        }
        base = _with_field(base, table.id, replace(item, options=options))
    return base


def _paired(base: Base) -> Base:
    """Each link field knows its other side; where a document gives none, it is found or made."""
    for field_id in list(base.fields):
        table, item = base.fields[field_id]
        if item.type == LINK:
            base = _with_inverse(base, table, item)
    return base


def _with_inverse(base: Base, table: Table, item: Field) -> Base:
    linked = base.by_key[item.linked_table_id]
    told = item.options.get("inverseLinkFieldId")
    if told:
        other = linked.field(str(told))
        if other is None or other.type != LINK or other.linked_table_id != table.id:
            raise ImportRefused(f"field {item.name!r} names {told!r} as its other side, which it is not")
        return _tied(base, item, other)
    if linked.id == table.id:
        return base  # a table linked to itself has no second field
    free = [other for other in linked.link_fields if _could_be_other_side(other, item, table)]
    if len(free) == 1:
        return _tied(base, item, free[0])
    names = {other.name for other in linked.fields}
    name = next(
        name for n in range(len(names) + 1) if (name := table.name + f" {n + 1}" * (n > 0)) not in names
    )
    options = {"linkedTableId": table.id, "isReversed": True, "prefersSingleRecordLink": False}
    made = Field(new_id("fld"), name, LINK, options=options)
    grown = replace(linked, fields=(*linked.fields, made))
    base = replace(base, tables=tuple(grown if other.id == linked.id else other for other in base.tables))
    return _tied(base, item, made)


def _could_be_other_side(other: Field, item: Field, table: Table) -> bool:
    told = other.options.get("inverseLinkFieldId")
    return other.linked_table_id == table.id and told in (None, "", item.id, item.name)


def _tied(base: Base, item: Field, other: Field) -> Base:
    for one, two in ((item, other), (other, item)):
        table, current = base.fields[one.id]
        base = _with_field(
            base, table.id, replace(current, options={**current.options, "inverseLinkFieldId": two.id})
        )
    return base


def _looked_up(base: Base) -> Base:
    """Lookups, rollups and counts name their fields by id."""
    for table, item in base.fields.values():
        link = table.field(str(item.options.get("recordLinkFieldId")))
        if link is None or link.type != LINK:
            continue
        options = {**item.options, "recordLinkFieldId": link.id}
        target = base.by_key[link.linked_table_id].field(str(item.options.get("fieldIdInLinkedTable")))
        if target is not None:
            options["fieldIdInLinkedTable"] = target.id
        base = _with_field(base, table.id, replace(item, options=options))
    return base


def _with_formulas(table: Table) -> Table:
    return replace(table, fields=tuple(with_ids(table, item) for item in table.fields))


def _with_views(table: Table) -> Table:
    return replace(table, views=tuple(_settled_view(table, view) for view in table.views))


def _settled_view(table: Table, view: View) -> View:
    """The view with fields named by id; those that are not there are left out."""
    sort = [
        {"field": found.id, "direction": key.get("direction", "asc")}
        for key in view.sort
        if (found := table.field(key.get("field") or key.get("fieldId") or "")) is not None
    ]
    visible = view.visible_field_ids
    if visible is not None:
        visible = tuple(found.id for key in visible if (found := table.field(key)) is not None)
    return replace(view, sort=tuple(sort), visible_field_ids=visible)


def _refuse_circles(base: Base) -> None:
    try:
        plan_of(base)
    except Circular as circle:
        names = " -> ".join(base.fields[field_id][1].name for field_id in circle.field_ids)
        raise ImportRefused(f"base {base.name!r} computes in a circle: {names}") from None


def _with_field(base: Base, table_id: str, item: Field) -> Base:
    return replace(
        base,
        tables=tuple(with_field(table, item) if table.id == table_id else table for table in base.tables),
    )
