"""Telephone numbers as libphonenumber knows them."""

from collections.abc import Iterator
from contextlib import suppress

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from fields.cell import Cell
from fields.problems import OPTIONS
from fields.wording import listed, quoted, shown

_FORMATS = {
    "E164": PhoneNumberFormat.E164,
    "INTERNATIONAL": PhoneNumberFormat.INTERNATIONAL,
    "NATIONAL": PhoneNumberFormat.NATIONAL,
    "RFC3966": PhoneNumberFormat.RFC3966,
}


def phone_number(text: str, cell: Cell) -> str:
    """The number in the format of the options. Refuses what nobody could call.

    Without a `format` the normal form is E.164, RFC 3966 for a number with an extension, which E.164 cannot
    hold. The metadata of the installed phonenumbers decides what is valid.
    """
    number = _parsed(text, _region(cell))
    if number is None or not phonenumbers.is_valid_number(number):
        raise cell.refusal("bad_phone_number", _message(text, cell, number), suggestion=_mended(text, cell))
    _check_allowed(number, text, cell)
    return _written(number, cell.string("format"))


def phone_text(value: str, cell: Cell) -> str:
    """The number as the option `display` asks (NATIONAL, INTERNATIONAL, ...); as it is without one."""
    format = _FORMATS.get(cell.string("display"))
    number = None if format is None else _parsed(value, _region(cell))
    return value if number is None or format is None else phonenumbers.format_number(number, format)


def _region(cell: Cell) -> str | None:
    """The region that numbers without a country code are of. Refuses one that has no telephone plan."""
    region = cell.string("default_region").upper() or None
    if region and region not in phonenumbers.SUPPORTED_REGIONS:
        message = f"{cell.name}: default_region is a country such as US or DE, not {quoted(region)}."
        raise cell.refusal("bad_option", message, path=(OPTIONS, "default_region"))
    return region


def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    with suppress(phonenumbers.NumberParseException):
        return phonenumbers.parse(text, region)
    return None


def _written(number: PhoneNumber, format: str) -> str:
    default = "RFC3966" if number.extension else "E164"
    return phonenumbers.format_number(number, _FORMATS.get(format, _FORMATS[default]))


def _check_allowed(number: PhoneNumber, text: str, cell: Cell) -> None:
    regions = cell.strings("allowed_regions")
    region = phonenumbers.region_code_for_number(number)
    if regions and region not in regions:
        message = f"{cell.name} takes numbers of {listed(regions)}; {quoted(text)} is of {region}."
        raise cell.refusal("bad_phone_number", message)
    types = cell.strings("allowed_types")
    type = PhoneNumberType.to_string(phonenumbers.number_type(number))
    if types and type not in types:
        message = f"{cell.name} takes numbers of the types {listed(types)}; {quoted(text)} is {type}."
        raise cell.refusal("bad_phone_number", message)


def _message(text: str, cell: Cell, number: PhoneNumber | None) -> str:
    if number is None and not _region(cell) and any(sign.isdigit() for sign in text):
        remedy = "Start it with + and the country code, or set the option default_region."
    else:
        remedy = "Check its digits, or send null to clear the cell."
    return f"{cell.name} takes a telephone number that can be called, not {shown(text)}. {remedy}"


def _mended(text: str, cell: Cell) -> str | None:
    """The nearest number that is valid: with the + that was left out, or without digits too many."""
    numbers = (_parsed(candidate, _region(cell)) for candidate in _candidates(text))
    for number in filter(None, numbers):
        if phonenumbers.is_valid_number(number) or phonenumbers.truncate_too_long_number(number):
            return _written(number, cell.string("format"))
    return None


def _candidates(text: str) -> Iterator[str]:
    yield text
    bare = text.strip()
    if bare[:2] == "00":
        yield "+" + bare[2:]
    if bare[:1].isdigit():
        yield "+" + bare
