"""How a caller names things, one rule everywhere: by id, by exact name, or by a name in another case.

Case counts only where two names differ in nothing else. Tables, fields and views are found so by the schema
itself; here are the names inside a written record: its fields, and the choices of its selects.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import FieldNotFound, FieldSchema, TableSchema
from pyairtable_mcp.once import OncePerObject


class ChoiceNames:
    """The choices of a select by all that they may be called, looked through once for any number of names."""

    def __init__(self, field: FieldSchema) -> None:
        self._exact: dict[str | None, str] = {}
        self._folded: dict[str, set[str]] = {}
        for choice in field.options.get("choices", ()):
            if "name" in choice:
                name = str(choice["name"])
                self._exact |= {key: name for key in (choice.get("id"), name) if key not in self._exact}
                self._folded.setdefault(_fold(name), set()).add(name)

    def exact(self, given: str) -> str:
        """The choice's name; `given` itself if no choice has that id or name."""
        if given in self._exact:
            return self._exact[given]
        alike = self._folded.get(_fold(given), ())
        return next(iter(alike)) if len(alike) == 1 else given


_choice_names = OncePerObject(ChoiceNames, most=1000)


def written_rows(table: TableSchema, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The values by exact field names, with exact choice names; what is unknown stays as it was given.

    Raises ToolError for a field that is named twice.
    """
    names = _WrittenNames(table)
    return [names.exact(row) for row in rows]


class _WrittenNames:
    """Makes the names of rows exact, each of them found once for all rows."""

    def __init__(self, table: TableSchema) -> None:
        self._table = table
        self._fields: dict[str, FieldSchema | None] = {}

    def exact(self, values: Mapping[str, Any]) -> dict[str, Any]:
        row: dict[str, Any] = {}
        given: dict[str, str] = {}
        for key, value in values.items():
            field = self._field(key)
            name = field.name if field else key
            if name in row:
                both = f"{given[name]!r} and {key!r}"
                raise ToolError(f"{both} name the same field, {name!r}. Nothing was written; give it once.")
            given[name] = key
            row[name] = self._with_choices(field, value) if field else value
        return row

    def _field(self, key: str) -> FieldSchema | None:
        if key not in self._fields:
            try:
                self._fields[key] = self._table.field(key)
            except FieldNotFound:
                self._fields[key] = None
        return self._fields[key]

    def _with_choices(self, field: FieldSchema, value: Any) -> Any:
        match field.type, value:
            case "singleSelect", str():
                return _choice_names(field).exact(value)
            case "multipleSelects", list():
                names = _choice_names(field)
                return [names.exact(item) if isinstance(item, str) else item for item in value]
            case _:
                return value


def _fold(name: str) -> str:
    return name.strip().casefold()
