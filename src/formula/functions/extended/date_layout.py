"""A date or a time written by a section of an Excel format: the tokens of Excel as those of Moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from formula.functions.extended.format_codes import Piece, Section
from moments import format_moment

_TOKENS: Mapping[str, str] = {
    **dict.fromkeys(("y", "yy"), "YY"),
    "m": "M",
    "mm": "MM",
    "mmm": "MMM",
    "mmmm": "MMMM",
    "d": "D",
    "dd": "DD",
    "ddd": "ddd",
    "h": "H",
    "s": "s",
}
_LONGER: Mapping[str, str] = {"y": "YYYY", "m": "MMMM", "d": "dddd", "h": "HH", "s": "ss"}
"""What more letters than a token has are read as."""

_ELAPSED_SECONDS = {"h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True, slots=True)
class Moment:
    """What is written: a date on its calendar and clock, in a language; `days` is its number in Excel."""

    wall: datetime
    days: float
    locale: str


def write_date(moment: Moment, section: Section) -> str:
    """The date as the section writes it."""
    pieces = _with_minutes(section.pieces)
    moment = _rounded(moment, pieces)
    written: list[str] = []
    for index, piece in enumerate(pieces):
        written.append(_written(moment, piece, pieces[:index], is_twelve=section.has("half")))
    return "".join(written)


def _rounded(moment: Moment, pieces: Sequence[Piece]) -> Moment:
    """The moment to the last digit of its seconds that is written: Excel rounds there, and cuts elsewhere."""
    digits = min(3, sum(piece.kind == "digit" for piece in pieces))
    unit = 10 ** (6 - digits)
    microseconds = moment.wall.microsecond
    later = (microseconds + unit // 2) // unit * unit - microseconds
    seconds = round(moment.days * 86_400, digits)
    return Moment(moment.wall + timedelta(microseconds=later), seconds / 86_400, moment.locale)


def _with_minutes(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, m behind hours or before seconds as minutes."""
    dates = [index for index, piece in enumerate(pieces) if piece.kind == "date"]
    found = list(pieces)
    for place, index in enumerate(dates):
        before = pieces[dates[place - 1]].text.lower().strip("[]") if place else ""
        after = pieces[dates[place + 1]].text.lower() if place + 1 < len(dates) else ""
        text = pieces[index].text.lower()
        if text in ("m", "mm") and (before[:1] == "h" or after[:1] == "s"):
            found[index] = Piece("minute", text)
    return found


def _written(moment: Moment, piece: Piece, before: Sequence[Piece], *, is_twelve: bool) -> str:
    match piece.kind:
        case "date" if piece.text.startswith("["):
            return _elapsed(moment, piece.text.strip("[]"))
        case "date":
            return _date_token(moment, piece.text.lower(), is_twelve=is_twelve)
        case "minute":
            return format_moment(moment.wall, piece.text)
        case "half":
            halves = ("A", "P") if len(piece.text) == 3 else ("AM", "PM")
            return halves[moment.wall.hour >= 12]
        case "digit":
            return _fraction_digit(moment, before)
        case _:
            return piece.text


def _date_token(moment: Moment, text: str, *, is_twelve: bool) -> str:
    if text == "mmmmm":
        return format_moment(moment.wall, "MMMM", locale=moment.locale)[:1]
    token = _TOKENS.get(text) or _LONGER[text[0]]
    if is_twelve and text[0] == "h":
        token = token.lower()
    return format_moment(moment.wall, token, locale=moment.locale)


def _elapsed(moment: Moment, text: str) -> str:
    seconds = timedelta(days=moment.days) / timedelta(seconds=1)
    return f"{int(round(seconds, 3) // _ELAPSED_SECONDS[text[0]]):0{len(text)}d}"


def _fraction_digit(moment: Moment, before: Sequence[Piece]) -> str:
    """A digit of the second's fraction, by how many digits stand before it."""
    place = 0
    while place < len(before) and before[-1 - place].kind == "digit":
        place += 1
    return f"{moment.wall.microsecond:06d}"[place : place + 1] or "0"
