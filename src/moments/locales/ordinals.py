"""How languages write first, second and third."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ordinals:
    """`write(number, period)` with `period` one of M Q D DDD d w W y; `suffix` is what a reader skips."""

    write: Callable[[int, str], str]
    suffix: str = ""


def always(template: str) -> Ordinals:
    """The same words around every number, which stands at "%"."""
    return Ordinals(lambda number, _: template.replace("%", str(number)), _escaped(template[1:]))


def by_period(suffixes: Mapping[str, str], otherwise: str = "") -> Ordinals:
    """A suffix that hangs on what is counted; `suffixes` maps letters of periods to it: {"M d": "-й"}."""
    table = {period: suffix for periods, suffix in suffixes.items() for period in periods.split()}
    return Ordinals(
        lambda number, period: f"{number}{table.get(period, otherwise)}",
        "|".join(_escaped(suffix) for suffix in suffixes.values()),
    )


def _escaped(suffix: str) -> str:
    return suffix.replace(".", r"\.")


def _english(number: int, _: str) -> str:
    return f"{number}{_by_last_digit(number, {1: 'st', 2: 'nd', 3: 'rd'}, 'th')}"


def _swedish(number: int, _: str) -> str:
    return f"{number}{_by_last_digit(number, {1: ':a', 2: ':a'}, ':e')}"


def _by_last_digit(number: int, suffixes: Mapping[int, str], otherwise: str) -> str:
    is_teen = number % 100 // 10 == 1
    return otherwise if is_teen else suffixes.get(number % 10, otherwise)


def _dutch(number: int, _: str) -> str:
    return f"{number}{'ste' if number in {1, 8} or number >= 20 else 'de'}"


def _french(number: int, period: str) -> str:
    if number == 1:
        return "1re" if period in {"w", "W"} else "1er"
    return str(number) if period == "D" else f"{number}e"


def _french_abroad(number: int, period: str) -> str:
    return f"{number}e" if period == "D" and number > 1 else _french(number, period)


def _catalan(number: int, period: str) -> str:
    suffix = {1: "r", 2: "n", 3: "r", 4: "t"}.get(number, "è")
    return f"{number}{'a' if period in {'w', 'W'} else suffix}"


# The vowel of what is spoken last chooses the suffix (with Moment's slip: 140 goes like 100).
_TURKISH = {
    **dict.fromkeys((1, 5, 8, 70, 80), "'inci"),
    **dict.fromkeys((2, 7, 20, 50), "'nci"),
    **dict.fromkeys((3, 4, 100), "'üncü"),
    6: "'ncı",
    **dict.fromkeys((9, 10, 30), "'uncu"),
    **dict.fromkeys((0, 40, 60, 90), "'ıncı"),
}


def _turkish(number: int, period: str) -> str:
    if period in {"d", "D"}:
        return str(number)
    digit, tens = number % 10, number % 100 // 10 * 10
    spoken_last = digit or (100 if number >= 100 and tens in {0, 40} else tens)
    return f"{number}{_TURKISH[spoken_last]}"


def _bulgarian(number: int, _: str) -> str:
    if number == 0:
        return "0-ев"
    if number % 100 == 0:
        return f"{number}-ен"
    return f"{number}{_by_last_digit(number, {1: '-ви', 2: '-ри', 7: '-ми', 8: '-ми'}, '-ти')}"


def _japanese(number: int, period: str) -> str:
    if period == "y":
        return "元年" if number == 1 else f"{number}年"
    return f"{number}日" if period in {"d", "D", "DDD"} else str(number)


PLAIN = always("%")
POINT = always("%.")
MASCULINE = always("%º")
ENGLISH = Ordinals(_english, "st|nd|rd|th")
SWEDISH = Ordinals(_swedish, ":e|:a")
DUTCH = Ordinals(_dutch, "ste|de")
FRENCH = Ordinals(_french, "er")
FRENCH_ABROAD = Ordinals(_french_abroad, "er|e")
CATALAN = Ordinals(_catalan, "[rntèa]")
TURKISH = Ordinals(_turkish)
BULGARIAN = Ordinals(_bulgarian, "-(?:ев|ен|ти|ви|ри|ми)")
JAPANESE = Ordinals(_japanese, "日")
