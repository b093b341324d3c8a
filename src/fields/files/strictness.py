"""What strict mode asks of an attachment cell: addresses that may be fetched, and clean names."""

from fields.cell import Cell
from fields.files.limits import check_count
from fields.files.names import clean_filename
from fields.members import each
from fields.problems import Refusal
from fields.strict.fetching import fetch_address


def strict_attachments(value: list[dict[str, str]], cell: Cell) -> list[dict[str, str]]:
    """The same attachments, each address in its normal form and each name cleaned."""
    check_count(len(value), cell)
    return each(value, cell, _attachment)


def _attachment(value: dict[str, str], cell: Cell) -> dict[str, str]:
    made = dict(value)
    if made.get("filename"):
        made["filename"] = clean_filename(made["filename"])
    if "url" in made:
        try:
            made["url"] = fetch_address(made["url"], cell)
        except Refusal as refusal:
            raise Refusal([problem.under("url") for problem in refusal.problems]) from None
    return made
