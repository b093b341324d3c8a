"""All SQL of the journal that PostgreSQL keeps."""

# `claim` is unique where it is not null: that is what makes a key name one call.
TABLES = """
CREATE TABLE IF NOT EXISTS journal_changes (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE, claim TEXT UNIQUE,
    owner BIGINT NOT NULL, call TEXT NOT NULL, step INTEGER NOT NULL, at TEXT NOT NULL,
    principal TEXT NOT NULL, operation TEXT NOT NULL, base_id TEXT NOT NULL, base TEXT NOT NULL,
    table_id TEXT NOT NULL, table_name TEXT NOT NULL,
    state TEXT NOT NULL, undoes TEXT NOT NULL, undone_by TEXT NOT NULL DEFAULT '',
    document TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL DEFAULT '{}',
    answer TEXT NOT NULL DEFAULT 'null', failure TEXT
);
CREATE INDEX IF NOT EXISTS journal_changes_by_call ON journal_changes (call);
CREATE INDEX IF NOT EXISTS journal_changes_undoing ON journal_changes (undoes) WHERE undoes <> '';
CREATE INDEX IF NOT EXISTS journal_changes_intended ON journal_changes (owner) WHERE state = 'intended';
CREATE TABLE IF NOT EXISTS journal_subjects (
    subject TEXT NOT NULL, seq BIGINT NOT NULL REFERENCES journal_changes (seq) ON DELETE CASCADE,
    PRIMARY KEY (subject, seq)
);
CREATE INDEX IF NOT EXISTS journal_subjects_by_change ON journal_subjects (seq);
CREATE TABLE IF NOT EXISTS journal_files (id TEXT PRIMARY KEY, at TEXT NOT NULL, content BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS journal_renamed (old TEXT PRIMARY KEY, new TEXT NOT NULL);
"""

MIGRATING = "SELECT pg_advisory_xact_lock(7170916218)"
"""One process at a time makes the tables; the number is any that nobody else locks."""

OWN = "SELECT pg_advisory_lock($1)"
"""Held as long as the process's connection lives, and gone with it however it ends."""

HAS_ENDED = "SELECT pg_try_advisory_xact_lock($1)"

ADD = """
INSERT INTO journal_changes (
    id, claim, owner, call, step, at, principal, operation, base_id, base, table_id, table_name,
    state, undoes, document, before
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'intended', $13, $14, $15)
ON CONFLICT (claim) DO NOTHING RETURNING seq
"""
ADD_SUBJECTS = """
INSERT INTO journal_subjects (subject, seq)
SELECT subject, (SELECT seq FROM journal_changes WHERE id = $1) FROM unnest($2::text[]) AS subject
ON CONFLICT DO NOTHING
"""
SETTLE = """
UPDATE journal_changes SET state = $2, after = $3, answer = $4, failure = $5,
    claim = CASE WHEN $6 THEN NULL ELSE claim END
WHERE id = $1
"""
ADD_RENAMED = """
INSERT INTO journal_renamed (old, new) SELECT * FROM unnest($1::text[], $2::text[])
ON CONFLICT (old) DO UPDATE SET new = excluded.new
"""
BY_ID = "SELECT * FROM journal_changes WHERE id = $1"
BY_CLAIM = "SELECT * FROM journal_changes WHERE claim = $1"

SELECT = """
SELECT * FROM journal_changes
WHERE ($1 = 0 OR seq < $1)
    AND ($2 = '' OR $2 IN (base_id, base))
    AND ($3 = '' OR $3 IN (table_id, table_name))
    AND ($4 = '' OR principal = $4)
    AND ($5 = '' OR call = $5)
    AND ($6 = '' OR undoes = $6)
    AND ($7 = '' OR at >= $7)
    AND ($8 = '' OR seq IN (SELECT seq FROM journal_subjects WHERE subject = $8))
ORDER BY seq DESC LIMIT $9
"""

OWNERS = "SELECT DISTINCT owner FROM journal_changes WHERE state = 'intended' AND owner <> $1"
TAKE_OVER = """
UPDATE journal_changes SET owner = $1 WHERE state = 'intended' AND owner = ANY($2::bigint[]) RETURNING *
"""
RENAMED = "SELECT old, new FROM journal_renamed WHERE old = ANY($1::text[])"
NOTE_UNDONE = "UPDATE journal_changes SET undone_by = $1 WHERE id = $2"
KEEP_FILE = """
INSERT INTO journal_files (id, at, content) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING
"""
FILE = "SELECT content FROM journal_files WHERE id = $1"
PRUNE_FILES = "DELETE FROM journal_files WHERE at < $1"
PRUNE = "DELETE FROM journal_changes WHERE at < $1 AND state <> 'intended' RETURNING id"
