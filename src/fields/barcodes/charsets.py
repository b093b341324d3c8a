"""Symbologies without a check digit to see: they hold what their character set has, up to a length."""

import re
from collections.abc import Callable

from fields.cell import Cell
from fields.wording import quoted, shown


def characters(label: str, pattern: str, told: str, mend: Callable[[str], str]) -> Callable[[str, Cell], str]:
    """The rule of texts that match the pattern; `told` is that in words, `mend` what may be meant."""

    def rule(text: str, cell: Cell) -> str:
        if re.fullmatch(pattern, text):
            return text
        mended = mend(text)
        suggestion = mended if re.fullmatch(pattern, mended) else None
        message = f"{cell.name}: {label} holds {told}, not {shown(text)}."
        raise cell.refusal("bad_barcode", message, suggestion=suggestion)

    return rule


def capacity(label: str, digits: int, alphanumeric: int, octets: int) -> Callable[[str, Cell], str]:
    """The rule of two-dimensional codes: any text, so long as it fits in the largest symbol.

    The three capacities are those of the symbol's modes: digits alone, capitals and digits, and octets.
    """

    def rule(text: str, cell: Cell) -> str:
        size, most, unit = _need(text, digits, alphanumeric, octets)
        if not size:
            raise cell.refusal("bad_barcode", f"{cell.name}: {label} holds a text, and this one is empty.")
        if size > most:
            message = f"{cell.name}: {label} holds {most} {unit}, and {quoted(text)} has {size}."
            raise cell.refusal("bad_barcode", message)
        return text

    return rule


def _need(text: str, digits: int, alphanumeric: int, octets: int) -> tuple[int, int, str]:
    if text.isascii() and text.isdigit():
        return len(text), digits, "digits"
    if re.fullmatch(r"[0-9A-Z $%*+\-./:]+", text):
        return len(text), alphanumeric, "characters"
    return len(text.encode("utf-8")), octets, "bytes"
