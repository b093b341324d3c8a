"""How languages part the day: AM and PM, or morning, noon and night."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meridiem:
    """`write(hour, minute, letter)` names the part of the day, `letter` being "a" or "A".

    `pattern` finds such a name in a text, and `hour_of(hour, name)` is the hour of 24 that `hour` of
    twelve means with that name beside it.
    """

    write: Callable[[int, int, str], str]
    pattern: str
    hour_of: Callable[[int, str], int]


def halves(morning: str, afternoon: str, *, pattern: str = "", first_letter: str = "") -> Meridiem:
    """Two halves of the day, in capitals when the letter is a capital.

    A text is an afternoon when it is `afternoon`, or when only `first_letter` of it is asked for.
    """

    def write(hour: int, _minute: int, letter: str) -> str:
        name = afternoon if hour >= 12 else morning
        return name.lower() if letter == "a" else name

    def hour_of(hour: int, name: str) -> int:
        is_afternoon = name.lower().startswith(first_letter.lower() or afternoon.lower())
        return _hour_of_half(hour, is_afternoon=is_afternoon)

    return Meridiem(write, pattern or f"{re.escape(morning)}|{re.escape(afternoon)}", hour_of)


def parts(*spans: tuple[int, str], afternoons: str) -> Meridiem:
    """Parts of the day, each with the time (hour * 100 + minute) before which it ends.

    A name that "a" and "A" write differently is given as "short/long". `afternoons` names, parted by
    "|", those that put twelve hours on top.
    """
    late = frozenset(afternoons.split("|"))

    def hour_of(hour: int, name: str) -> int:
        return _hour_of_half(hour, is_afternoon=name.lower() in late)

    return Meridiem(_writer(spans), _pattern(spans), hour_of)


def parts_with_noon(*spans: tuple[int, str], mornings: str, noon: str) -> Meridiem:
    """Parts of the day of which `noon` reaches from eleven in the morning into the afternoon."""
    early = frozenset(mornings.split("|"))

    def hour_of(hour: int, name: str) -> int:
        hour = 0 if hour == 12 else hour
        is_as_it_stands = name in early or (name == noon and hour >= 11)
        return hour if is_as_it_stands else hour + 12

    return Meridiem(_writer(spans), _pattern(spans), hour_of)


def _writer(spans: tuple[tuple[int, str], ...]) -> Callable[[int, int, str], str]:
    def write(hour: int, minute: int, letter: str) -> str:
        forms = next(name for end, name in spans if hour * 100 + minute < end).split("/")
        return forms[0] if letter == "a" else forms[-1]

    return write


def _pattern(spans: tuple[tuple[int, str], ...]) -> str:
    return "|".join(re.escape(form) for _, name in spans for form in name.split("/"))


def _hour_of_half(hour: int, *, is_afternoon: bool) -> int:
    if is_afternoon:
        return hour + 12 if hour < 12 else hour
    return 0 if hour == 12 else hour


AM_PM = halves("AM", "PM", pattern=r"[ap]\.?m?\.?", first_letter="p")
