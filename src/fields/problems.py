"""What can be wrong with a value, its options or its record: a closed table of codes, and one problem."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

Code: TypeAlias = Literal[
    "unknown_type",
    "computed",
    "wrong_type",
    "out_of_range",
    "too_long",
    "bad_text",
    "bad_date",
    "unknown_choice",
    "not_an_array",
    "not_a_record_id",
    "bad_collaborator",
    "bad_attachment",
    "bad_phone_number",
    "bad_email",
    "bad_url",
    "bad_host",
    "unsafe_url",
    "bad_amount",
    "unknown_currency",
    "bad_duration",
    "bad_barcode",
    "bad_button",
    "bad_file",
    "too_large",
    "too_many",
    "not_convertible",
    "unknown_case",
    "unknown_field",
    "duplicate_field",
    "bad_schema",
    "changed",
    "dropped",
    "new_choice",
    "missing_primary",
    "not_creatable",
    "missing_option",
    "bad_option",
]

CODES: Mapping[Code, str] = MappingProxyType(
    {
        "unknown_type": "Airtable has no field type of that name.",
        "computed": "Airtable fills the cell in itself; it cannot be written.",
        "wrong_type": "The JSON value is of another kind than the field takes.",
        "out_of_range": "The number is not finite, or outside the bounds of the field.",
        "too_long": "The text is longer than a cell holds.",
        "bad_text": "The text holds half a surrogate pair and cannot be sent as UTF-8.",
        "bad_date": "The text is no date, or not in a form that the field reads.",
        "unknown_choice": "The select has no choice of that name.",
        "not_an_array": "The field takes a list of values.",
        "not_a_record_id": "A link takes the ids of records.",
        "bad_collaborator": "The person is named neither by id nor by e-mail address.",
        "bad_attachment": "The attachment is neither a web address to fetch nor the id of a present one.",
        "bad_phone_number": "The text is no telephone number that could be called (strict mode).",
        "bad_email": "The text is no e-mail address (strict mode).",
        "bad_url": "The text is no web address that a browser opens (strict mode).",
        "bad_host": "The text is no name of a host, or there is nobody who could have registered it.",
        "unsafe_url": "The address must not be opened: its scheme, its login or its host (strict mode).",
        "bad_amount": "The amount is no number in its locale, or has more digits than its currency.",
        "unknown_currency": "ISO 4217 has no such currency, or none that money is counted in.",
        "bad_duration": "The text is no length of time.",
        "bad_barcode": "The text is not what a barcode of that symbology holds (strict mode).",
        "bad_button": "The button has no label, or no action that is known.",
        "bad_file": "The file is not of the type that its name or its sender says.",
        "too_large": "The file, or the files together, are larger than is taken.",
        "too_many": "There are more files than the cell takes (strict mode).",
        "not_convertible": "No value of the one type can stand for it in the other.",
        "unknown_case": "The case asks something that there is no answer to.",
        "unknown_field": "The table has no field of that name or id.",
        "duplicate_field": "One field is given two values, by its name and by its id.",
        "bad_schema": "The table's schema is not as the meta API gives it.",
        "changed": "Typecasting makes another value of the one that was given (a warning).",
        "dropped": "Typecasting can make nothing of the value, and would empty the cell (a warning).",
        "new_choice": "Typecasting would add a choice to the select (a warning).",
        "missing_primary": "The record has no value in the field that names it (strict mode).",
        "not_creatable": "The API does not create fields of this type.",
        "missing_option": "A field of this type cannot be made without the option.",
        "bad_option": "The option is unknown, read-only, or has a value that Airtable refuses.",
    }
)

Path: TypeAlias = tuple[str | int, ...]

OPTIONS = "options"
"""The first step of a path that leads into the options instead of the value."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `code` is a key of `CODES`; `message` names the value and the remedy, for a person; `path` leads into
    the value that was checked (in a record it starts with the field's name); `suggestion` is a value that
    would be accepted in its place, None when there is no telling.
    """

    code: Code
    message: str
    path: Path = ()
    suggestion: Any = None

    def under(self, *steps: str | int) -> "Problem":
        """The same problem, seen from `steps` further out."""
        return replace(self, path=(*steps, *self.path))


class Refusal(Exception):
    """A rule does not accept a value; `problems` says why. It never leaves this package."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


class NotAColumn(ValueError):
    """A column is a list of values. Give a list, of one value if there is one."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def column(values: Any) -> Iterable[Any]:
    """The values, to go through one by one. Raises NotAColumn for a text, an object, a number."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise NotAColumn
    return values
