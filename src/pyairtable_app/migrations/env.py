"""What Alembic runs: the steps over a connection that the caller opened, against the tables in the code."""

from alembic import context
from sqlalchemy import MetaData

from orchestrator.tables import TABLES

TABLES_OF_ALL: tuple[MetaData, ...] = (TABLES,)
"""The tables of every service."""

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TABLES_OF_ALL,
    # SQLite cannot alter a constraint: the table is copied.
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="columns.",
)
context.run_migrations()
