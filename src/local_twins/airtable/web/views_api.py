"""The endpoints of views: those of a base, one of them, and the end of one."""

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.json_forms import shown_view
from local_twins.airtable.model.schema import Table, View
from local_twins.airtable.web.calls import Call, Json
from local_twins.airtable.writing.schema_changes import drop_view


def list_views(call: Call) -> Json:
    """GET /meta/bases/{base}/views."""
    with_visible = _asks_for_fields(call)
    views = [view for table in call.base().base.tables for view in table.views]
    return {"views": [shown_view(view, with_visible_fields=with_visible) for view in views]}


def show_view(call: Call) -> Json:
    """GET /meta/bases/{base}/views/{view}."""
    _, view = _view(call)
    return shown_view(view, with_visible_fields=_asks_for_fields(call))


def delete_view(call: Call) -> Json:
    """DELETE /meta/bases/{base}/views/{view}; the last one of a table stays."""
    table, view = _view(call)
    if len(table.views) == 1:
        raise Refusal(errors.PARAMETERS_INVALID)
    with call.store.transaction():
        drop_view(call.store, table, view)
    return {"id": view.id, "deleted": True}


def _view(call: Call) -> tuple[Table, View]:
    """The view that the path names by its id, and its table. Raises Refusal."""
    for table in call.base().base.tables:
        for view in table.views:
            if view.id == call.path["view"]:
                return table, view
    raise Refusal(errors.MODEL_NOT_FOUND)


def _asks_for_fields(call: Call) -> bool:
    return any(key in ("include", "include[]") and "visibleFieldIds" in value for key, value in call.query)
