"""All SQL of the mirror. Names of tables and fields stand in it quoted, as those who query want them."""

from airtable_gateway.schema import TableSchema

PRAGMAS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA busy_timeout = 30000;
"""
# A copy that a crash tears is made again, so that its writes need not wait for the disk.

# `cells` is JSON by field id, so that renaming a field changes a view and no record.
TABLES = """
CREATE TABLE IF NOT EXISTS mirror_records (
    id TEXT PRIMARY KEY, table_id TEXT NOT NULL, created_time TEXT NOT NULL, cells TEXT NOT NULL,
    sweep INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mirror_records_by_table ON mirror_records (table_id);
CREATE TABLE IF NOT EXISTS mirror_state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

BEGIN = "BEGIN IMMEDIATE"
COMMIT = "COMMIT"
ROLLBACK = "ROLLBACK"

STATE = "SELECT key, value FROM mirror_state"
SET_STATE = "INSERT OR REPLACE INTO mirror_state (key, value) VALUES (?, ?)"
PUT = """
INSERT OR REPLACE INTO mirror_records (id, table_id, created_time, cells, sweep) VALUES (?, ?, ?, ?, ?)
"""
DROP = "DELETE FROM mirror_records WHERE id = ?"
DROP_UNSWEPT = "DELETE FROM mirror_records WHERE table_id = ? AND sweep <> ?"
DROP_TABLES = "DELETE FROM mirror_records WHERE table_id NOT IN (SELECT value FROM json_each(?))"
COUNT = "SELECT count(*) FROM mirror_records"
VIEWS = "SELECT name FROM sqlite_schema WHERE type = 'view'"


def drop_view(name: str) -> str:
    """The end of a view."""
    return f"DROP VIEW {quoted(name)}"


def create_view(table: TableSchema) -> str:
    """A view with the name of the table and a column for each field, beside `_id` and `_created_time`."""
    columns = [
        "id AS _id",
        "created_time AS _created_time",
        *(f"json_extract(cells, '$.{field.id}') AS {quoted(field.name)}" for field in table.fields),
    ]
    where = f"FROM mirror_records WHERE table_id = '{table.id}'"
    return f"CREATE VIEW {quoted(view_name(table))} AS SELECT {', '.join(columns)} {where}"


def view_name(table: TableSchema) -> str:
    """The table's name; one that SQLite or the mirror keeps for itself has its id behind it."""
    is_kept = table.name.casefold().startswith(("sqlite_", "mirror_"))
    return f"table {table.name} {table.id}" if is_kept else table.name


def quoted(name: str) -> str:
    """A name in SQL, whatever it holds."""
    return '"' + name.replace('"', '""').replace("\0", "") + '"'
