"""How many files, and how large."""

import re
from collections.abc import Sequence
from typing import Any

from fields.cell import Cell
from fields.problems import Problem, Refusal
from fields.wording import shown

MOST_FETCHED_BYTES = 1_073_741_824  # Airtable fetches files up to 1 GB (docs: "Attachments")
MOST_UPLOADED_BYTES = 5_242_880  # and takes 5 MB in one request (docs: "Upload attachment")

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2,3}={0,2})?")


def file_sizes(sizes: Sequence[Any], cell: Cell) -> list[int]:
    """The sizes in bytes, if each file, all of them together and their number are within bounds.

    Options: `via` ("url" or "upload": Airtable's own bounds), `max_bytes`, `max_total_bytes`, `max_count`.
    """
    most = _most_bytes(cell)
    problems = [problem for index, size in enumerate(sizes) for problem in _judge(size, most, index, cell)]
    if not problems:
        problems += _together([int(size) for size in sizes], cell)
    if problems:
        raise Refusal(problems)
    return [int(size) for size in sizes]


def decoded_size(text: str, cell: Cell) -> int:
    """The bytes that a base64 text stands for, told without decoding it. Line breaks in it are skipped."""
    bare = re.sub(r"[\r\n\t ]", "", text)
    if not _BASE64.fullmatch(bare):
        raise cell.refusal("bad_file", f"{cell.name} is not base64. Encode the file's bytes.")
    return len(bare.rstrip("=")) * 3 // 4


def check_count(count: int, cell: Cell) -> None:
    """Refuses more files than the option `max_count` allows."""
    most = cell.integer("max_count")
    if most is not None and count > most:
        raise cell.refusal("too_many", f"{cell.name} takes {most} files at most, and there are {count}.")


def _most_bytes(cell: Cell) -> int:
    by_way = MOST_UPLOADED_BYTES if cell.string("via") == "upload" else MOST_FETCHED_BYTES
    own = cell.integer("max_bytes")
    return by_way if own is None else own


def _judge(size: Any, most: int, index: int, cell: Cell) -> list[Problem]:
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        return [
            Problem("wrong_type", f"{cell.name}: a size is a number of bytes, not {shown(size)}.", (index,))
        ]
    if size > most:
        return [
            Problem("too_large", f"{cell.name} takes files of {most:,} bytes, not {shown(size)}.", (index,))
        ]
    return []


def _together(sizes: list[int], cell: Cell) -> list[Problem]:
    most = cell.integer("max_total_bytes")
    try:
        check_count(len(sizes), cell)
    except Refusal as refusal:
        return list(refusal.problems)
    if most is not None and sum(sizes) > most:
        return [
            Problem("too_large", f"{cell.name} takes {most:,} bytes in all, and there are {sum(sizes):,}.")
        ]
    return []
