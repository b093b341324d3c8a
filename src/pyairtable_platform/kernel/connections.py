"""What a unit of work asks of a database: statements, one after the other, inside its transaction."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection as Plain
from sqlalchemy import CursorResult, Executable
from sqlalchemy.engine import Dialect

T = TypeVar("T")


class Connection(Protocol):
    """A transaction that is under way."""

    @property
    def dialect(self) -> Dialect:
        """Which SQL is spoken."""
        ...

    async def execute(self, statement: Executable, parameters: Any = None, /) -> CursorResult[Any]:
        """Run the statement; `parameters` are a list of rows where several are inserted."""
        ...

    async def scalar(self, statement: Executable, parameters: Any = None, /) -> Any:
        """The first value of the first row, None when there is none."""
        ...

    async def run_sync(self, work: Callable[[Plain], T], /) -> T:
        """What the work does with SQLAlchemy's own connection: making tables, migrating."""
        ...


class Connections(Protocol):
    """How transactions of one kind of database are begun and ended."""

    def writing(self, *, waits_for_disk: bool) -> AbstractAsyncContextManager[Connection]:
        """Committed at the end of the block, undone if the block raises."""
        ...

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """A view of the data at one moment."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...
