"""Excel's functions of characters and words."""

from formula.coercion import text_of
from formula.functions.function import Function, function
from formula.functions.text import within
from formula.numerals import number_from
from formula.scope import Batch
from formula.values import Failed, Items

_SURROGATES = range(0xD800, 0xE000)
_MOST_PERCENTS = 150
"""A hundred to a higher power is no double."""


@function(
    "PROPER", "text", 'PROPER("this is a TITLE") -> "This Is A Title"', 'PROPER("76BudGet") -> "76Budget"'
)
def proper(text: str) -> str:
    """The text with a capital wherever a letter follows no letter, all others small (Excel: PROPER)."""
    return text.title()


@function("EXACT", "text", 'EXACT("word", "Word") -> 0')
def exact(first: str, second: str) -> bool:
    """Whether both are the same text, capitals counted (Excel: EXACT)."""
    return first == second


@function("CHAR", "text", 'CHAR(65) -> "A"')
def char(number: int) -> str:
    """The character with that number, 1 to 255, in Windows-1252 (Excel: CHAR)."""
    if not 1 <= number <= 255:
        raise Failed(f"CHAR takes a number from 1 to 255, not {number}.")
    return bytes([number]).decode("cp1252", "replace").replace("\ufffd", chr(number))


@function("CODE", "text", 'CODE("A") -> 65')
def code(text: str) -> int:
    """The number of the first character in Windows-1252, that of ? where it has none (Excel: CODE)."""
    first = _first("CODE", text)
    return ord(first) if 0x80 <= ord(first) < 0xA0 else first.encode("cp1252", "replace")[0]


@function("UNICHAR", "text", 'UNICHAR(66) -> "B"')
def unichar(number: int) -> str:
    """The character with that number in Unicode (Excel: UNICHAR)."""
    if not 1 <= number <= 0x10FFFF or number in _SURROGATES:
        raise Failed(f"There is no character number {number}.")
    return chr(number)


@function("UNICODE", "text", 'UNICODE("B") -> 66')
def unicode(text: str) -> int:
    """The number of the first character in Unicode (Excel: UNICODE)."""
    return ord(_first("UNICODE", text))


def _first(name: str, text: str) -> str:
    if not text:
        raise Failed(f"{name} takes a text that is not empty.")
    return text[0]


@function("CLEAN", "text", 'CLEAN("a\\tb\\n") -> "ab"')
def clean(text: str) -> str:
    """The text without the characters 0 to 31, which do not print (Excel: CLEAN)."""
    return "".join([character for character in text if character >= " "])


@function("TEXTJOIN", "text", 'TEXTJOIN("-", TRUE(), "a", "", "b") -> "a-b"')
def textjoin(batch: Batch, delimiter: Items, ignore_empty: bool, *texts: Items) -> str:  # noqa: FBT001 - positional in Excel
    """The texts with the delimiter between them, or one of several in turn (Excel: TEXTJOIN)."""
    found = [text_of(item) for items in texts for item in items]
    kept = [text for text in found if text or not ignore_empty]
    between = list(map(text_of, delimiter)) or [""]
    gaps = [between[index % len(between)] for index in range(len(kept) - 1)]
    within(sum(map(len, kept)) + sum(map(len, gaps)), batch.limits)
    return "".join([piece for pair in zip(kept, [*gaps, ""], strict=False) for piece in pair])


@function(
    "NUMBERVALUE", "text", 'NUMBERVALUE("2.500,27", ",", ".") -> 2500.27', 'NUMBERVALUE("3.5%") -> 0.035'
)
def numbervalue(text: str, decimal_separator: str = ".", group_separator: str = ",") -> float:
    """The number in a text with these separators; spaces do not count, each % divides by 100.

    Excel: NUMBERVALUE.
    """
    point, group = decimal_separator[:1], group_separator[:1]
    bare = "".join(text.split())
    digits = bare.rstrip("%")
    whole, _, fraction = digits.partition(point) if point else (digits, "", "")
    number = number_from(f"{whole.replace(group, '') if group else whole}.{fraction}") if digits else 0.0
    if number is None:
        raise Failed(f"{text[:40]!r} is not a number.")
    percents = len(bare) - len(digits)
    if percents > _MOST_PERCENTS:
        raise Failed(f"NUMBERVALUE takes at most {_MOST_PERCENTS} signs of percent.")
    return float(number / 100**percents)


WORDING_FUNCTIONS: tuple[Function, ...] = (
    proper,
    exact,
    char,
    code,
    unichar,
    unicode,
    clean,
    textjoin,
    numbervalue,
)
