"""The schema as JSON: the form that is stored and exported, and the form that the meta API shows."""

from collections.abc import Mapping
from typing import Any

from local_twins.airtable.model.schema import Field, Table, View

Model = dict[str, Any]

_HIDDEN_OPTIONS = {"rollup": ("formula",), "button": ("label", "url")}
"""Options that the twin computes with and the meta API does not show."""

_WITHOUT_OPTIONS = frozenset({"button"})


def field_model(item: Field) -> Model:
    """The stored form of a field: all that is known of it."""
    model: Model = {"id": item.id, "name": item.name, "type": item.type}
    if item.description:
        model["description"] = item.description
    if item.options:
        model["options"] = dict(item.options)
    return model


def field_from(model: Mapping[str, Any]) -> Field:
    """A field from its stored form."""
    return Field(
        model["id"],
        model["name"],
        model["type"],
        model.get("description") or "",
        model.get("options") or {},
    )


def view_model(view: View) -> Model:
    """The stored form of a view."""
    model: Model = {"id": view.id, "name": view.name, "type": view.type}
    if view.filter:
        model["filterByFormula"] = view.filter
    if view.sort:
        model["sort"] = [dict(key) for key in view.sort]
    if view.visible_field_ids is not None:
        model["visibleFieldIds"] = list(view.visible_field_ids)
    return model


def view_from(model: Mapping[str, Any]) -> View:
    """A view from its stored form."""
    visible = model.get("visibleFieldIds")
    return View(
        model["id"],
        model["name"],
        model.get("type") or "grid",
        model.get("filterByFormula") or "",
        tuple(model.get("sort") or ()),
        None if visible is None else tuple(visible),
    )


def table_model(table: Table) -> Model:
    """The stored form of a table."""
    model: Model = {"id": table.id, "name": table.name}
    if table.description:
        model["description"] = table.description
    model["primaryFieldId"] = table.primary_field_id
    model["fields"] = [field_model(item) for item in table.fields]
    model["views"] = [view_model(view) for view in table.views]
    return model


def table_from(model: Mapping[str, Any], base_id: str) -> Table:
    """A table from its stored form."""
    return Table(
        model["id"],
        base_id,
        model["name"],
        model["primaryFieldId"],
        tuple(field_from(item) for item in model["fields"]),
        tuple(view_from(view) for view in model["views"]),
        model.get("description") or "",
    )


def shown_field(item: Field, derived: Mapping[str, Any]) -> Model:
    """The field as the meta API shows it; `derived` are the options that are computed (result, isValid)."""
    model = field_model(item)
    hidden = _HIDDEN_OPTIONS.get(item.type, ())
    options = {key: value for key, value in item.options.items() if key not in hidden} | dict(derived)
    if options and item.type not in _WITHOUT_OPTIONS:
        model["options"] = options
    else:
        model.pop("options", None)
    return model


def shown_view(view: View, *, with_visible_fields: bool) -> Model:
    """The view as the meta API shows it; which fields are visible is told on demand, for grids only."""
    model: Model = {"id": view.id, "name": view.name, "type": view.type}
    if with_visible_fields and view.visible_field_ids is not None:
        model["visibleFieldIds"] = list(view.visible_field_ids)
    return model
