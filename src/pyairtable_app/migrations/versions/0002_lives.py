"""how long a session lives after its last change."""

import sqlalchemy as sa
from alembic import op

from pyairtable_platform.kernel import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SESSIONS = sa.table(
    "agent_sessions",
    sa.column("id", sa.String()),
    sa.column("changed_at", columns.Moment(timezone=True)),
    sa.column("created_at", columns.Moment(timezone=True)),
    sa.column("expires_at", columns.Moment(timezone=True)),
    sa.column("lives_seconds", sa.Integer()),
)


def upgrade() -> None:
    """Take this step."""
    with op.batch_alter_table("agent_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lives_seconds", sa.Integer(), nullable=True))
    # What was said when the session was made, and never renewed since.
    connection = op.get_bind()
    limited = sa.select(_SESSIONS).where(_SESSIONS.c.expires_at.is_not(None))
    for row in connection.execute(limited).all():
        lives = row.expires_at - row.created_at
        connection.execute(
            sa.update(_SESSIONS)
            .where(_SESSIONS.c.id == row.id)
            .values(lives_seconds=int(lives.total_seconds()), expires_at=row.changed_at + lives)
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("agent_sessions", schema=None) as batch_op:
        batch_op.drop_column("lives_seconds")
