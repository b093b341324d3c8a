"""The steps of the services' database, run by `pyairtable-mcp migrate` and before `serve`.

`python scripts/make_migration.py "what changes"` writes the next one from the tables in the code.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where Alembic finds the steps."""
