"""All SQL of the journal that SQLite keeps. Lists of ids travel as one JSON parameter."""

PRAGMAS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA busy_timeout = 30000;
"""

# `claim` is unique where it is not null: that is what makes a key name one call.
_FIRST = """
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, claim TEXT UNIQUE, owner TEXT NOT NULL,
    call TEXT NOT NULL, step INTEGER NOT NULL, at TEXT NOT NULL, principal TEXT NOT NULL,
    operation TEXT NOT NULL, base_id TEXT NOT NULL, base TEXT NOT NULL,
    table_id TEXT NOT NULL, table_name TEXT NOT NULL,
    state TEXT NOT NULL, undoes TEXT NOT NULL, undone_by TEXT NOT NULL DEFAULT '',
    document TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL DEFAULT '{}',
    answer TEXT NOT NULL DEFAULT 'null', failure TEXT
);
CREATE INDEX changes_by_call ON changes (call);
CREATE INDEX changes_undoing ON changes (undoes) WHERE undoes <> '';
CREATE INDEX changes_intended ON changes (owner) WHERE state = 'intended';
CREATE TABLE subjects (
    subject TEXT NOT NULL, seq INTEGER NOT NULL REFERENCES changes (seq) ON DELETE CASCADE,
    PRIMARY KEY (subject, seq)
) WITHOUT ROWID;
CREATE INDEX subjects_by_change ON subjects (seq);
CREATE TABLE renamed (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
"""

_FILES = """
CREATE TABLE files (id TEXT PRIMARY KEY, at TEXT NOT NULL, content BLOB NOT NULL);
"""

# Each index costs a page of the log with each write, so there is none that no statement uses.
# A new change's `seq` is greater than those of all that are kept. A number comes again only when the newest
# changes are forgotten, and then nothing names it any more but the cursor of a list that is as old as they.
# REFERENCES is for processes of the version before, which may have the file open and rely on it. This one has
# no index for that, and deletes the subjects of all that it forgets in one go.
_LEAN = """
CREATE TABLE lean_changes (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, claim TEXT, owner TEXT NOT NULL,
    call TEXT NOT NULL, step INTEGER NOT NULL, at TEXT NOT NULL, principal TEXT NOT NULL,
    operation TEXT NOT NULL, base_id TEXT NOT NULL, base TEXT NOT NULL,
    table_id TEXT NOT NULL, table_name TEXT NOT NULL,
    state TEXT NOT NULL, undoes TEXT NOT NULL, undone_by TEXT NOT NULL DEFAULT '',
    document TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL DEFAULT '{}',
    answer TEXT NOT NULL DEFAULT 'null', failure TEXT
);
INSERT INTO lean_changes SELECT * FROM changes;
CREATE TABLE lean_subjects (
    subject TEXT NOT NULL, seq INTEGER NOT NULL REFERENCES lean_changes (seq) ON DELETE CASCADE,
    PRIMARY KEY (subject, seq)
) WITHOUT ROWID;
INSERT INTO lean_subjects SELECT * FROM subjects;
DROP TABLE subjects;
DROP TABLE changes;
ALTER TABLE lean_changes RENAME TO changes;
ALTER TABLE lean_subjects RENAME TO subjects;
CREATE UNIQUE INDEX changes_claimed ON changes (claim) WHERE claim IS NOT NULL;
CREATE INDEX changes_intended ON changes (owner) WHERE state = 'intended';
"""

MIGRATIONS = (_FIRST, _FILES, _LEAN)
"""What makes each version of the schema of the one before; the file's user_version counts those applied."""

VERSION = "PRAGMA user_version"
SET_VERSION = "PRAGMA user_version = {}"

WAIT_FOR_DISK = "PRAGMA synchronous = FULL"
LEAVE_IT_TO_SYSTEM = "PRAGMA synchronous = NORMAL"
NO_CHECKPOINT = "PRAGMA wal_autocheckpoint = 0"
CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"

BEGIN = "BEGIN IMMEDIATE"
COMMIT = "COMMIT"
ROLLBACK = "ROLLBACK"
SAVEPOINT = "SAVEPOINT one"
ROLLBACK_TO_SAVEPOINT = "ROLLBACK TO one"
RELEASE = "RELEASE one"

ADD = """
INSERT INTO changes (
    id, claim, owner, call, step, at, principal, operation, base_id, base, table_id, table_name,
    state, undoes, document, before
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'intended', ?, ?, ?)
"""
ADD_SUBJECT = "INSERT OR IGNORE INTO subjects (subject, seq) SELECT ?, seq FROM changes WHERE id = ?"
SETTLE = "UPDATE changes SET state = ?, after = ?, answer = ?, failure = ? WHERE id = ?"
FREE_KEY = "UPDATE changes SET claim = NULL WHERE id = ?"
ADD_RENAMED = """
INSERT OR REPLACE INTO renamed (old, new) SELECT key, value FROM json_each(:renamed)
"""
BY_ID = "SELECT * FROM changes WHERE id = ?"
BY_CLAIM = "SELECT * FROM changes WHERE claim = ?"

SELECT = """
SELECT * FROM changes
WHERE (:cursor = 0 OR seq < :cursor)
    AND (:base = '' OR :base IN (base_id, base))
    AND (:table = '' OR :table IN (table_id, table_name))
    AND (:principal = '' OR principal = :principal)
    AND (:call = '' OR call = :call)
    AND (:undoes = '' OR undoes = :undoes)
    AND (:since = '' OR at >= :since)
    AND (:record = '' OR seq IN (SELECT seq FROM subjects WHERE subject = :record))
ORDER BY seq DESC LIMIT :limit
"""

OWNERS = "SELECT DISTINCT owner FROM changes WHERE state = 'intended' AND owner <> ?"
TAKE_OVER = """
UPDATE changes SET owner = :owner
WHERE state = 'intended' AND owner IN (SELECT value FROM json_each(:ended)) RETURNING *
"""
RENAMED = "SELECT old, new FROM renamed WHERE old IN (SELECT value FROM json_each(?))"
NOTE_UNDONE = "UPDATE changes SET undone_by = ? WHERE id = ?"
KEEP_FILE = "INSERT OR REPLACE INTO files (id, at, content) VALUES (?, ?, ?)"
FILE = "SELECT content FROM files WHERE id = ?"
PRUNE_FILES = "DELETE FROM files WHERE at < ?"
FORGETTABLE = "SELECT seq FROM changes WHERE at < ? AND state <> 'intended'"
FORGET_SUBJECTS = "DELETE FROM subjects WHERE seq IN (SELECT value FROM json_each(?))"
FORGET = "DELETE FROM changes WHERE seq IN (SELECT value FROM json_each(?))"
