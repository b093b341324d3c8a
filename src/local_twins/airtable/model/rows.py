"""A record as it is kept: cells by field id, and who made and changed it when."""

import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json, to_json

Stored = tuple[int, str, str, int, str, str, str, str, str, str, str]
"""A line of the table `records`, in the order in which it is selected."""


@dataclass(slots=True)
class Row:
    """A record of one table; `cells` and `computed` are by field id, link cells excepted.

    `touched` gives [time, user id] of each cell's last change by field id, if it was changed since.
    All times are Airtable's ISO texts in UTC.
    """

    seq: int
    id: str
    table_id: str
    number: int
    created_time: str
    created_by: str
    modified_time: str
    modified_by: str
    touched: dict[str, list[str]] = field(default_factory=dict)
    cells: dict[str, Any] = field(default_factory=dict)
    computed: dict[str, Any] = field(default_factory=dict)

    def touch(self, field_id: str, time: str, user_id: str) -> None:
        """Note that a cell was changed."""
        self.touched[field_id] = [time, user_id]
        self.modified_time, self.modified_by = time, user_id

    def set_computed(self, field_id: str, value: Any) -> bool:
        """Let a computed cell hold a value ("" and [] empty it); whether that is another than before."""
        settled = None if value in ("", []) else value
        before = self.computed.get(field_id)
        if before == settled and type(before) is type(settled):
            return False
        if settled is None:
            del self.computed[field_id]
        else:
            self.computed[field_id] = settled
        return True

    def insertion(self) -> tuple[Any, ...]:
        """The parameters of ADD_ROW."""
        return (self.id, self.table_id, self.number, self.created_time, self.created_by, *self._state())

    def change(self) -> tuple[Any, ...]:
        """The parameters of SET_ROW."""
        return (*self._state(), self.id)

    def _state(self) -> tuple[str, ...]:
        return (
            self.modified_time,
            self.modified_by,
            to_text(self.touched),
            to_text(self.cells),
            to_text(self.computed),
        )


def row_from(line: Stored) -> Row:
    """The row of one line of the table; in most nothing is computed and little was touched."""
    return Row(*line[:8], *[{} if text == "{}" else from_json(text) for text in line[8:]])


def rows_from(lines: list[Stored]) -> list[Row]:
    """The rows of many lines; parsing their JSON in one go halves the cost of reading a table."""
    if not lines:
        return []
    columns = list(zip(*lines, strict=True))
    with no_garbage_expected():
        states = [_parsed(texts) for texts in columns[8:]]
        return [Row(*parts) for parts in zip(*columns[:8], *states, strict=True)]


def _parsed(texts: Sequence[str]) -> list[dict[str, Any]]:
    """The objects of those texts; in most tables nothing is computed and little was touched."""
    if all(text == "{}" for text in texts):
        return [{} for _ in texts]
    objects: list[dict[str, Any]] = from_json(f"[{','.join(texts)}]")
    return objects


@contextmanager
def no_garbage_expected() -> Iterator[None]:
    """Many objects are about to be made and none let go: looking for garbage meanwhile costs a third more."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def to_text(value: Any) -> str:
    """Compact JSON; numbers that JSON does not know are refused."""
    text = to_json(value).decode()
    # The quick encoder writes them all the same; so do texts that speak of them.
    return _ENCODER.encode(value) if "NaN" in text or "Infinity" in text else text
