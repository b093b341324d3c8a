"""Any number of writes, ten a request, with the fate of each one told."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from airtable_gateway import (
    WRITE_LIMIT,
    AirtableError,
    InvalidRequest,
    InvalidValue,
    KeyReused,
    NotFound,
    Unreachable,
)
from pyairtable_mcp.refusals.explaining import explain
from pyairtable_mcp.work import note_settled

Item = TypeVar("Item")
Done = TypeVar("Done")

_OF_ONE_RECORD = (InvalidValue, InvalidRequest, NotFound)
"""Refusals for which one record of ten may be the reason; Airtable then applies none of the ten."""


@dataclass(slots=True)
class Outcome(Generic[Done]):
    """What became of each item, by its index; every item is in one of the two lists."""

    written: list[tuple[int, Done]] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)

    def fail(self, indexes: Sequence[int], status: str, error: str) -> None:
        """Note why items were not written: `status` is failed, unknown or not_sent."""
        self.failures.extend({"index": index, "status": status, "error": error} for index in indexes)

    def message(self, verb: str) -> str:
        """How many were written and how many were not."""
        failed = len(self.failures)
        return f"{len(self.written)} {verb}" + (f", {failed} not: see errors" if failed else "")


async def in_tens(
    items: Sequence[Item],
    write: Callable[[Sequence[Item]], Awaitable[Sequence[Done]]],
    *,
    typecast: bool = False,
) -> Outcome[Done]:
    """Write all items that can be written.

    When Airtable refuses ten because of one, they are sent again one by one. When the way to Airtable fails,
    what was under way is unknown and the rest is not sent. `typecast` says that the writes ask for it.
    """
    outcome: Outcome[Done] = Outcome()
    starts = range(0, len(items), WRITE_LIMIT)
    for start in starts:
        indexes = range(start, min(start + WRITE_LIMIT, len(items)))
        try:
            await _write_ten(items, indexes, write, outcome, typecast=typecast)
        except KeyReused:
            # Not one of these records was ever sent: the key is the trouble, and the caller's to mend.
            raise
        except AirtableError as error:
            settled = {index for index, _ in outcome.written} | {row["index"] for row in outcome.failures}
            open_indexes = [index for index in indexes if index not in settled]
            may_be_applied = isinstance(error, Unreachable) and error.may_be_applied
            outcome.fail(
                open_indexes, "unknown" if may_be_applied else "failed", explain(error, typecast=typecast)
            )
            outcome.fail(range(indexes.stop, len(items)), "not_sent", "An earlier request failed.")
            break
    return outcome


async def _write_ten(
    items: Sequence[Item],
    indexes: Sequence[int],
    write: Callable[[Sequence[Item]], Awaitable[Sequence[Done]]],
    outcome: Outcome[Done],
    *,
    typecast: bool,
) -> None:
    try:
        records = await write([items[index] for index in indexes])
    except _OF_ONE_RECORD as error:
        if len(indexes) == 1:
            outcome.fail(indexes, "failed", explain(error, typecast=typecast))
            note_settled(1, refused=True)
            return
        for index in indexes:
            await _write_ten(items, [index], write, outcome, typecast=typecast)
        return
    outcome.written.extend(zip(indexes, records, strict=True))
    note_settled(len(indexes))
