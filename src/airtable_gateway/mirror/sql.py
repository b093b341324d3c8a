"""All SQL of the mirror's file. Names of tables and fields stand in it quoted, as who queries wants them."""

from airtable_gateway.schema import TableSchema

FORM = 2
"""Of the tables below; a file of another form is made anew."""

PRAGMAS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA busy_timeout = 30000;
"""
# A copy that a crash tears is made again, so that its writes need not wait for the disk.

# `cells` is JSON by field id, so that renaming a field changes a view and no record. `version` is the refresh
# that last changed a record, which is how a reader finds what it lacks; `sweep` the last one that saw it.
TABLES = f"""
CREATE TABLE IF NOT EXISTS mirror_records (
    id TEXT PRIMARY KEY, table_id TEXT NOT NULL, created_time TEXT NOT NULL, cells TEXT NOT NULL,
    sweep INTEGER NOT NULL, version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mirror_records_by_table ON mirror_records (table_id, version);
CREATE TABLE IF NOT EXISTS mirror_dropped (
    id TEXT PRIMARY KEY, table_id TEXT NOT NULL, version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mirror_state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = {FORM};
"""
GET_FORM = "PRAGMA user_version"
ANY_TABLE = "SELECT count(*) FROM sqlite_schema"

BEGIN = "BEGIN IMMEDIATE"
BEGIN_READING = "BEGIN"
COMMIT = "COMMIT"
ROLLBACK = "ROLLBACK"

STATE = "SELECT key, value FROM mirror_state"
SET_STATE = "INSERT OR REPLACE INTO mirror_state (key, value) VALUES (?, ?)"
PUT = """
INSERT INTO mirror_records (id, table_id, created_time, cells, sweep, version) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    version = CASE WHEN cells = excluded.cells AND table_id = excluded.table_id
        THEN version ELSE excluded.version END,
    table_id = excluded.table_id, created_time = excluded.created_time,
    cells = excluded.cells, sweep = excluded.sweep
"""
IS_BACK = "DELETE FROM mirror_dropped WHERE id = ?"

_NOTE_DROPPED = "INSERT OR REPLACE INTO mirror_dropped (id, table_id, version) SELECT id, table_id, ?"
NOTE_DROP = f"{_NOTE_DROPPED} FROM mirror_records WHERE id = ?"
DROP = "DELETE FROM mirror_records WHERE id = ?"
_UNSWEPT = "FROM mirror_records WHERE table_id = ? AND sweep <> ?"
NOTE_UNSWEPT = f"{_NOTE_DROPPED} {_UNSWEPT}"
DROP_UNSWEPT = f"DELETE {_UNSWEPT}"
_STRANGE = "FROM mirror_records WHERE table_id NOT IN (SELECT value FROM json_each(?))"
NOTE_STRANGE = f"{_NOTE_DROPPED} {_STRANGE}"
DROP_STRANGE = f"DELETE {_STRANGE}"

COUNT = "SELECT count(*) FROM mirror_records"
CHANGED_TABLES = """
SELECT DISTINCT table_id FROM mirror_records WHERE version > ?
UNION SELECT table_id FROM mirror_dropped WHERE version > ?
"""
CHANGED_RECORDS = """
SELECT id, created_time, cells FROM mirror_records WHERE table_id = ? AND version > ?
"""
DROPPED_RECORDS = "SELECT id FROM mirror_dropped WHERE table_id = ? AND version > ?"
COUNT_DROPPED = "SELECT count(*) FROM mirror_dropped"
FORGET_DROPPED = "DELETE FROM mirror_dropped"

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
