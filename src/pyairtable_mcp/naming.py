"""How a caller names things, one rule everywhere: by id, by exact name, or by a name in another case.

Case counts only where two names differ in nothing else. Tables, fields and views are found so by the schema
itself; here are the names inside a written record: its fields, and the choices of its selects.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import FieldNotFound, FieldSchema, TableSchema


def written_row(table: TableSchema, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by exact field names, with exact choice names; what is unknown stays as it was given.

    Raises ToolError for a field that is named twice.
    """
    row: dict[str, Any] = {}
    given: dict[str, str] = {}
    for key, value in values.items():
        field = _field(table, key)
        name = field.name if field else key
        if name in row:
            both = f"{given[name]!r} and {key!r}"
            raise ToolError(f"{both} name the same field, {name!r}. Nothing was written; give it once.")
        given[name] = key
        row[name] = _with_choices(field, value) if field else value
    return row


def exact_choice(field: FieldSchema, given: str) -> str:
    """The choice's name; `given` itself if no choice has that id or name."""
    choices = [choice for choice in field.options.get("choices", ()) if "name" in choice]
    for choice in choices:
        if given in (choice.get("id"), choice["name"]):
            return str(choice["name"])
    folded = _unique(choice["name"] for choice in choices if _fold(choice["name"]) == _fold(given))
    return folded or given


def _field(table: TableSchema, key: str) -> FieldSchema | None:
    try:
        return table.field(key)
    except FieldNotFound:
        return None


def _with_choices(field: FieldSchema, value: Any) -> Any:
    match field.type, value:
        case "singleSelect", str():
            return exact_choice(field, value)
        case "multipleSelects", list():
            return [exact_choice(field, item) if isinstance(item, str) else item for item in value]
        case _:
            return value


def _fold(name: str) -> str:
    return name.strip().casefold()


def _unique(names: Iterable[str]) -> str:
    """The only one of the names, "" if there are several or none."""
    found = list(names)
    return found[0] if len(found) == 1 else ""
