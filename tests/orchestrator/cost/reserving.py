"""A process that reserves 100 fifteen times at once, when it is told to. Run by test_ledger.

Arguments: the database, and a name for its calls. It says when it is ready, and how many were granted.
"""

import asyncio
import sys
from datetime import UTC, datetime

from orchestrator.cost import Ledger, Reservation
from orchestrator.errors import BudgetExceeded
from pyairtable_platform.kernel import Database


async def main(url: str, name: str) -> None:
    """Reserve."""
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)

    async def granted(number: int) -> bool:
        call = Reservation(f"{name}_{number}", "ses_1", "run_1", "ada", "gemini-3.8-flash", 100)
        try:
            await ledger.reserve(call, at=now)
        except BudgetExceeded:
            return False
        return True

    async with Database(url) as database:
        await database.ping()
        ledger = Ledger(database)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        results = await asyncio.gather(*(granted(number) for number in range(15)))
    sys.stdout.write(f"{sum(results)}\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
