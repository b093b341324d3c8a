"""One value of one field: is it right, what is it from text, and how does a person read it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fields.cast_warnings import cast_warnings
from fields.cell import Cell, Mode, Options, check_asker, is_strict, mapping
from fields.checked import Checked
from fields.field_type import FieldType, is_empty
from fields.given_options import given_options
from fields.name_lists import join_names
from fields.plain import plain
from fields.problems import Problem, Refusal
from fields.table import field_type

# Values of these types are lists already; a lookup of them is one list.
_LISTS = ("multipleSelects", "multipleCollaborators", "multipleRecordLinks", "multipleAttachments")


def check(type: str, value: Any, options: Options | None = None, *, mode: Mode = "strict") -> Checked:
    """The value as the REST API takes it, or why it is refused; null clears every cell that can be written.

    `type` is Airtable's name, `options` the field's as the meta API gives them. Mode "airtable" accepts and
    refuses what the server does, "strict" what the library holds to be right as well. Raises ValueError for
    another mode, nothing else.
    """
    strict = is_strict(mode)
    return _answer(type, options, lambda found, cell: found.accept(value, cell), strict=strict)


def typecast(
    type: str, value: Any, options: Options | None = None, *, time_zone: str = "utc", locale: str = "en"
) -> Checked:
    """What Airtable makes of the value under typecast=true.

    Choices that the options do not list stay in `.value`, for the caller to create; links are ids or values
    of the primary field; a person known by name alone is {"name"}. A text without a number is an empty
    number; a text that is no date is refused. What is changed, dropped or to be created is told in
    `.warnings`. Raises moments.MomentError for an unknown zone or locale.
    """
    check_asker(locale, time_zone)
    told: list[Problem] = []

    def ask(found: FieldType, cell: Cell) -> Any:
        made = found.read(value, cell)
        told.extend(cast_warnings(value, made, found, cell))
        return made

    answer = _answer(type, options, ask, time_zone=time_zone, locale=locale, may_cast=False)
    return replace(answer, warnings=tuple(told)) if told else answer


def text(
    type: str, value: Any, options: Options | None = None, *, locale: str = "en", time_zone: str = "utc"
) -> str:
    """The value as cellFormat=string gives it, "" when empty. Never fails over a value or its options.

    `locale` words dates, `time_zone` is used where the field says "client" or nothing. Raises
    moments.MomentError for an unknown zone or locale.
    """
    check_asker(locale, time_zone)
    try:
        found = field_type(type)
    except Refusal:
        return plain(value)
    return _text(found, value, Cell(found.label, mapping(options), locale=locale, time_zone=time_zone))


def _answer(type: str, options: Any, ask: Callable[[FieldType, Cell], Any], **told: Any) -> Checked:
    try:
        found = field_type(type)
        cell = Cell(found.label, given_options(options, found, found.label), **told)
        value = ask(found, cell)
    except Refusal as refusal:
        return Checked(problems=refusal.problems)
    return Checked(value, _text(found, value, cell))


def _text(type: FieldType, value: Any, cell: Cell) -> str:
    """A computed value shows as the type of its result does."""
    result = cell.options.get("result")
    if not type.computed or not isinstance(result, Mapping):
        return type.show(value, cell)
    try:
        shown_as = field_type(result.get("type"))
    except Refusal:
        return type.show(value, cell)
    inner = Cell(cell.name, mapping(result.get("options")), locale=cell.locale, time_zone=cell.time_zone)
    if isinstance(value, list | tuple) and shown_as.name not in _LISTS:
        return join_names(_text(shown_as, member, inner) for member in value if not is_empty(member))
    return _text(shown_as, value, inner)
