"""The formula that finds the records which an upsert may change, so that they can be seen before it.

It may find more than Airtable will match: what is seen in vain does no harm, what is missed is neither told
nor undone.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from airtable_gateway.records import CellValues
from airtable_gateway.schema import FieldSchema, TableSchema

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONGEST = 200
"""Characters of a text that are compared: a formula should stay short, and few texts differ only later."""


def matching_formula(
    table: TableSchema | None, rows: Sequence[CellValues], merge_on: Sequence[str]
) -> str | None:
    """True for every record that equals a row in the merge fields; None where that cannot be said."""
    if table is None:
        return None
    fields = [table.field(name) for name in merge_on]
    tests = [_matches(table, fields, row) for row in rows]
    return None if None in tests else f"OR({','.join(map(str, tests))})"


def _matches(table: TableSchema, fields: Sequence[FieldSchema], row: CellValues) -> str | None:
    values = {table.field(name).id: value for name, value in row.items()}
    tests = [_equals(field, values.get(field.id)) for field in fields]
    return None if None in tests else f"AND({','.join(map(str, tests))})"


def _equals(field: FieldSchema, value: Any) -> str | None:
    """Arguments of an AND that are true for every cell with this value."""
    test = _TESTS.get(field.type)
    return test("{" + field.id + "}", value) if test and value is not None else None


def _equals_text(cell: str, value: Any) -> str:
    """A text that begins so and is not longer, line ends apart: Airtable adds one to a rich text."""
    text = str(value).rstrip("\n")
    # Counted as JavaScript does, which counts some characters twice: too long a limit misses nothing.
    longest = len(text.replace("\n", "").encode("utf-16-le", "surrogatepass")) // 2
    begins = f'FIND({text_literal(text[:_LONGEST])},{cell}&"")=1' if text else "1"
    return f'{begins},LEN(SUBSTITUTE({cell}&"","\\n",""))<={longest}'


def _equals_number(cell: str, value: Any) -> str | None:
    try:
        # In full: not every reader of formulas knows exponents.
        return f"{cell}={Decimal(repr(float(value))):f}" if abs(float(value)) < 1e15 else None
    except (TypeError, ValueError, OverflowError):
        return None


def _equals_instant(cell: str, value: Any) -> str:
    """An empty cell is no instant, and one error among the tests would hide every match."""
    return f"IF({cell},IS_SAME({cell},{text_literal(str(value))}),0)"


def _equals_choices(cell: str, value: Any) -> str:
    """Between quotes: a cell's text has marks of its own around a name, and before the quotes in it."""
    chosen = value if isinstance(value, list) else [value]
    parts = dict.fromkeys(part for name in chosen for part in str(name).split('"') if part)
    return ",".join(["1", *(f'FIND({text_literal(part)},{cell}&"")' for part in parts)])


def text_literal(text: str) -> str:
    """A formula's string, which no character of the text can end."""
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'


_TESTS: Mapping[str, Callable[[str, Any], str | None]] = {
    **dict.fromkeys(("singleLineText", "multilineText", "richText", "singleSelect"), _equals_text),
    **dict.fromkeys(("email", "url", "phoneNumber"), _equals_text),
    **dict.fromkeys(("number", "currency", "percent", "rating", "duration"), _equals_number),
    **dict.fromkeys(("date", "dateTime"), _equals_instant),
    "multipleSelects": _equals_choices,
}
"""Types that records may be merged on (docs: "Update multiple records", performUpsert)."""
