"""Excel's functions that write numbers and dates by a format."""

import math
from datetime import UTC

from formula.coercion import alone, number_of
from formula.functions.dates import wall_of
from formula.functions.extended.date_layout import Moment, write_date
from formula.functions.extended.format_codes import Section, sections
from formula.functions.extended.serials import from_serial, to_serial
from formula.functions.function import Function, function
from formula.functions.text import within
from formula.numerals import number_from
from formula.scope import Batch
from formula.values import DateValue, Failed, Value
from moments import parse_loose

_MOST_DIGITS = 127
"""Excel's limit for FIXED and DOLLAR."""


@function(
    "TEXT",
    "text",
    'TEXT(1234.567, "$#,##0.00") -> "$1,234.57"',
    'TEXT("2024-01-15", "DDDD, D MMMM YYYY") -> "Monday, 15 January 2024"',
    'TEXT(0.285, "0.0%") -> "28.5%"',
)
def text(batch: Batch, value: Value, format: str) -> str:
    """The number or date, written by a format of Excel's (Excel: TEXT).

    Digits 0 # ?, the comma and the point, %, E+00, fractions, sections with conditions, "text"; y m d h s,
    AM/PM and [h]. Months and days are named in the locale of the date, or of the evaluation.
    """
    found = sections(format)
    written = _text(batch, _readable(alone(value), is_date=any(each.is_date for each in found)), found)
    within(len(written), batch.limits)
    return written


def _readable(value: Value, *, is_date: bool) -> Value:
    """Text as the number or, where the format writes dates, the date that it writes."""
    if not isinstance(value, str):
        return value
    number = number_from(value) if value.strip() else None
    instant = parse_loose(value) if is_date and number is None else None
    if instant is not None:
        return DateValue(instant, date_only=":" not in value)
    return value if number is None else number


def _text(batch: Batch, value: Value, found: tuple[Section, ...]) -> str:
    if isinstance(value, str):
        return _of_text(value, found)
    if isinstance(value, DateValue):
        # The clock of the zone, written as one of UTC.
        wall = wall_of(value, batch).replace(tzinfo=UTC)
        number, moment = to_serial(wall), Moment(wall, to_serial(wall), value.locale or batch.locale)
        section, sign = _section(number, found)
    else:
        number = number_of(value)
        if not math.isfinite(number):
            raise Failed("TEXT cannot write a number that is not finite.")
        section, sign = _section(number, found)
        if not section.is_date:
            return sign + _of_number(number, section)
        moment = Moment(from_serial(number), number, batch.locale)
    return write_date(moment, section) if section.is_date else sign + _of_number(number, section)


def _of_text(value: str, found: tuple[Section, ...]) -> str:
    """Text by the fourth section, or one that has an @; else as it is."""
    section = found[3] if len(found) > 3 else next((each for each in found if each.has("text")), None)
    if section is None:
        return value
    return "".join(value if piece.kind == "text" else piece.text for piece in section.pieces)


def _of_number(number: float, section: Section) -> str:
    # 10 ms to import the decimals that it needs, and few formulas have a format.
    from formula.functions.extended.number_layout import exact, general, write_number

    if section.has("general") or section.has("text"):
        shown = general(abs(number))
        kinds = ("general", "text")
        return "".join(shown if piece.kind in kinds else piece.text for piece in section.pieces)
    return write_number(abs(exact(number)), section)


def _section(number: float, found: tuple[Section, ...]) -> tuple[Section, str]:
    """The section for a number, and the sign before it: the section for negative numbers has its own."""
    sign = "-" if number < 0 else ""
    if any(section.condition for section in found):
        for section in found[:3]:
            if section.condition is None or section.condition(number):
                return section, "" if section.is_negative else sign
        raise Failed("No section of the format is for this number.")
    if number < 0 and len(found) > 1:
        return found[1], ""
    if number == 0 and len(found) > 2:
        return found[2], ""
    return found[0], sign if found[0].pieces else ""


@function("FIXED", "text", 'FIXED(1234.567, 1) -> "1,234.6"', 'FIXED(-1234.567, -1, TRUE()) -> "-1230"')
def fixed(number: float, digits: int = 2, no_commas: bool = False) -> str:  # noqa: FBT001, FBT002 - positional in Excel
    """The number rounded, with exactly so many digits behind the point (Excel: FIXED)."""
    return _fixed("FIXED", number, digits, comma="" if no_commas else ",")


@function("DOLLAR", "text", 'DOLLAR(1234.567, 2) -> "$1,234.57"', 'DOLLAR(-0.123, 4) -> "($0.1230)"')
def dollar(number: float, digits: int = 2) -> str:
    """The number rounded, as dollars; a negative one in parentheses (Excel: DOLLAR)."""
    amount = f"${_fixed('DOLLAR', abs(number), digits, comma=',')}"
    return f"({amount})" if number < 0 else amount


def _fixed(name: str, number: float, digits: int, *, comma: str) -> str:
    from formula.functions.extended.number_layout import exact, rounded

    if not math.isfinite(number) or digits > _MOST_DIGITS:
        raise Failed(f"{name} takes a finite number and up to {_MOST_DIGITS} digits.")
    # No double is larger than 10^309: any digits further on round to 0.
    value = rounded(exact(number), max(digits, -400))
    return f"{value:{comma}.{max(digits, 0)}f}"


FORMAT_FUNCTIONS: tuple[Function, ...] = (text, fixed, dollar)
