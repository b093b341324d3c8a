"""What a statement may be: one SELECT over the tables of the copy, as DuckDB's own parser reads it.

Every form that the parse tree may hold is listed, and what is not listed is refused: so is a form that a
later DuckDB adds, until it stands here.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airtable_gateway.mirror.errors import QueryRefused

if TYPE_CHECKING:
    import duckdb

LONGEST = 20_000
"""Characters of a statement."""

_ONE_SELECT = "Give exactly one SELECT statement."
_FORMS = frozenset(
    {
        # Queries
        "SELECT_NODE",
        "SET_OPERATION_NODE",
        "RECURSIVE_CTE_NODE",
        "CTE_NODE",
        # What stands behind FROM
        "BASE_TABLE",
        "SUBQUERY",
        "JOIN",
        "TABLE_FUNCTION",
        "EXPRESSION_LIST",
        "EMPTY",
        "PIVOT",
        # How rows are ordered and limited
        "ORDER_MODIFIER",
        "LIMIT_MODIFIER",
        "LIMIT_PERCENT_MODIFIER",
        "DISTINCT_MODIFIER",
        "ORDER_DEFAULT",
        "ASCENDING",
        "DESCENDING",
    }
)
_TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series", "json_each", "json_tree"})
# They tell of the server, change something, wait, or read a statement; none of them computes from values.
_NO_FUNCTIONS = frozenset(
    {
        "current_setting",
        "getenv",
        "getvariable",
        "nextval",
        "currval",
        "setval",
        "setseed",
        "sleep_ms",
        "write_log",
        "current_query",
        "current_query_id",
        "current_connection_id",
        "current_transaction_id",
        "txid_current",
    }
)
_NO_PREFIXES = (
    *("duckdb_", "pragma_", "read_", "pg_", "sniff_", "parquet_", "query", "has_", "glob", "inet_"),
    *("json_serialize_", "json_deserialize_", "json_execute_", "__internal_"),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that may run; `tables` are the names behind FROM that it does not define itself."""

    text: str
    tables: frozenset[str]


def checked(connection: "duckdb.DuckDBPyConnection", text: str) -> Statement:
    """The statement, if it is one SELECT that reads tables. Raises QueryRefused."""
    if len(text) > LONGEST:
        raise QueryRefused(f"The statement has {len(text):,} characters.", hint=f"{LONGEST:,} are allowed.")
    if text != text.encode("utf-8", "replace").decode():
        raise QueryRefused("The statement holds half a surrogate pair.", hint="Write the whole character.")
    tree = _tree(connection, text)
    named, defined = set(), set()
    for node in _nodes(tree):
        _require_form(node)
        if _is_form(node, "BASE_TABLE"):
            named.add(_table_name(node))
        defined |= _defined(node)
    return Statement(text, frozenset(name for name in named if name.casefold() not in defined))


def _tree(connection: "duckdb.DuckDBPyConnection", text: str) -> Any:
    import duckdb

    try:
        statements = connection.extract_statements(text)
    except duckdb.Error as error:
        raise QueryRefused(said(error), hint=_ONE_SELECT) from error
    kinds = [str(statement.type).rpartition(".")[2] for statement in statements]
    if kinds != ["SELECT"]:
        found = ", ".join(kinds[:5]) or "nothing"
        raise QueryRefused(f"The statement is no single SELECT: {found} was given.", hint=_ONE_SELECT)
    row = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [text]).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree.get("error"):
        raise QueryRefused(str(tree.get("error_message", "This is no SELECT.")), hint=_ONE_SELECT)
    return tree


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Every object of the tree, without recursion: a statement may be nested as deeply as it likes."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _is_form(node: Mapping[str, Any], form: str) -> bool:
    """Whether the object is of that form; expressions have a class, and forms of their own."""
    return "class" not in node and node.get("type") == form


def _require_form(node: Mapping[str, Any]) -> None:
    form = node.get("type")
    if isinstance(form, str) and "class" not in node and form not in _FORMS:
        raise QueryRefused(f"{form.replace('_', ' ').title()} is not possible here.", hint=_ONE_SELECT)
    name = node.get("function_name")
    if isinstance(name, str):
        _require_function(name.casefold())
    if _is_form(node, "TABLE_FUNCTION"):
        _require_table_function(node)
    if node.get("type") == "VALUE_PARAMETER":
        raise QueryRefused("The statement has a parameter.", hint="Write the value itself.")


def _require_function(name: str) -> None:
    if name in _NO_FUNCTIONS or name.startswith(_NO_PREFIXES):
        raise QueryRefused(f"The function {name} is not possible here.", hint="Read the tables of the base.")


def _require_table_function(node: Mapping[str, Any]) -> None:
    name = str(node.get("function", {}).get("function_name", "")).casefold()
    if name not in _TABLE_FUNCTIONS:
        raise QueryRefused(
            f"{name or 'This'} cannot stand behind FROM here.",
            hint=f"Tables of the base can, and {', '.join(sorted(_TABLE_FUNCTIONS))}.",
        )


def _table_name(node: Mapping[str, Any]) -> str:
    name = str(node.get("table_name", ""))
    if node.get("catalog_name") or str(node.get("schema_name") or "main") != "main":
        raise QueryRefused(
            f"{name!r} is named with a schema or a database.", hint="Name tables by their name alone."
        )
    return name


def _defined(node: Mapping[str, Any]) -> set[str]:
    """The names that a WITH clause or a recursive query gives."""
    entries = node.get("cte_map", {}).get("map", ()) if isinstance(node.get("cte_map"), Mapping) else ()
    names = {str(entry.get("key", "")).casefold() for entry in entries}
    if _is_form(node, "RECURSIVE_CTE_NODE") or _is_form(node, "CTE_NODE"):
        names.add(str(node.get("cte_name", "")).casefold())
    return names


def said(error: Exception) -> str:
    """DuckDB's words, without its pointer to a place in the text, which is long and tells a model little."""
    text = str(error).split("\n\nLINE ")[0].strip()
    return text if len(text) <= 600 else f"{text[:600]}…"
