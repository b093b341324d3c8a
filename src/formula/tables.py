"""Many records at once, given row by row or column by column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from types import MappingProxyType
from typing import Any

Cells = Mapping[str, Any]
"""The REST values of one record by field name."""

NO_RECORD: Cells = MappingProxyType({})
"""What is known of the record of a row that has none."""


@dataclass(frozen=True, slots=True)
class ByRow:
    """Records as their cells, and what is known of the records themselves, if anything is."""

    rows: Sequence[Cells]
    records: Sequence[Cells] | None

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Sequence[Any]:
        """The values of a field, None where it has none."""
        try:
            return list(map(itemgetter(name), self.rows))
        except KeyError:
            return [row.get(name) for row in self.rows]

    def row(self, index: int) -> tuple[Cells, Cells]:
        """The cells of one record, and the record."""
        return self.rows[index], NO_RECORD if self.records is None else self.records[index]

    @classmethod
    def chunks(cls, rows: Iterable[Cells], records: Iterable[Cells] | None, size: int) -> Iterator[ByRow]:
        """The rows by so many. Raises ValueError if there are not as many records as rows."""
        if records is None:
            waiting = iter(rows)
            while chunk := list(islice(waiting, size)):
                yield cls(chunk, None)
            return
        pairs = zip(rows, records, strict=True)
        while paired := list(islice(pairs, size)):
            yield cls([row for row, _ in paired], [record for _, record in paired])


@dataclass(frozen=True, slots=True)
class ByColumn:
    """Records as columns of one length by field name, and what is known of the records themselves."""

    columns: Mapping[str, Sequence[Any]]
    records: Sequence[Cells] | None
    count: int

    def __len__(self) -> int:
        return self.count

    def column(self, name: str) -> Sequence[Any]:
        """The values of a field, None where it has none."""
        return self.columns.get(name) or [None] * self.count

    def row(self, index: int) -> tuple[Cells, Cells]:
        """The cells of one record, and the record."""
        cells = {name: column[index] for name, column in self.columns.items()}
        return cells, NO_RECORD if self.records is None else self.records[index]

    @classmethod
    def chunks(
        cls, columns: Mapping[str, Sequence[Any]], records: Sequence[Cells] | None, size: int
    ) -> Iterator[ByColumn]:
        """The records by so many. Raises ValueError if columns or records have different lengths."""
        counts = {len(column) for column in (*columns.values(), *([] if records is None else [records]))}
        if len(counts) > 1:
            raise ValueError(f"Columns of different lengths: {', '.join(map(str, sorted(counts)))}.")
        count = max(counts, default=0)
        for start in range(0, count, size):
            end = min(start + size, count)
            part = {name: column[start:end] for name, column in columns.items()}
            yield cls(part, None if records is None else records[start:end], end - start)


Table = ByRow | ByColumn
