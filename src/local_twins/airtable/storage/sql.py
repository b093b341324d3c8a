"""All SQL of the twin. Lists of ids travel as one JSON parameter, so that every text here is constant."""

PRAGMAS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -65536;
"""

# `records.cells` holds what a person wrote, `records.computed` what follows from it, both JSON by field id.
# `records.touched` holds, by field id, when and by whom a cell was last changed after the record was made.
# A link is two rows of `links`, one for each side, each with its own order.
_FIRST = """
CREATE TABLE users (
    id TEXT PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE bases (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, workspace_id TEXT NOT NULL
);
CREATE TABLE tables (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, base_id TEXT NOT NULL REFERENCES bases (id),
    model TEXT NOT NULL, next_number INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE records (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, table_id TEXT NOT NULL,
    number INTEGER NOT NULL, created_time TEXT NOT NULL, created_by TEXT NOT NULL,
    modified_time TEXT NOT NULL, modified_by TEXT NOT NULL,
    touched TEXT NOT NULL, cells TEXT NOT NULL, computed TEXT NOT NULL
);
CREATE INDEX records_by_table ON records (table_id, seq);
CREATE TABLE links (
    key TEXT NOT NULL, record_id TEXT NOT NULL, position INTEGER NOT NULL, target_id TEXT NOT NULL,
    PRIMARY KEY (key, record_id, position)
) WITHOUT ROWID;
"""

_COMMENTS = """
CREATE TABLE comments (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, record_id TEXT NOT NULL,
    author_id TEXT NOT NULL, text TEXT NOT NULL, created_time TEXT NOT NULL,
    updated_time TEXT, parent_id TEXT
);
CREATE INDEX comments_by_record ON comments (record_id, seq);
"""

_FILES = """
CREATE TABLE files (
    id TEXT NOT NULL, part TEXT NOT NULL, type TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (id, part)
);
"""

_CHANGES = """
ALTER TABLE bases ADD COLUMN transactions INTEGER NOT NULL DEFAULT 0;
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, base_id TEXT NOT NULL, number INTEGER NOT NULL,
    time TEXT NOT NULL, user_id TEXT NOT NULL, body TEXT NOT NULL
);
"""

_WEBHOOKS = """
CREATE TABLE webhooks (
    id TEXT PRIMARY KEY, base_id TEXT NOT NULL, notification_url TEXT, specification TEXT NOT NULL,
    secret BLOB NOT NULL, expiration_time TEXT NOT NULL, next_payload INTEGER NOT NULL,
    are_notifications_enabled INTEGER NOT NULL, last_success_time TEXT, last_result TEXT NOT NULL
);
CREATE INDEX webhooks_by_base ON webhooks (base_id);
CREATE TABLE payloads (
    webhook_id TEXT NOT NULL, number INTEGER NOT NULL, time TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (webhook_id, number)
) WITHOUT ROWID;
"""

_KEYS = """
CREATE TABLE keys (
    name TEXT PRIMARY KEY, value BLOB NOT NULL
);
"""

_ADDRESSES = """
CREATE TABLE addresses (
    attachment_id TEXT PRIMARY KEY, base_id TEXT NOT NULL, record_id TEXT NOT NULL, field_id TEXT NOT NULL,
    url TEXT NOT NULL, user_id TEXT NOT NULL
);
"""

MIGRATIONS = (_FIRST, _COMMENTS, _FILES, _CHANGES, _WEBHOOKS, _KEYS, _ADDRESSES)
"""What makes each version of the schema of the one before; the file's user_version counts those applied."""

VERSION = "PRAGMA user_version"
SET_VERSION = "PRAGMA user_version = {}"

BEGIN = "BEGIN IMMEDIATE"
COMMIT = "COMMIT"
ROLLBACK = "ROLLBACK"

USERS = "SELECT id, email, name FROM users ORDER BY id"
ADD_USER = "INSERT INTO users (id, email, name) VALUES (?, ?, ?)"

BASES = "SELECT id, name, workspace_id FROM bases ORDER BY position"
ADD_BASE = "INSERT INTO bases (id, name, workspace_id) VALUES (?, ?, ?)"

OLDEST_RECORD = (
    "SELECT min(created_time) FROM records WHERE table_id IN (SELECT id FROM tables WHERE base_id = ?)"
)

TABLES = "SELECT model FROM tables WHERE base_id = ? ORDER BY position"
ADD_TABLE = "INSERT INTO tables (id, base_id, model) VALUES (?, ?, ?)"
SET_TABLE = "UPDATE tables SET model = ? WHERE id = ?"
NEXT_NUMBER = "SELECT next_number FROM tables WHERE id = ?"
SET_NEXT_NUMBER = "UPDATE tables SET next_number = ? WHERE id = ?"

# A line of `records` is read whole, in the order in which the table names its columns.
ROW = "SELECT * FROM records WHERE id = ?"
ROWS = "SELECT * FROM records WHERE id IN (SELECT value FROM json_each(?))"
TABLE_ROWS = "SELECT * FROM records WHERE table_id = ? ORDER BY seq"
COLUMNS = "SELECT seq, id, json_extract(cells, <paths>) FROM records WHERE table_id = ? ORDER BY seq"
COMPUTED_COLUMNS = (
    "SELECT seq, id, json_extract(computed, <paths>) FROM records WHERE table_id = ? ORDER BY seq"
)
_AMONG = " AND seq IN (SELECT value FROM json_each(?)) "
COLUMNS_OF = COLUMNS.replace(" ORDER BY", f"{_AMONG}ORDER BY")
COMPUTED_COLUMNS_OF = COMPUTED_COLUMNS.replace(" ORDER BY", f"{_AMONG}ORDER BY")
# Temporary triggers belong to a connection, not to the file.
WATCH_RECORDS = tuple(
    f"CREATE TEMP TRIGGER IF NOT EXISTS records_{event} AFTER {event} ON main.records "
    f"BEGIN SELECT note_written({line}.table_id, {line}.seq); END"
    for event, line in (("insert", "new"), ("update", "new"), ("delete", "old"))
)
VERSION_OF_OTHERS = "PRAGMA data_version"
COUNT_ROWS = "SELECT count(*) FROM records WHERE table_id = ?"
ROWS_FROM = "SELECT * FROM records WHERE table_id = ? ORDER BY seq LIMIT ? OFFSET ?"
PAGE = "SELECT * FROM records WHERE table_id = ? AND seq > ? ORDER BY seq LIMIT ?"
ADD_ROW = "INSERT INTO records VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
SET_ROW = (
    "UPDATE records SET modified_time = ?, modified_by = ?, touched = ?, cells = ?, computed = ? WHERE id = ?"
)
DROP_ROW = "DELETE FROM records WHERE id = ?"
TABLE_OF_ROWS = "SELECT id, table_id FROM records WHERE id IN (SELECT value FROM json_each(?))"

SET_COMPUTED = "UPDATE records SET computed = ? WHERE seq = ?"
# The values of some records in one field, as JSON.
CELLS_OF = "SELECT id, cells -> ? FROM records WHERE id IN (SELECT value FROM json_each(?))"
COMPUTED_OF = "SELECT id, computed -> ? FROM records WHERE id IN (SELECT value FROM json_each(?))"
# Those of a whole table: walking through it costs half of looking for each record.
CELLS_IN = "SELECT id, cells -> ? FROM records WHERE table_id = ?"
COMPUTED_IN = "SELECT id, computed -> ? FROM records WHERE table_id = ?"

LINKS = (
    "SELECT record_id, target_id FROM links WHERE key = ? AND record_id IN (SELECT value FROM json_each(?)) "
    "ORDER BY record_id, position"
)
LINKS_OF_KEY = "SELECT record_id, target_id FROM links WHERE key = ? ORDER BY record_id, position"
LAST_POSITION = "SELECT max(position) FROM links WHERE key = ? AND record_id = ?"
ADD_LINK = "INSERT INTO links (key, record_id, position, target_id) VALUES (?, ?, ?, ?)"
DROP_LINKS = "DELETE FROM links WHERE key = ? AND record_id = ?"
DROP_LINK = "DELETE FROM links WHERE key = ? AND record_id = ? AND target_id = ?"

COMMENTS = "SELECT * FROM comments WHERE record_id = ? AND (? IS NULL OR seq < ?) ORDER BY seq DESC LIMIT ?"
COMMENT = "SELECT * FROM comments WHERE id = ? AND record_id = ?"
ALL_COMMENTS = "SELECT * FROM comments WHERE record_id = ? ORDER BY seq"
ADD_COMMENT = "INSERT INTO comments VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)"
SET_COMMENT = "UPDATE comments SET text = ?, updated_time = ? WHERE id = ?"
DROP_COMMENT = "DELETE FROM comments WHERE id = ?"
DROP_COMMENTS = "DELETE FROM comments WHERE record_id = ?"
COMMENT_COUNTS = (
    "SELECT record_id, count(*) FROM comments WHERE record_id IN (SELECT value FROM json_each(?)) "
    "GROUP BY record_id"
)

ADD_FILE = "INSERT INTO files (id, part, type, content) VALUES (?, ?, ?, ?)"
FILES = "SELECT id, part, type, content FROM files WHERE id = ? ORDER BY part"
# An attachment id stands in the cells of its record; each file is looked for by its own id.
FILES_OF_TABLE = (
    "SELECT DISTINCT item.value ->> 'id' FROM records, json_each(records.cells) AS cell, "
    "json_each(cell.value) AS item WHERE table_id = ? AND cell.type = 'array' AND item.type = 'object' "
    "ORDER BY records.seq"
)
FILE = "SELECT type, content FROM files WHERE id = ? AND part = ?"

NEXT_TRANSACTION = "UPDATE bases SET transactions = transactions + 1 WHERE id = ? RETURNING transactions"
ADD_CHANGE = "INSERT INTO changes (base_id, number, time, user_id, body) VALUES (?, ?, ?, ?, ?) RETURNING seq"
FORGET_CHANGES = "DELETE FROM changes WHERE seq <= ?"
CHANGES = "SELECT * FROM changes WHERE seq > ? ORDER BY seq LIMIT ?"
FORGET_ALL_CHANGES = "DELETE FROM changes"
LAST_CHANGE = "SELECT seq FROM sqlite_sequence WHERE name = 'changes'"
COUNT_CHANGES_FROM = "UPDATE sqlite_sequence SET seq = ? WHERE name = 'changes'"
BEGIN_COUNT_OF_CHANGES = "INSERT INTO sqlite_sequence (name, seq) VALUES ('changes', ?)"
CHANGE_BOUNDS = "SELECT min(seq), max(seq) FROM changes"

ADD_ADDRESS = "INSERT INTO addresses VALUES (?, ?, ?, ?, ?, ?)"
ADDRESSES = "SELECT * FROM addresses ORDER BY rowid"
DROP_ADDRESS = "DELETE FROM addresses WHERE attachment_id = ?"

UNTOLD_WEBHOOKS = (
    "SELECT id FROM webhooks WHERE are_notifications_enabled AND notification_url IS NOT NULL AND EXISTS ("
    "SELECT 1 FROM payloads WHERE webhook_id = webhooks.id AND time > coalesce(last_success_time, ''))"
)
WEBHOOKS = "SELECT * FROM webhooks WHERE base_id = ? ORDER BY rowid"
WEBHOOK = "SELECT * FROM webhooks WHERE id = ?"
ADD_WEBHOOK = "INSERT INTO webhooks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
SET_WEBHOOK = (
    "UPDATE webhooks SET notification_url = ?, specification = ?, secret = ?, expiration_time = ?, "
    "next_payload = ?, are_notifications_enabled = ?, last_success_time = ?, last_result = ? WHERE id = ?"
)
DROP_WEBHOOK = "DELETE FROM webhooks WHERE id = ?"
NEXT_PAYLOAD = "UPDATE webhooks SET next_payload = next_payload + 1 WHERE id = ? RETURNING next_payload"
ADD_PAYLOAD = "INSERT INTO payloads (webhook_id, number, time, body) VALUES (?, ?, ?, ?)"
FORGET_PAYLOADS = "DELETE FROM payloads WHERE webhook_id = ? AND time < ?"
PAYLOADS = "SELECT number, body FROM payloads WHERE webhook_id = ? AND number >= ? ORDER BY number LIMIT ?"
DROP_PAYLOADS = "DELETE FROM payloads WHERE webhook_id = ?"

KEY = "SELECT value FROM keys WHERE name = ?"
ADD_KEY = "INSERT INTO keys (name, value) VALUES (?, ?)"

PLAIN_JOURNAL = "PRAGMA journal_mode = DELETE"
SHAPE = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master"

TAKEN = {
    "users": "SELECT id, email, name FROM users WHERE id IN (SELECT value FROM json_each(?))",
    "bases": "SELECT id FROM bases WHERE id IN (SELECT value FROM json_each(?))",
    "tables": "SELECT id FROM tables WHERE id IN (SELECT value FROM json_each(?))",
    "records": "SELECT id FROM records WHERE id IN (SELECT value FROM json_each(?))",
}

# The links of a document on their way in; its order is the table's.
GIVEN_TABLE = (
    "CREATE TEMP TABLE IF NOT EXISTS given "
    "(place INTEGER PRIMARY KEY, key TEXT, record_id TEXT, position INTEGER, target_id TEXT)"
)
DROP_GIVEN = "DELETE FROM given"
ADD_GIVEN = "INSERT INTO given (key, record_id, position, target_id) VALUES (?, ?, ?, ?)"
GIVEN_KEYS = "SELECT DISTINCT key FROM given"
GIVEN_INDEX = "CREATE INDEX IF NOT EXISTS temp.given_by_link ON given (key, record_id, target_id)"
ASTRAY = (
    "SELECT given.record_id, given.target_id FROM given LEFT JOIN records ON records.id = given.target_id "
    "WHERE given.key = ? AND records.table_id IS NOT ? ORDER BY place LIMIT 1"
)
_SIDE = """
INSERT INTO links (key, record_id, position, target_id)
SELECT :key, record_id, row_number() OVER (PARTITION BY record_id ORDER BY turn, place) - 1, target_id
FROM (
    SELECT record_id, target_id, 0 AS turn, place FROM given WHERE key = :key
    UNION ALL
    SELECT target_id, record_id, 1, place FROM given AS other WHERE key = :reverse{unless}
)
ORDER BY record_id
"""
WRITE_SIDE = _SIDE.format(unless="")
COMPLETE_SIDE = _SIDE.format(
    unless=" AND NOT EXISTS (SELECT 1 FROM given WHERE key = :key AND record_id = other.target_id "
    "AND target_id = other.record_id)"
)
