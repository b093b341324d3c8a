"""Eras: the counts of years that a calendar has gone through."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Era:
    """A span of days with its own count of years; the year of `since` is number `first_year`."""

    since: date
    until: date
    first_year: int
    name: str
    narrow: str
    short: str


COMMON_ERA = (Era(date.min, date.max, 1, "Anno Domini", "AD", "AD"),)

# Japan took up the Gregorian calendar with the sixth year of Meiji.
JAPANESE_ERAS = (
    Era(date(2019, 5, 1), date.max, 1, "令和", "㋿", "R"),
    Era(date(1989, 1, 8), date(2019, 4, 30), 1, "平成", "㍻", "H"),
    Era(date(1926, 12, 25), date(1989, 1, 7), 1, "昭和", "㍼", "S"),
    Era(date(1912, 7, 30), date(1926, 12, 24), 1, "大正", "㍽", "T"),
    Era(date(1873, 1, 1), date(1912, 7, 29), 6, "明治", "㍾", "M"),
    Era(date.min, date(1872, 12, 31), 1, "西暦", "AD", "AD"),
)
