"""What each token reads: a regular expression a token, and where its value goes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(slots=True)
class Reading:
    """What has been read of a text so far; None is what no token has filled.

    `weekday` is 0 to 6 from Sunday, `local_weekday` from the first day of the locale's week,
    `iso_weekday` 1 to 7 from Monday; `era` is an index into the locale's; `offset_minutes` is east of UTC;
    `unix_milliseconds` overrules all. A name that no month or weekday has makes the text impossible.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    millisecond: int | None = None
    day_of_year: int | None = None
    week_year: int | None = None
    week: int | None = None
    weekday: int | None = None
    local_weekday: int | None = None
    iso_week_year: int | None = None
    iso_week: int | None = None
    iso_weekday: int | None = None
    meridiem: str | None = None
    era: int | None = None
    offset_minutes: int | None = None
    unix_milliseconds: int | None = None
    is_impossible: bool = False


# A reader puts the text that its expression found into the reading.
Reader = Callable[[Reading, str], None]


def _integer(name: str, *, minus: int = 0) -> Reader:
    return lambda reading, text: setattr(reading, name, int(text) - minus)


def _two_digits(text: str) -> int:
    # Two digits up to 68 are of this century (Moment: parseTwoDigitYear).
    return int(text) + (1900 if int(text) > 68 else 2000)


def _two_digit_year(name: str) -> Reader:
    return lambda reading, text: setattr(reading, name, _two_digits(text))


def _year(reading: Reading, text: str) -> None:
    reading.year = _two_digits(text) if len(text) == 2 else int(text)


def _quarter(reading: Reading, text: str) -> None:
    reading.month = int(text) * 3 - 2


def _hour_to_24(reading: Reading, text: str) -> None:
    reading.hour = 0 if text == "24" else int(text)


def _run_of_digits(*names: str) -> Reader:
    def read(reading: Reading, text: str) -> None:
        for name in reversed(names[1:]):
            setattr(reading, name, int(text[-2:]))
            text = text[:-2]
        setattr(reading, names[0], int(text))

    return read


def _fraction(reading: Reading, text: str) -> None:
    reading.millisecond = int(float(f"0.{text}") * 1000)


def _offset(reading: Reading, text: str) -> None:
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = 0 if text in "Zz" else int(digits[:2]) * 60 + int(digits[2:])
    reading.offset_minutes = -minutes if text[0] == "-" else minutes


def _unix_seconds(reading: Reading, text: str) -> None:
    reading.unix_milliseconds = int(float(text) * 1000)


_1 = "[0-9]"
_1_TO_2 = "[0-9]{1,2}"
_1_TO_3 = "[0-9]{1,3}"
_1_TO_4 = "[0-9]{1,4}"
_1_TO_6 = "[+-]?[0-9]{1,6}"
_ANY_NUMBER = "[0-9]+"
# No date needs more digits, and Python is slow to read thousands of them.
_UNSIGNED = "[0-9]{1,18}"
_SIGNED = "[+-]?[0-9]{1,18}"
_OFFSET = "[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?"

READERS: Mapping[str, tuple[str, Reader]] = {
    "Y": (_SIGNED, _integer("year")),
    "YY": (_1_TO_2, _two_digit_year("year")),
    "YYYY": (_1_TO_4, _year),
    **dict.fromkeys(("YYYYY", "YYYYYY"), (_1_TO_6, _integer("year"))),
    **dict.fromkeys(("y", "yy", "yyy", "yyyy"), (_UNSIGNED, _integer("year"))),
    "Q": (_1, _quarter),
    **dict.fromkeys(("M", "MM"), (_1_TO_2, _integer("month"))),
    **dict.fromkeys(("D", "DD"), (_1_TO_2, _integer("day"))),
    "DDD": (_1_TO_3, _integer("day_of_year")),
    "DDDD": ("[0-9]{3}", _integer("day_of_year")),
    "d": (_1_TO_2, _integer("weekday")),
    "e": (_1_TO_2, _integer("local_weekday")),
    "E": (_1_TO_2, _integer("iso_weekday")),
    **dict.fromkeys(("w", "ww"), (_1_TO_2, _integer("week"))),
    **dict.fromkeys(("W", "WW"), (_1_TO_2, _integer("iso_week"))),
    "gg": (_1_TO_2, _two_digit_year("week_year")),
    "gggg": (_1_TO_4, _integer("week_year")),
    "ggggg": (_1_TO_6, _integer("week_year")),
    "GG": (_1_TO_2, _two_digit_year("iso_week_year")),
    "GGGG": (_1_TO_4, _integer("iso_week_year")),
    "GGGGG": (_1_TO_6, _integer("iso_week_year")),
    **dict.fromkeys(("H", "HH", "h", "hh"), (_1_TO_2, _integer("hour"))),
    **dict.fromkeys(("k", "kk"), (_1_TO_2, _hour_to_24)),
    **dict.fromkeys(("Hmm", "hmm"), ("[0-9]{3,4}", _run_of_digits("hour", "minute"))),
    **dict.fromkeys(("Hmmss", "hmmss"), ("[0-9]{5,6}", _run_of_digits("hour", "minute", "second"))),
    **dict.fromkeys(("m", "mm"), (_1_TO_2, _integer("minute"))),
    **dict.fromkeys(("s", "ss"), (_1_TO_2, _integer("second"))),
    **dict.fromkeys(("S", "SS", "SSS"), (_1_TO_3, _fraction)),
    **{"S" * digits: (_ANY_NUMBER, _fraction) for digits in range(4, 10)},
    **dict.fromkeys(("Z", "ZZ"), (_OFFSET, _offset)),
    "X": (r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,3})?", _unix_seconds),
    "x": (_SIGNED, _integer("unix_milliseconds")),
}
