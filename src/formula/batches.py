"""Many rows at once: through the generated function, one by one through the closures where it must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any

from formula.cells import CellType
from formula.checker import Checked
from formula.scope import Batch, Row
from formula.tables import Table
from formula.tree import Field, walk
from formula.values import Value

if TYPE_CHECKING:
    from formula.generated import Form, Program, Source

_WORTHWHILE = 64
"""For fewer rows than this, generating code takes longer than it saves."""


class Batches:
    """Runs one formula over batches of rows, and keeps the code that it generated for them.

    What is known of the columns grows wider from batch to batch, never narrower, so that few batches need
    new code. `each` is the value of one row by the closures.
    """

    def __init__(
        self, checked: Checked, types: Mapping[str, CellType], batch: Batch, each: Callable[[Row], Value]
    ) -> None:
        self._checked = checked
        self._batch = batch
        self._each = each
        self._types = types
        self._sources: tuple[Source, ...] = ()
        self._program: Program | None = None
        self._is_writable = True

    def values(self, table: Table, batch: Batch) -> list[Value]:
        """The values for the records of the table, all of them in `batch`."""
        code, columns, failed = self._prepared(table)
        if code is None:
            return list(map(self._each, _rows(table, batch)))
        if code.needs_rows or not columns:
            columns.append(_rows(table, batch))
        if not failed:
            return code.run(columns, batch)
        # A cell that cannot be read fails only where it is read, which the closures find out.
        kept = [index not in failed for index in range(len(table))]
        values = iter(code.run([list(compress(column, kept)) for column in columns], batch))
        return [
            next(values) if is_kept else self._each(Row(*table.row(index), batch))
            for index, is_kept in enumerate(kept)
        ]

    def _prepared(self, table: Table) -> tuple[Program | None, list[Sequence[Any]], set[int]]:
        """The program for the rows, the columns that it takes, and which rows have unreadable cells."""
        failed: set[int] = set()
        if len(table) < _WORTHWHILE or not self._is_writable:
            return None, [], failed
        self._open()
        cells = [table.column(source.name) for source in self._sources]
        seen = [source.form(column) for source, column in zip(self._sources, cells, strict=True)]
        code = self._program_for(seen)
        if code is None:
            return None, [], failed
        parts = zip(self._sources, cells, seen, strict=True)
        columns = [each.values(column, form, code.forms[each.name], failed) for each, column, form in parts]
        return code, columns, failed

    def _open(self) -> None:
        """Find out what is read: on first use, as few formulas see a batch and the code is slow to load."""
        from formula.generated import sources

        if not self._sources:
            names = _read_fields(self._checked)
            self._sources = sources(names, self._types, self._batch.limits.array_items)

    def _program_for(self, seen: Sequence[Form]) -> Program | None:
        """A program for columns of at least these forms; None if there can be none."""
        from formula.generated import NotWritable, joined, program

        found = self._program
        forms = {source.name: form for source, form in zip(self._sources, seen, strict=True)}
        if found is not None:
            forms = {name: joined(found.forms[name], form) for name, form in forms.items()}
        if found is None or forms != found.forms:
            try:
                found = self._program = program(self._checked, forms, self._batch)
            except (NotWritable, RecursionError):
                self._is_writable = False
                return None
        return found


def _rows(table: Table, batch: Batch) -> list[Row]:
    return [Row(*table.row(index), batch) for index in range(len(table))]


def _read_fields(checked: Checked) -> list[str]:
    """The names of the fields in the tree, in order of appearance."""
    found = (checked.names[node.name] for node in walk(checked.tree) if isinstance(node, Field))
    return list(dict.fromkeys(found))
