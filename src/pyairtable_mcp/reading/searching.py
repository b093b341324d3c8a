"""Finding text in a table: by Airtable's filter where one can hold the question, else record by record.

The same formula says what matches in both ways, so that they agree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from unicodedata import normalize

from airtable_gateway import BaseSchema, FieldSchema, Record, RecordQuery, TableSchema
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.reading import formula_inputs
from pyairtable_mcp.reading.quoting import field_reference, text_literal
from pyairtable_mcp.reading.windows import Keeps
from pyairtable_mcp.tool import ToolContext

if TYPE_CHECKING:
    from formula import Compiled

# Airtable documents no limit for a filter; a URL ends at 16,000 characters, and longer ones are sent as POST.
_FILTER_CHARACTERS = 15_000
_FILTER_FIELDS = 150

_PLAIN = {"singleLineText", "multilineText", "richText", "aiText", "email", "url", "phoneNumber", "barcode"}
_CHOSEN = {"singleSelect", "multipleSelects", "externalSyncSource", "multipleAttachments", "button"}
_PEOPLE = {"singleCollaborator", "multipleCollaborators", "createdBy", "lastModifiedBy"}
_ELSEWHERE = {"multipleRecordLinks", "multipleLookupValues", "formula", "rollup"}
_TEXT_LIKE = frozenset(_PLAIN | _CHOSEN | _PEOPLE | _ELSEWHERE)
_MAY_FAIL = frozenset({"formula", "rollup", "multipleLookupValues", "button", "aiText"})


@dataclass(frozen=True, slots=True)
class Search:
    """The records to ask Airtable for, and what chooses among them, None when its filter does."""

    query: RecordQuery
    keeps: Keeps | None = None


def searched_fields(table: TableSchema, names: Sequence[str] | None) -> list[FieldSchema]:
    """The named fields, else all that show text, links and lookups as the names that people see.

    Raises FieldNotFound.
    """
    if names:
        return [table.field(name) for name in names]
    return [field for field in table.fields if field.type in _TEXT_LIKE]


def search(
    ctx: ToolContext, schema: BaseSchema, table: TableSchema, text: str, fields: Sequence[FieldSchema]
) -> Search:
    """How to find the records of which one of the fields contains `text`, in any case."""
    groups = list(_groups(text, fields))
    if len(groups) == 1:
        return Search(RecordQuery(filter_by_formula=_contains(text, groups[0])))
    if not groups:
        return Search(RecordQuery(filter_by_formula="FALSE()"))
    return Search(RecordQuery(), _Sieve(ctx, schema, table, text, groups))


class _Sieve:
    """Runs here, a group of fields after the other, what is too long to be one filter of Airtable's."""

    def __init__(
        self,
        ctx: ToolContext,
        schema: BaseSchema,
        table: TableSchema,
        text: str,
        groups: Sequence[Sequence[FieldSchema]],
    ) -> None:
        self._ctx = ctx
        self._schema = schema
        self._table = table
        self._text = text
        self._groups = groups

    @property
    def question(self) -> str:
        """The text, and the fields that are searched."""
        return self._text + "\n" + ",".join(field.id for group in self._groups for field in group)

    async def __call__(self, records: Sequence[Record]) -> list[bool]:
        """Whether a field of each record contains the text."""
        names = [field.name for group in self._groups for field in group]
        rows = await formula_inputs.with_link_names(self._ctx, self._schema, self._table, records, names)
        return [any(filter.matches(row) for filter in self._filters) for row in rows]

    @cached_property
    def _filters(self) -> "list[Compiled]":
        import formula

        types = formula_inputs.field_types(self._table)
        names = formula_inputs.field_names(self._table)
        return [
            formula.compile(_contains(self._text, group), types, field_names=names) for group in self._groups
        ]


def _groups(text: str, fields: Sequence[FieldSchema]) -> Iterator[list[FieldSchema]]:
    """The fields in groups, each short enough for a formula."""
    group: list[FieldSchema] = []
    for field in fields:
        if group and (
            len(group) == _FILTER_FIELDS or len(_contains(text, [*group, field])) > _FILTER_CHARACTERS
        ):
            yield group
            group = []
        group.append(field)
    if group:
        yield group


def not_searched(table: TableSchema, fields: Sequence[FieldSchema]) -> str:
    """Which fields of the table are not among these, and how to look into them too; "" if all are."""
    left_out = [field.name for field in table.fields if field not in fields]
    if not left_out:
        return ""
    return f"Not looked into: {shortened(left_out)}. To search one, name it in `fields`."


def _contains(text: str, searched: Sequence[FieldSchema]) -> str:
    """The filter that keeps a record when one of the fields contains the text, in any case."""
    needles = [text_literal(form) for form in _forms(text)]
    return "OR(" + ",".join(_field_contains(needles, field) for field in searched) + ")"


def _forms(text: str) -> list[str]:
    """The text in small letters, as it is and with its accented letters in one character and in two."""
    small = text.lower()
    return list(dict.fromkeys([small, normalize("NFC", small), normalize("NFD", small)]))


def _field_contains(needles: Sequence[str], field: FieldSchema) -> str:
    """Joining with "" makes one text of a list; an error value would otherwise spoil the whole filter."""
    reference = field_reference(field.id)
    finds = [f'FIND({needle},LOWER({reference}&""))' for needle in needles]
    found = finds[0] if len(finds) == 1 else f"OR({','.join(finds)})"
    return f"IF(ISERROR({reference}),0,{found})" if field.type in _MAY_FAIL else found
