"""Types whose value is a plain number: number, percent, currency, rating."""

from collections.abc import Callable, Mapping
from typing import Any

from fields.cell import Cell
from fields.field_type import Example, FieldType
from fields.later import later
from fields.numerals import as_json_number, fixed, is_number, meant_number, read_number, rounded
from fields.option_words import text
from fields.palette import BRIGHT_COLORS
from fields.plain import plain
from fields.wording import shown

MOST_STARS = 10  # docs: "Rating", max is 1 to 10
_amount, _money_text = later("strict.money", "amount"), later("strict.money", "money_text")
RATING_ICONS = ("star", "heart", "thumbsUp", "flag", "dot")


def finite_number(value: Any, cell: Cell, *, meant: Callable[[str], float | None] = meant_number) -> float:
    """The value if it is a JSON number, as the double that Airtable keeps; whole ones are int.

    `meant` gives the number that a text was meant to be, None if there is no telling.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise cell.refusal(
            "wrong_type",
            f"{cell.name} takes a number, not {shown(value)}. {cell.or_cast('Send a JSON number')}",
            suggestion=meant(value) if isinstance(value, str) else None,
        )
    number = as_json_number(value)
    if number is None:
        raise cell.refusal("out_of_range", f"{cell.name} takes a finite number, not {shown(value)}.")
    return number


def number_of_anything(value: Any, cell: Cell, *, shift: int = 0) -> float | None:
    """The number in a text, 1 or 0 for a boolean, None when a text holds no number."""
    match value:
        case bool():
            return int(value)
        case str():
            return read_number(value, locale=cell.locale, shift=shift)
    return finite_number(value, cell)


def _fraction(value: Any, cell: Cell) -> float:
    return finite_number(value, cell, meant=_meant_fraction)


def _meant_fraction(text: str) -> float | None:
    """12.3% is 0.123; without the sign there is no telling 0.5 from 0.5%."""
    bare = text.strip()
    return meant_number(bare.removesuffix("%"), shift=-2) if bare.endswith("%") else None


def _percent_of_anything(value: Any, cell: Cell) -> float | None:
    # "12.3%" is 0.123; without the sign the text is a fraction, as the REST form is.
    has_sign = isinstance(value, str) and "%" in value
    return number_of_anything(value, cell, shift=-2 if has_sign else 0)


def _to_the_cent(value: float, cell: Cell) -> float:
    """Strict: a currency holds no more digits than it shows; doubles such as 0.1 + 0.2 are cut to them."""
    if cell.options.get("currency") is not None:
        value = _amount(value, cell)
    digits = cell.integer("precision")
    return value if digits is None else finite_number(float(rounded(value, _digits(digits))), cell)


def _stars(value: Any, cell: Cell) -> int:
    number = finite_number(value, cell)
    most = _most_stars(cell)
    if isinstance(number, int) and 1 <= number <= most:
        return number
    raise cell.refusal(
        "out_of_range",
        f"{cell.name} takes a whole number from 1 to {most}, not {shown(value)}. Send null to clear it.",
    )


def _stars_of_anything(value: Any, cell: Cell) -> int | None:
    number = number_of_anything(value, cell)
    return None if number is None else _clamped(number, _most_stars(cell))


def _most_stars(cell: Cell) -> int:
    return min(max(cell.integer("max") or MOST_STARS, 1), MOST_STARS)


def _clamped(number: float, most: int) -> int | None:
    """The nearest whole rating; none at all for zero and below."""
    return min(int(min(number, most) + 0.5), most) or None if number > 0 else None


def _digits(precision: int) -> int:
    return min(max(precision, 0), 8)


def _number_text(value: Any, cell: Cell) -> str:
    if not is_number(value):
        return plain(value)
    digits = cell.integer("precision")
    return fixed(value, digits if digits is None else _digits(digits))


def _percent_text(value: Any, cell: Cell) -> str:
    if not is_number(value):
        return plain(value)
    digits = cell.integer("precision")
    return fixed(value, digits if digits is None else _digits(digits), shift=2) + "%"


def _currency_text(value: Any, cell: Cell) -> str:
    if not is_number(value):
        return plain(value)
    if cell.string("currency") and (told := _money_text(value, cell)) is not None:
        return str(told)
    amount = fixed(value, _digits(cell.integer("precision", 2) or 0), grouped=True)
    sign, amount = ("-", amount[1:]) if amount.startswith("-") else ("", amount)
    return f"{sign}{cell.string('symbol', '$')}{amount}"


def _with_precision(most: int, **others: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = {"precision": {"type": "integer", "minimum": 0, "maximum": most}, **others}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


NUMBER = FieldType(
    name="number",
    label="Number",
    doc="A number, shown with `precision` digits after the point (0 to 8).",
    examples=(
        Example(1234.5, "1234.50", {"precision": 2}),
        Example(-3, "-3", {"precision": 0}),
        Example(0, "0", {"precision": 0}),
    ),
    normalise=finite_number,
    cast=number_of_anything,
    display=_number_text,
    options_schema=_with_precision(8),
    can_be_primary=True,
)

PERCENT = FieldType(
    name="percent",
    label="Percent",
    doc="A fraction shown as per cent: 0.123 is 12.3%.",
    examples=(Example(0.123, "12.3%", {"precision": 1}),),
    normalise=_fraction,
    cast=_percent_of_anything,
    display=_percent_text,
    options_schema=_with_precision(8),
    can_be_primary=True,
)

CURRENCY = FieldType(
    name="currency",
    label="Currency",
    doc="An amount with a symbol of free text, no currency code. Strict mode rounds to the precision.",
    strict_options={
        "currency": text("code of ISO 4217: amounts have its digits, and show as the locale writes them")
    },
    examples=(Example(1234.5, "$1,234.50", {"precision": 2, "symbol": "$"}),),
    normalise=finite_number,
    tighten=_to_the_cent,
    cast=number_of_anything,
    display=_currency_text,
    options_schema=_with_precision(7, symbol={"type": "string"}),
    can_be_primary=True,
)

RATING = FieldType(
    name="rating",
    label="Rating",
    doc="A whole number from 1 to `max` (at most 10).",
    examples=(Example(4, "4", {"icon": "star", "max": 5, "color": "yellowBright"}),),
    normalise=_stars,
    cast=_stars_of_anything,
    options_schema={
        "type": "object",
        "properties": {
            "icon": {"type": "string", "enum": list(RATING_ICONS)},
            "max": {"type": "integer", "minimum": 1, "maximum": MOST_STARS},
            "color": {"type": "string", "enum": list(BRIGHT_COLORS)},
        },
        "required": ["icon", "max", "color"],
        "additionalProperties": False,
    },
)
