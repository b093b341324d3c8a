"""The grants of a database: given, listed and taken back by their owners."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from orchestrator.approvals.grant import Grant
from orchestrator.tables import GRANTS
from pyairtable_platform.kernel import Database, NotFound


class GrantNotFound(NotFound):
    """There is no such grant of yours that is still in force."""

    code = "grant_not_found"


class Grants:
    """The grants of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give(self, grant: Grant) -> Grant:
        """Put the grant in force."""
        async with self._database.writing() as connection:
            await connection.execute(
                insert(GRANTS).values(
                    id=grant.id,
                    owner=grant.owner,
                    session=grant.session,
                    tools=list(grant.tools),
                    table=grant.table,
                    most_records=grant.most_records,
                    created_at=grant.created_at,
                    expires_at=grant.expires_at,
                )
            )
        return grant

    async def in_force(self, owner: str, *, at: datetime) -> Sequence[Grant]:
        """The owner's grants that hold now, oldest first."""
        chosen = (
            select(GRANTS)
            .where(GRANTS.c.owner == owner, GRANTS.c.revoked_at.is_(None), GRANTS.c.expires_at > at)
            .order_by(GRANTS.c.created_at)
        )
        async with self._database.reading() as connection:
            return [_grant(row) for row in await connection.execute(chosen)]

    async def take_back(self, id: str, owner: str, *, at: datetime) -> None:
        """Let the grant hold no longer. Raises GrantNotFound."""
        async with self._database.writing() as connection:
            taken = await connection.execute(
                update(GRANTS)
                .where(GRANTS.c.id == id, GRANTS.c.owner == owner, GRANTS.c.revoked_at.is_(None))
                .values(revoked_at=at)
            )
        if not taken.rowcount:
            raise GrantNotFound


def _grant(row: "Row[Any]") -> Grant:
    return Grant(
        id=row.id,
        owner=row.owner,
        tools=tuple(row.tools),
        most_records=row.most_records,
        created_at=row.created_at,
        expires_at=row.expires_at,
        session=row.session,
        table=row.table,
    )
