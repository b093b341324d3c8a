"""The generated function: its source put together, compiled, and run over a batch of rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from formula.checker import Checked
from formula.generated.columns import Form
from formula.generated.fragment import NotWritable
from formula.generated.wants import as_boxed
from formula.generated.writer import Writer
from formula.scope import Batch
from formula.values import FAILURES, Value, failure

_MAX_CHARACTERS = 50_000
"""Longer code takes longer to compile than it saves."""


@dataclass(frozen=True, slots=True)
class Program:
    """A formula compiled for columns of certain forms.

    `source` is the code that it was compiled from, for whoever wants to read it.
    """

    forms: Mapping[str, Form]
    source: str
    needs_rows: bool
    _run: Callable[[Any, Batch], list[Any]]

    def run(self, columns: Sequence[Sequence[Any]], batch: Batch) -> list[Value]:
        """The values of the rows; what fails is an error value.

        There is a column for each form, and one of Rows behind them where the program needs them, or where
        there is no other.
        """
        try:
            return self._run(zip(*columns, strict=True), batch)
        except (*FAILURES, RecursionError):
            return [self._one(cells, batch) for cells in zip(*columns, strict=True)]

    def _one(self, cells: tuple[Any, ...], batch: Batch) -> Value:
        try:
            value: Value = self._run((cells,), batch)[0]
            return value
        except FAILURES as error:
            return failure(error)


def program(checked: Checked, forms: Mapping[str, Form], batch: Batch) -> Program:
    """The program of a tree for columns of these forms, by field name. Raises NotWritable."""
    writer = Writer(checked, forms, batch)
    value = as_boxed(writer, writer.write(checked.tree))
    source = _source(value, len(forms), writer)
    if len(source) > _MAX_CHARACTERS:
        raise NotWritable
    namespace: dict[str, Any] = {"__builtins__": {}, **writer.constants}
    try:
        exec(compile(source, "<formula>", "exec"), namespace)  # noqa: S102 - written from the tree alone, never from the text
    except (SyntaxError, RecursionError, MemoryError):
        # Python refuses code that is nested too deeply; the closures do not.
        raise NotWritable from None
    return Program(dict(forms), source, writer.needs_rows, namespace["run"])


def _source(value: str, count: int, writer: Writer) -> str:
    names = [f"c{number}" for number in range(count)]
    if writer.needs_rows or not names:
        names.append("row")
    prelude = "".join(f"    {name} = {code}\n" for code, name in writer.prelude.items())
    return f"def run(rows, batch):\n{prelude}    return [{value} for {', '.join(names)}, in rows]\n"
