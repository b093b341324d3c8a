"""Fields to be made, in the meta API's write form, checked and completed before Airtable is asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import BaseSchema, FieldSchema, TableNotFound

_KEYS = ("name", "type", "options", "description")
_SHOWN = 20
_LINK = "multipleRecordLinks"


def ready_fields(models: Sequence[Mapping[str, Any]], schema: BaseSchema | None) -> list[dict[str, Any]]:
    """The fields with whole options; a linked table may be named, where there is a schema to find it in.

    Raises ToolError with everything that is wrong.
    """
    problems: list[str] = []
    ready = [_ready(f"fields[{index}]", model, schema, problems) for index, model in enumerate(models)]
    _require_none([*problems, *_doubled(models)])
    return ready


def ready_options(
    type: str, options: Mapping[str, Any] | None, schema: BaseSchema | None
) -> dict[str, Any] | None:
    """The options of one field, whole. Raises ToolError."""
    problems: list[str] = []
    field = _ready("The field", {"name": "the field", "type": type, "options": options}, schema, problems)
    _require_none(problems)
    return field.get("options")


def changed_options(field: FieldSchema, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a field that exists, whole: what is not given stays. Raises ToolError.

    Links and computed fields are what they lead to: of theirs, only what is given is written.
    """
    import fields

    known = fields.FIELD_TYPES.get(field.type)
    if known is None:
        return dict(options)
    writable = known.options_schema.get("properties", {})
    whole = {name: value for name, value in field.options.items() if name in writable} | dict(options)
    checked = fields.check_options(field.type, whole)
    wrong = [problem.message for problem in checked.problems if problem.code == "bad_option"]
    _require_none([f"{field.name!r} is a {field.type} field. {message}" for message in wrong])
    return dict(options) if known.computed or field.type == _LINK else dict(checked.value)


def _require_none(problems: Sequence[str]) -> None:
    if problems:
        raise ToolError("Nothing was made. " + " ".join(problems[:_SHOWN]))


def _ready(
    place: str, model: Mapping[str, Any], schema: BaseSchema | None, problems: list[str]
) -> dict[str, Any]:
    """The field, completed; what is wrong with it goes to `problems`."""
    import fields

    unknown = [key for key in model if key not in _KEYS]
    if unknown:
        problems.append(f"{place}: a field has {', '.join(_KEYS)}, and no {unknown[0][:80]!r}.")
    if not isinstance(model.get("name"), str) or not model["name"].strip():
        problems.append(f"{place} has no name.")
    type = model.get("type")
    if not isinstance(type, str) or type not in fields.FIELD_TYPES:
        problems.append(f"{place}: there is no type {str(type)[:80]!r}; get_field_info shows types in use.")
        return dict(model)
    options = _with_table_id(type, model.get("options"), schema, place, problems)
    checked = fields.check_options(type, options)
    problems += [f"{place}: {problem.message}" for problem in checked.problems]
    whole = {**model, "options": checked.value} if checked.value else dict(model)
    return {key: value for key, value in whole.items() if value not in (None, {}, "")}


def _with_table_id(
    type: str, options: Any, schema: BaseSchema | None, place: str, problems: list[str]
) -> Any:
    if type != _LINK or schema is None or not isinstance(options, Mapping) or "linkedTableId" not in options:
        return options
    try:
        return {**options, "linkedTableId": schema.table(str(options["linkedTableId"])).id}
    except TableNotFound as absent:
        problems.append(f"{place}: {absent.message}")
        return options


def _doubled(models: Sequence[Mapping[str, Any]]) -> list[str]:
    seen: set[str] = set()
    doubled: list[str] = []
    for model in models:
        name = str(model.get("name", "")).strip().casefold()
        if name and name in seen:
            doubled.append(f"Two fields are called {str(model['name'])[:80]!r}.")
        seen.add(name)
    return doubled
