"""What strict mode asks of a barcode's value: that its text can stand under such a barcode."""

from typing import Any

from fields.barcodes.symbologies import Symbology, symbology
from fields.cell import Cell
from fields.problems import OPTIONS, Problem, Refusal
from fields.wording import quoted


def strict_barcode(value: dict[str, str], cell: Cell) -> dict[str, str]:
    """{text, type} with the text in the symbology's normal form; the spelling of the type stays.

    The option `symbology` says which one the field takes, and is the type of a value that names none. A
    value without either is any text.
    """
    wanted, named = cell.options.get("symbology"), value.get("type")
    if wanted is None and named is None:
        return value
    taken = None if wanted is None else _taken(wanted, cell)
    found = symbology(named, cell) if taken is None or named is not None else taken
    if taken not in (None, found):
        message = f"{cell.name} takes barcodes of {quoted(str(wanted))}, not of {quoted(found.name)}."
        raise cell.refusal("bad_barcode", message, path=("type",), suggestion=wanted)
    try:
        text = found.rule(value["text"], cell)
    except Refusal as refusal:
        raise Refusal([problem.under("text") for problem in refusal.problems]) from None
    return {"text": text, "type": str(wanted if named is None else named)}


def _taken(wanted: Any, cell: Cell) -> Symbology:
    """The symbology that the field takes. Refuses one that does not exist as a mistake in the options."""
    try:
        return symbology(wanted, cell)
    except Refusal as refusal:
        [problem] = refusal.problems
        path = (OPTIONS, "symbology")
        raise Refusal([Problem("bad_option", problem.message, path, problem.suggestion)]) from None
