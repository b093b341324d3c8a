"""A number written by a section of an Excel format: digits laid into 0, # and ?."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from itertools import takewhile
from math import floor

from formula.functions.extended.format_codes import Piece, Section
from formula.values import Failed

_EMPTY = {"0": "0", "#": "", "?": " "}
"""What a placeholder writes where there is no digit."""

_CONTEXT = Context(prec=700)
"""Enough for the digits of any double and of any format."""

_MOST_DENOMINATOR_DIGITS = 7


def exact(number: float) -> Decimal:
    """The number as Excel shows it, which keeps 15 digits."""
    return Decimal(format(number, ".15g"))


def rounded(number: Decimal, places: int) -> Decimal:
    """The number with that many digits behind the point; a tie goes away from zero."""
    try:
        return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, context=_CONTEXT)
    except InvalidOperation:
        raise Failed("The number has too many digits in this format.") from None


def write_number(number: Decimal, section: Section) -> str:
    """The number without its sign, as the section writes it."""
    pieces = section.pieces
    if section.has("slash"):
        return _fraction(number, pieces)
    number = number.scaleb(2 * sum(piece.kind == "percent" for piece in pieces))
    if section.has("exponent"):
        return _scientific(number, pieces)
    whole, fraction = _halves(pieces)
    number = number.scaleb(-3 * _trailing_commas(whole, fraction))
    return _plain(number, whole, fraction, grouped=_is_grouped(whole))


def general(number: float) -> str:
    """The number in eleven characters at most, as a cell without a format shows it."""
    value = abs(exact(number))
    sign = "-" if number < 0 else ""
    if value and not Decimal("1e-4") <= value < Decimal("1e11"):
        mantissa, _, exponent = f"{value:.5E}".partition("E")
        return f"{sign}{mantissa.rstrip('0').rstrip('.')}E{int(exponent):+03d}"
    whole = len(str(int(value)))
    text = f"{rounded(value, max(0, 10 - whole)):f}"
    return sign + (text.rstrip("0").rstrip(".") if "." in text else text)


def _halves(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """The pieces before the point, and those from it on."""
    whole = list(takewhile(lambda piece: piece.kind != "point", pieces))
    return whole, list(pieces[len(whole) :])


def _trailing_commas(whole: Sequence[Piece], fraction: Sequence[Piece]) -> int:
    """How often the number is divided by a thousand: once for each comma behind the last digit of a half."""
    return sum(_behind_digits(half) for half in (whole, fraction))


def _behind_digits(pieces: Sequence[Piece]) -> int:
    last = max((index for index, piece in enumerate(pieces) if piece.kind == "digit"), default=None)
    if last is None:
        return 0
    return sum(1 for _ in takewhile(lambda piece: piece.kind == "comma", pieces[last + 1 :]))


def _is_grouped(whole: Sequence[Piece]) -> bool:
    """Whether a comma stands between digits, which separates thousands."""
    letters = "".join(piece.kind[0] for piece in whole if piece.kind in ("digit", "comma"))
    return re.search("dc+d", letters) is not None


def _plain(number: Decimal, whole: Sequence[Piece], fraction: Sequence[Piece], *, grouped: bool) -> str:
    places = sum(piece.kind == "digit" for piece in fraction)
    text = f"{rounded(number, places):f}"
    digits, _, behind = text.partition(".")
    return _whole(digits.lstrip("0"), whole, grouped=grouped) + _behind(behind, fraction)


def _whole(digits: str, pieces: Sequence[Piece], *, grouped: bool) -> str:
    """The digits before the point, laid in from the right; the first placeholder takes all that are left."""
    left = sum(piece.kind == "digit" for piece in pieces)
    written: list[str] = []
    place = 0
    for piece in reversed(pieces):
        if piece.kind != "digit":
            written.append(_mark(piece))
            continue
        left -= 1
        count = max(1, len(digits) - place) if left == 0 else 1
        for _ in range(count):
            digit = digits[-1 - place] if place < len(digits) else _EMPTY[piece.text]
            written.append(f"{digit}," if grouped and digit.isdigit() and place % 3 == 0 and place else digit)
            place += 1
    return "".join(reversed(written))


def _behind(digits: str, pieces: Sequence[Piece]) -> str:
    """The point and the digits behind it; zeros at the end stand only in a 0."""
    significant = len(digits.rstrip("0"))
    written: list[str] = []
    place = 0
    for piece in pieces:
        if piece.kind == "digit":
            written.append(digits[place] if place < significant else _EMPTY[piece.text])
            place += 1
        else:
            written.append("." if piece.kind == "point" else _mark(piece))
    return "".join(written)


def _mark(piece: Piece) -> str:
    return "" if piece.kind == "comma" else piece.text


def _scientific(number: Decimal, pieces: Sequence[Piece]) -> str:
    """A mantissa with so many digits before the point, and an exponent that is a multiple of their count."""
    index = next(index for index, piece in enumerate(pieces) if piece.kind == "exponent")
    whole, fraction = _halves(pieces[:index])
    step = max(1, sum(piece.kind == "digit" for piece in whole))
    places = sum(piece.kind == "digit" for piece in fraction)
    exponent = number.adjusted() // step * step if number else 0
    if rounded(number.scaleb(-exponent), places) >= Decimal(10) ** step:
        exponent += step
    mantissa = _plain(number.scaleb(-exponent), whole, fraction, grouped=False)
    sign = "-" if exponent < 0 else "+" if pieces[index].text[1] == "+" else ""
    return f"{mantissa}E{sign}{_whole(str(abs(exponent)), pieces[index + 1 :], grouped=False)}"


def _fraction(number: Decimal, pieces: Sequence[Piece]) -> str:
    """A whole number and a fraction, "# ?/?", or a fraction alone, "?/?"; "# ?/8" fixes the denominator."""
    slash = next(index for index, piece in enumerate(pieces) if piece.kind == "slash")
    above = slash - sum(1 for _ in takewhile(lambda piece: piece.kind == "digit", reversed(pieces[:slash])))
    below = pieces[slash + 1 :]
    before, numerator = pieces[:above], pieces[above:slash]
    has_whole = any(piece.kind == "digit" for piece in before)
    value = _nearest(Fraction(number), below)
    whole, part = divmod(value.numerator, value.denominator) if has_whole else (0, value.numerator)
    denominator, rest = _denominator(value.denominator, below)
    if has_whole and part and value.denominator != int(denominator or 1):
        part = part * int(denominator) // value.denominator
    head = _whole(str(whole) if whole or not part else "", before, grouped=False)
    tail = f"{_whole(str(part), numerator, grouped=False)}/{denominator}{rest}"
    if has_whole and not part:
        return head + " " * len(tail)
    return head + tail


def _nearest(number: Fraction, below: Sequence[Piece]) -> Fraction:
    fixed = "".join(piece.text for piece in takewhile(lambda piece: piece.text.isdigit(), below))
    if fixed.strip("0"):
        return Fraction(floor(number * int(fixed) + Fraction(1, 2)), int(fixed))
    digits = sum(1 for _ in takewhile(lambda piece: piece.kind == "digit", below))
    return _convergent(number, 10 ** min(max(digits, 1), _MOST_DENOMINATOR_DIGITS) - 1)


def _convergent(number: Fraction, most: int) -> Fraction:
    """The last convergent of the continued fraction whose denominator is not larger.

    It is not always the nearest fraction, but the one that Excel shows: 123.456 is 123 1/2, not 123 4/9.
    """
    (above, below), (higher, lower) = (0, 1), (1, 0)
    rest, divisor = number.numerator, number.denominator
    while divisor:
        whole, left = divmod(rest, divisor)
        if whole * lower + below > most:
            break
        (above, below), (higher, lower) = (higher, lower), (whole * higher + above, whole * lower + below)
        rest, divisor = divisor, left
    return Fraction(higher, lower)


def _denominator(denominator: int, below: Sequence[Piece]) -> tuple[str, str]:
    """The denominator as the format writes it, and what stands behind it."""
    fixed = "".join(piece.text for piece in takewhile(lambda piece: piece.text.isdigit(), below))
    count = sum(1 for _ in takewhile(lambda piece: piece.kind == "digit", below))
    if fixed.strip("0"):
        return fixed, "".join(_mark(piece) for piece in below[len(fixed) :])
    text = str(denominator)
    padding = "".join(_EMPTY[piece.text] for piece in below[len(text) : count])
    return text + padding.replace("0", " "), "".join(_mark(piece) for piece in below[count:])
