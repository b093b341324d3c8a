"""The base of every field type: its rules, its words, and what may be done with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from fields.cell import NO_OPTIONS, Cell, Options
from fields.plain import plain
from fields.problems import Refusal
from fields.suggestions import tried

Rule: TypeAlias = Callable[[Any, Cell], Any]
"""A value and its cell in, the normal value out; raises Refusal. Never called with None."""
Display: TypeAlias = Callable[[Any, Cell], str]
"""A value and its cell in, its text out; never fails, whatever the value."""


@dataclass(frozen=True, slots=True)
class Example:
    """A value in its normal form, the options it stands under, and its text."""

    value: Any
    text: str
    options: Options = field(default_factory=lambda: NO_OPTIONS)


def is_empty(value: Any) -> bool:
    """Whether Airtable leaves the value out of a record: null, "", [] or false (never 0)."""
    return value is None or value is False or (isinstance(value, str | list | tuple) and not value)


def plain_text(value: Any, cell: Cell) -> str:  # noqa: ARG001 - a Display is told the cell
    """The display of types that need none of their own."""
    return plain(value)


def _computed(value: Any, cell: Cell) -> Any:  # noqa: ARG001 - a Rule is told the value
    raise cell.refusal(
        "computed", f"{cell.name} is computed: Airtable fills it in. Leave it out of what you write."
    )


def _nothing_more(options: Options, label: str) -> None:
    """The judge of options of which a schema says all."""


def _as_given(options: dict[str, Any], label: str) -> dict[str, Any]:  # noqa: ARG001 - told, not needed
    return options


_NONE_TAKEN: Mapping[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}


@dataclass(frozen=True, slots=True)
class FieldType:
    """A field type of Airtable's (reference: "Field types and cell values" of the Web API).

    `normalise` accepts what the server accepts, `tighten` runs after it in strict mode, `cast` is what
    typecast=true makes of a value that `normalise` may refuse, `display` is cellFormat=string.
    `options_schema` is a JSON Schema of the options' write form, `complete_options` fills in what may be left
    out there and refuses what a schema cannot say; `judge_options` refuses that in options as they are read.
    `strict_options` are the library's own, which Airtable does not keep: the schema of each, with its
    description. `examples` are held to by tests.
    """

    name: str
    label: str
    doc: str
    examples: tuple[Example, ...]
    normalise: Rule = _computed
    display: Display = plain_text
    cast: Rule | None = None
    tighten: Rule | None = None
    options_schema: Mapping[str, Any] = field(default_factory=lambda: _NONE_TAKEN)
    judge_options: Callable[[Options, str], None] = _nothing_more
    complete_options: Callable[[dict[str, Any], str], dict[str, Any]] = _as_given
    strict_options: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: NO_OPTIONS)
    computed: bool = False
    creatable: bool = True
    can_be_primary: bool = False

    @property
    def formula_type(self) -> str:
        """What the formula language calls the type: Airtable's own name."""
        return self.name

    def is_empty(self, value: Any) -> bool:
        """Whether a cell of that value reads back as absent."""
        return is_empty(value)

    def accept(self, value: Any, cell: Cell) -> Any:
        """The value in its normal form, None when empty. Raises Refusal, whose suggestions are accepted."""
        try:
            return self._accepted(value, cell)
        except Refusal as refusal:
            if cell.may_cast and not self._is_read(value, cell):
                return self.accept(value, replace(cell, may_cast=False))
            raise Refusal(tried(refusal.problems, value, lambda other: self._accepted(other, cell))) from None

    def _accepted(self, value: Any, cell: Cell) -> Any:
        if not self.computed and value is None:
            return None
        normal = self.normalise(value, cell)
        if cell.strict and self.tighten:
            normal = self.tighten(normal, cell)
        return None if is_empty(normal) else normal

    def read(self, value: Any, cell: Cell) -> Any:
        """What typecast=true makes of the value, None when empty. Raises Refusal."""
        try:
            return self._cast(value, cell)
        except Refusal as refusal:
            raise Refusal(tried(refusal.problems, value, lambda other: self._cast(other, cell))) from None

    def _is_read(self, value: Any, cell: Cell) -> bool:
        """Whether typecasting takes the value."""
        try:
            self._cast(value, cell)
        except Refusal:
            return False
        return True

    def _cast(self, value: Any, cell: Cell) -> Any:
        if not self.computed and value is None:
            return None
        made = (self.cast or self.normalise)(value, cell)
        return None if is_empty(made) else made

    def show(self, value: Any, cell: Cell) -> str:
        """The value's text, "" when empty."""
        return "" if is_empty(value) else self.display(value, cell)
