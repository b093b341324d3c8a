"""A Moment pattern cut into tokens: "D MMM [at] LT" is D, MMM, the word "at" and the tokens behind LT.

The grammar is Moment's own (2.30, formattingTokens): what is not a token stands for itself, letter by
letter; text in brackets and what follows a backslash is taken as it is; line breaks are dropped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from moments.locales import Locale

_WORDS = (
    r"[Hh]mm(?:ss)?|Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?|w[o|w]?|W[o|W]?|Qo?|N{1,5}|YYYYYY|YYYYY|YYYY|YY"
    r"|y{2,4}|yo?|gg(?:ggg?)?|GG(?:GGG?)?|e|E|a|A|hh?|HH?|kk?|mm?|ss?|S{1,9}|x|X|zz?|ZZ?|."
)
_PIECE = re.compile(rf"(?P<quoted>\[[^\[]*\])|(?P<escaped>\\(?:{_WORDS}))|(?P<token>{_WORDS})")
_LONG_FORM = re.compile(r"\[[^\[]*\]|\\?(?:LTS|LT|LL?L?L?|l{1,4})")
_BRACKETS = re.compile(r"^\[|\]$")

# A long form may hold another one; Moment looks no deeper than this.
_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a pattern: a token, or text to be taken as it is."""

    text: str
    is_token: bool


def expand(pattern: str, locale: Locale) -> str:
    """`pattern` with the long forms (L, LT, llll) replaced by the patterns that they stand for."""
    for _ in range(_DEPTH):
        expanded = _LONG_FORM.sub(lambda match: locale.long_form(match[0]) or match[0], pattern)
        if expanded == pattern:
            break
        pattern = expanded
    return pattern


def pieces(pattern: str) -> Iterator[Piece]:
    """The parts of an expanded pattern, in order."""
    for match in _PIECE.finditer(pattern):
        if match["quoted"]:
            yield Piece(_BRACKETS.sub("", match[0]), is_token=False)
        elif match["escaped"]:
            yield Piece(match[0][1:], is_token=False)
        else:
            yield Piece(match[0], is_token=True)
