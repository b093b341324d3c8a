"""Excel's format codes, read: "#,##0.00;(0.00)", "dd/mm/yyyy", "[<=9999999]###-####;(###) ###-####"."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from formula.numerals import number_from
from formula.values import Failed

_MAX_CHARACTERS = 1_000
"""Excel takes 255."""


class Piece(NamedTuple):
    """A piece of a format.

    `kind` is literal, digit, point, comma, percent, exponent, slash, text, date, half or general; `text` is
    what a literal writes, for all others how they stand in the format.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One format of several; `condition` says for which numbers, where the format says it."""

    pieces: tuple[Piece, ...]
    condition: Callable[[float], bool] | None = None
    is_negative: bool = False
    """Whether its condition holds for negative numbers alone, which it then writes without their sign."""

    def has(self, kind: str) -> bool:
        """Whether there is a piece of that kind."""
        return any(piece.kind == kind for piece in self.pieces)

    @property
    def is_date(self) -> bool:
        """Whether it writes a date or a time."""
        return self.has("date") or self.has("half")


_PIECE = re.compile(
    r"""
    "(?P<quoted>[^"]*)"?
    | \\(?P<escaped>.)
    | _(?P<space>.)
    | \*(?P<filler>.)
    | \[(?P<bracket>[^\]]*)\]
    | (?P<general>general)
    | (?P<exponent>e[+-])
    | (?P<half>am/pm|a/p)
    | (?P<date>y+|m+|d+|h+|s+)
    | (?P<digit>[0\#?])
    | (?P<point>\.) | (?P<comma>,) | (?P<percent>%) | (?P<slash>/) | (?P<text>@) | (?P<end>;)
    | (?P<literal>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)(.+)")
_NEGATIVE = re.compile(r"<\s*0|<=?\s*-.*")
_CURRENCY = re.compile(r"\$([^-]*)(?:-.*)?")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@lru_cache(maxsize=256)
def sections(code: str) -> tuple[Section, ...]:
    """The sections of a format code. Fails for one that is too long."""
    if len(code) > _MAX_CHARACTERS:
        raise Failed(f"A format has at most {_MAX_CHARACTERS:,} characters.")
    found: list[Section] = []
    pieces: list[Piece] = []
    condition: Callable[[float], bool] | None = None
    is_negative = False
    for match in _PIECE.finditer(code):
        if match.lastgroup == "end":
            found.append(Section(tuple(pieces), condition, is_negative))
            pieces, condition, is_negative = [], None, False
        elif match.lastgroup == "bracket":
            condition = _condition(match["bracket"]) or condition
            is_negative |= _NEGATIVE.fullmatch(match["bracket"]) is not None
            pieces += _bracketed(match["bracket"])
        else:
            pieces.append(_piece(match))
    return (*found, Section(tuple(pieces), condition, is_negative))


def _piece(match: re.Match[str]) -> Piece:
    kind = match.lastgroup
    match kind:
        case "quoted" | "escaped":
            return Piece("literal", match[kind])
        case "space":
            return Piece("literal", " ")
        case None | "filler":
            # A filler repeats a character up to the width of the cell, which a text has not.
            return Piece("literal", "")
        case _:
            return Piece(kind, match.group())


def _condition(text: str) -> Callable[[float], bool] | None:
    found = _CONDITION.fullmatch(text)
    limit = number_from(found[2]) if found else None
    if found is None or limit is None:
        return None
    compare = _COMPARE[found[1]]
    return lambda number: compare(number, limit)


def _bracketed(text: str) -> list[Piece]:
    """What a bracket writes: [h] elapsed hours, [$€-407] a currency; colours and conditions nothing."""
    if _ELAPSED.fullmatch(text):
        return [Piece("date", f"[{text.lower()}]")]
    currency = _CURRENCY.fullmatch(text)
    return [Piece("literal", currency[1])] if currency else []
