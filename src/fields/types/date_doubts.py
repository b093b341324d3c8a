"""What a text leaves open of the day that was read in it: its year, which number is the month, and more."""

import re
from datetime import UTC, date, datetime

from fields.cell import Cell
from fields.types.date_formats import DATE_FORMATS
from moments import format_moment

_CLOCK = r"(?i)\b\d{1,2}(?::\d{1,2}){1,2}(?:[.,]\d+)?(?:\s*[ap]\.?m\b\.?)?|\b\d{1,2}\s*[ap]\.?m\b\.?"
_OFFSET = r"(?<=[\d\s])[+-]\d\d:?\d\d\s*$"
_PAIR = r"\s*(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\b"
_NOT_SAID = frozenset({"st", "nd", "rd", "th", "at", "of", "t", "z", "utc", "gmt", "de", "den", "am", "pm"})
_SHORTEST = 3  # letters that tell a name: "Sept" is September
# The formats that say in which order day and month stand; all others leave it to the reader.
_TELLING = (DATE_FORMATS["us"], DATE_FORMATS["european"])


def doubts(text: str, day: date, pattern: str, cell: Cell) -> tuple[str, ...]:
    """Sentences about what the text does not say, or says beyond the day; none for a text without doubt."""
    bare = re.sub(_OFFSET, " ", re.sub(_CLOCK, " ", text))
    numbers, words = re.findall(r"\d+", bare), re.findall(r"[^\W\d_]+", bare)
    has_month, others = _told(words, day, cell)
    found = []
    if not _has_year(numbers, day, has_month=has_month):
        found.append(f"The text says no more than a part of a date; {day} is a guess.")
    elif others or len(numbers) > (2 if has_month else 3):
        found.append("The text says more than a date.")
    if not has_month and pattern not in _TELLING and _is_either_way(bare):
        found.append("Its day and month may be the other way round.")
    return tuple(found)


def _has_year(numbers: list[str], day: date, *, has_month: bool) -> bool:
    """Whether there is a number for the year beside those for the day and, if it is not named, the month."""
    if [len(number) for number in numbers] == [8]:
        return True
    years = {f"{day.year:04}", f"{day.year % 100:02}"}
    return len(numbers) >= (2 if has_month else 3) and not years.isdisjoint(numbers)


def _is_either_way(text: str) -> bool:
    pair = re.match(_PAIR, text)
    return pair is not None and max(map(int, pair.groups())) <= 12 and int(pair[1]) != int(pair[2])


def _told(words: list[str], day: date, cell: Cell) -> tuple[bool, bool]:
    """Whether one of the words names the month, and whether any is neither that nor the weekday."""
    months, weekdays = _names(day, "MMMM MMM", cell), _names(day, "dddd ddd dd", cell)
    folded = [word.casefold() for word in words]
    has_month = any(_is_one_of(word, months) for word in folded)
    known = months | weekdays
    return has_month, any(not _is_one_of(word, known) for word in folded if word not in _NOT_SAID)


def _is_one_of(word: str, names: set[str]) -> bool:
    return word in names or (len(word) >= _SHORTEST and any(name.startswith(word) for name in names))


def _names(day: date, pattern: str, cell: Cell) -> set[str]:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    told = " ".join(
        format_moment(noon, f"{before}{pattern}", locale=locale)
        # Where a day stands before the month, many languages bend its name.
        for locale in {"en", cell.locale}
        for before in ("", "D ")
    )
    return set(re.findall(r"[^\W\d_]+", told.casefold()))
